#include "plugins/object_copy/copy/absence.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include "base/encoding.h"
#include "objects/etag.h"
#include "plugins/object_copy/rules/awkward_name.h"
#include "plugins/object_copy/rules/normal_forms.h"

namespace dth::object_copy {
namespace {

constexpr std::uint32_t page_keys = 100;
constexpr int pages_max = 100;  // pages may be empty

std::string with(std::string text, char from, char to) {
  std::replace(text.begin(), text.end(), from, to);
  return text;
}

// Up to the first thing that may stand for characters that the listing could not write.
std::size_t certain_size(const std::string& key) {
  std::size_t size = std::min({key.size(), key.find("\xEF\xBF\xBD"), key.find('?')});
  while (size > 0 && !is_valid_utf8(std::string_view(key).substr(0, size))) --size;
  return size;
}

// What a key may be called, or begin with, at a server that lists it as `key` because it encodes
// names without saying so, or says so and does not, or puts U+FFFD or ? in place of what it cannot
// write. At most five names.
std::vector<std::string> other_names(const std::string& key) {
  std::vector<std::string> names;
  const auto add = [&](std::optional<std::string> name) {
    const bool known =
        !name || *name == key || std::find(names.begin(), names.end(), *name) != names.end();
    if (!known) names.push_back(std::move(*name));
  };
  add(percent_decode(key));
  add(percent_decode(with(key, '+', ' ')));
  add(percent_encode(key, true));
  add(with(key, ' ', '+'));
  if (const std::size_t end = certain_size(key); end < key.size()) add(key.substr(0, end));
  return names;
}

bool is_ascending(const std::vector<objects::ObjectInfo>& page) {
  return std::is_sorted(page.begin(), page.end(),
                        [](const auto& a, const auto& b) { return a.key < b.key; });
}

// Is `key` among what the store lists under `prefix`? In byte order, the first key is the prefix
// itself, if there is one.
Async<Result<bool>> is_listed_under(objects::ObjectStore* store, std::string prefix,
                                    const std::string* key) {
  objects::ListRequest request;
  request.prefix = std::move(prefix);
  request.page_size = std::min(page_keys, store->limits().list_page_max);
  for (int page = 0; page < pages_max; ++page) {
    auto listed = co_await store->list(request);
    if (listed.has_error()) co_return listed.error();
    const auto& objects = listed->objects;
    if (std::any_of(objects.begin(), objects.end(),
                    [&](const auto& object) { return object.key == *key; }))
      co_return true;
    // What lies in a folder that cannot be read may be there or not.
    const auto hiding = std::find_if(objects.begin(), objects.end(),
                                     [&](const auto& object) { return object.hides(*key); });
    if (hiding != objects.end()) {
      co_return Error{ErrorCode::permission_denied,
                      "\"" + printable(hiding->hidden()) + "\" " + std::string(hiding->obstacle) +
                          ", so nobody knows whether it holds the object",
                      ""};
    }
    const bool passed = !objects.empty() && is_ascending(objects);
    if (!listed->truncated || passed) co_return false;
    request.continuation_token = std::move(listed->next_token);
  }
  co_return Error{ErrorCode::unavailable,
                  "the listing of the key '" + printable(*key) + "' does not end", ""};
}

bool cannot_list(const Error& error) {
  return error.code == ErrorCode::permission_denied || error.code == ErrorCode::unsupported ||
         error.code == ErrorCode::invalid_argument;
}

// The folder of a key, as far as no store changes its name.
std::string certain_folder(const std::string& key) {
  std::size_t end = 0;
  for (std::size_t slash = key.find('/'); slash != key.npos; slash = key.find('/', slash + 1)) {
    if (is_awkward_name(std::string_view(key).substr(end, slash - end))) break;
    end = slash + 1;
  }
  return key.substr(0, end);
}

// A key shortly before this one, in byte order.
std::string key_before(std::string key) {
  const auto last = static_cast<unsigned char>(key.back());
  key.pop_back();
  if (last > 0x21 && last < 0x7f) return key + static_cast<char>(last - 1) + '~';
  while (!key.empty() && !is_valid_utf8(key)) key.pop_back();
  return key;
}

std::string in_one_case(std::string text, int (*convert)(int)) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x80) c = static_cast<char>(convert(c));
  }
  return text;
}

std::string as_compared(const std::string& key) { return in_one_case(compose(key), std::tolower); }

// Is the key in the page, or the object of that ETag under a name that differs little?
bool has_similar(const std::vector<objects::ObjectInfo>& page, const std::string& key,
                 const std::string& etag) {
  return std::any_of(page.begin(), page.end(), [&](const objects::ObjectInfo& object) {
    return object.key == key || (objects::is_same_etag(object.etag, etag) &&
                                 as_compared(object.key) == as_compared(key));
  });
}

// What names begin with that differ from the key in case or in Unicode's normal form only. At most
// seven: all of it in one case or form, and its last components up to their first letter in the
// other case.
std::vector<std::string> similar_names(const std::string& key) {
  std::vector<std::string> names;
  const auto add = [&](std::string name) {
    if (name != key && std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(std::move(name));
  };
  add(in_one_case(key, std::tolower));
  add(in_one_case(key, std::toupper));
  add(decompose(key));
  add(compose(key));
  std::size_t begin = key.size();
  for (int components = 0; components < 3 && begin > 0; ++components) {
    const std::size_t slash = begin > 1 ? key.rfind('/', begin - 2) : key.npos;
    begin = slash == key.npos ? 0 : slash + 1;
    const std::string name = key.substr(0, begin) + with_case_swapped(key.substr(begin, 1));
    if (!key.starts_with(name)) add(name);
  }
  return names;
}

// Is the object listed under a name that differs in case or in Unicode's normal form only, or the
// key where such a name is looked for? The listing that named the key was that of a store, or of
// something before it, that changes names.
Async<Result<bool>> is_listed_similarly(objects::ObjectStore* store, std::string key,
                                        std::string etag) {
  const std::vector<std::string> names = similar_names(key);
  for (const std::string& name : names) {
    objects::ListRequest request;
    request.prefix = name;
    request.page_size = store->limits().list_page_max;
    auto page = co_await store->list(std::move(request));
    if (page.has_error() && cannot_list(page.error())) continue;  // such a prefix
    if (page.has_error()) co_return page.error();
    if (has_similar(page->objects, key, etag)) co_return true;
  }
  // What is listed around the key, as far as its name is a little other.
  objects::ListRequest request;
  request.prefix = certain_folder(key);
  request.start_after = key.substr(0, key.size() - 1);
  while (!is_valid_utf8(request.start_after)) request.start_after.pop_back();
  if (request.start_after.size() <= request.prefix.size()) request.start_after.clear();
  request.page_size = store->limits().list_page_max;
  auto page = co_await store->list(std::move(request));
  if (page.has_error() && cannot_list(page.error())) co_return false;
  if (page.has_error()) co_return page.error();
  co_return has_similar(page->objects, key, etag);
}

// Does the listing of its folder have it? A store that changes names changes prefixes as well, so a
// listing of exactly this key may be empty although others show it. False where that cannot be
// found out.
Async<Result<bool>> is_listed_in_folder(objects::ObjectStore* store, std::string key) {
  objects::ListRequest request;
  request.prefix = certain_folder(key);
  request.start_after = key_before(key);
  request.page_size = std::min(page_keys, store->limits().list_page_max);
  auto page = co_await store->list(std::move(request));
  if (page.has_error() && cannot_list(page.error())) co_return false;
  if (page.has_error()) co_return page.error();
  co_return std::any_of(page->objects.begin(), page->objects.end(),
                        [&](const auto& object) { return object.key == key; });
}

Error listed_but_missing(const Error& refusal) {
  return Error{ErrorCode::internal, ErrorReason::listed_but_missing,
               "the store lists the object and answers that it has no such object, so its listings "
               "cannot be relied on (some "
               "servers list names other than those they take). A sync deletes nothing in this "
               "run. Report it to the operator of "
               "the store",
               refusal.to_string()};
}

// Where listings are refused: the first byte, whose refusal has words.
Async<Result<bool>> ask_for_first_byte(objects::ObjectStore* store, std::string key,
                                       std::string version, Error refusal) {
  objects::GetRequest request;
  request.key = std::move(key);
  request.version_id = std::move(version);
  request.range = objects::ByteRange{0, 1};
  auto got = co_await store->get(std::move(request));
  if (got.has_value()) co_return listed_but_missing(refusal);
  if (says_no_such_object(got.error())) co_return true;
  co_return got.error();
}

}  // namespace

bool says_no_such_object(const Error& error) {
  return error.reason == ErrorReason::object_missing ||
         error.reason == ErrorReason::version_missing;
}

bool may_mean_no_such_object(const Error& error) {
  return error.code == ErrorCode::not_found &&
         (says_no_such_object(error) || error.reason == ErrorReason::unconfirmed_absence);
}

Async<Result<bool>> is_listed(objects::ObjectStore* store, std::string key) {
  auto listed = co_await is_listed_under(store, key, &key);
  if (listed.has_error() || *listed) co_return listed;
  for (std::string& name : other_names(key)) {
    listed = co_await is_listed_under(store, std::move(name), &key);
    if (listed.has_error() || *listed) co_return listed;
  }
  co_return false;
}

Async<Result<bool>> is_listed_as(objects::ObjectStore* store, std::string key, std::string etag,
                                 Error refusal) {
  if (refusal.reason != ErrorReason::foreign_answer) co_return false;
  objects::ListRequest request;
  request.prefix = key;
  auto page = co_await store->list(std::move(request));
  if (page.has_error() && !cannot_list(page.error())) co_return page.error();
  for (std::size_t i = 0; page.has_value() && i < page->objects.size(); ++i) {
    const objects::ObjectInfo& object = page->objects[i];
    if (object.key == key) co_return objects::is_same_etag(object.etag, etag);
  }
  if (page.has_value() && !page->truncated) co_return false;  // it is gone, or another one by now
  co_return Error{ErrorCode::unavailable, ErrorReason::foreign_answer,
                  "the answer has another ETag than the object had in the listing, and a listing "
                  "asked for now does not tell whether it was replaced; allow the listing of "
                  "this key, or run again",
                  refusal.to_string()};
}

Async<Result<bool>> confirm_absence(objects::ObjectStore* store, std::string key,
                                    std::string version, Error refusal, std::string etag) {
  if (!may_mean_no_such_object(refusal)) co_return refusal;
  // What the file system has not got under a name, nothing lists under it.
  if (says_no_such_object(refusal) && (!version.empty() || store->limits().keys_are_paths))
    co_return true;
  if (!version.empty()) {
    co_return co_await ask_for_first_byte(store, std::move(key), std::move(version),
                                          std::move(refusal));
  }
  auto listed = co_await is_listed(store, key);
  if (listed.has_error() && cannot_list(listed.error())) {
    if (says_no_such_object(refusal)) co_return true;
    co_return co_await ask_for_first_byte(store, std::move(key), "", std::move(refusal));
  }
  if (listed.has_value() && !*listed) listed = co_await is_listed_in_folder(store, key);
  if (listed.has_value() && !*listed && !etag.empty())
    listed = co_await is_listed_similarly(store, std::move(key), std::move(etag));
  if (listed.has_error()) co_return listed.error();
  if (*listed) co_return listed_but_missing(refusal);
  co_return true;
}

Async<Result<objects::ObjectHead>> head_for_certain(objects::ObjectStore* store, std::string key,
                                                    std::string version, std::string etag) {
  for (int looks_left = 1;; --looks_left) {
    auto head = co_await store->head(key, version);
    if (head.has_value() || !may_mean_no_such_object(head.error())) co_return head;
    Error missing = head.error();
    auto gone = co_await confirm_absence(store, key, version, std::move(head.error()), etag);
    if (gone.has_value()) {
      if (!says_no_such_object(missing))
        missing.reason =
            version.empty() ? ErrorReason::object_missing : ErrorReason::version_missing;
      co_return missing;
    }
    if (gone.error().reason != ErrorReason::listed_but_missing || looks_left == 0)
      co_return gone.error();
  }
}

}  // namespace dth::object_copy
