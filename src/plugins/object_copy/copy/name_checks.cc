#include "plugins/object_copy/copy/name_checks.h"

#include "base/encoding.h"
#include "objects/etag.h"
#include "plugins/object_copy/job_errors.h"
#include "plugins/object_copy/rules/awkward_name.h"
#include "plugins/object_copy/rules/folding.h"

namespace dth::object_copy {
namespace {

constexpr std::uint32_t names_listed_max = 100;

Error changed_name(const std::string& what, const std::string& advice) {
  return Error{ErrorCode::unsupported, ErrorReason::name_not_kept,
               "the destination does not keep this name: " + what + ". " + advice, ""};
}

}  // namespace

Async<Result<void>> NameChecks::check_name_is_free(CopyAttempt* attempt) {
  const std::string key = lane_.options.destination_key_of(attempt->item.key);
  auto present = co_await lane_.destination->head(key, "");
  if (present.has_error() && present.error().code != ErrorCode::not_found)
    co_return present.error();
  if (present.has_error()) {
    attempt->item.set_destination_absent();
    co_return Result<void>();
  }
  auto listed = co_await find_own(key, present->info.etag);
  if (listed.has_error()) co_return listed.error();
  const Item& item = attempt->item;
  const bool was_there = !item.destination_etag.empty() || item.replaces_unknown;
  const bool is_known = !item.destination_etag.empty() && !listed->etag.empty();
  const bool is_as_listed =
      was_there && (!is_known || objects::is_same_etag(listed->etag, item.destination_etag));
  if (item.state != ItemState::listed || is_as_listed) co_return Result<void>();
  if (!attempt->wrote) co_return written_by_another(listed->etag);
  attempt->item.set_destination(listed->etag);
  co_return Result<void>();
}

Async<Result<NameChecks::ListedName>> NameChecks::find_own(std::string key, std::string etag) {
  auto listed = co_await find_listed(key, "");
  if (listed.has_error() || listed->exact) co_return listed;
  auto name = co_await find_made_name(key, etag);
  if (name.has_error()) co_return name.error();
  const std::string what =
      name->empty() ? "an object that is listed under another one" : printable(*name);
  co_return changed_name(
      "it answers with " + what,
      "Nothing was written. Copy to another destination, or rename the object at the source");
}

Async<Result<void>> NameChecks::check_name_was_kept(std::string key, std::string etag) {
  auto listed = co_await find_listed(key, etag);
  if (listed.has_error()) co_return listed.error();
  if (listed->exact) co_return Result<void>();
  auto name = co_await find_made_name(key, etag);
  if (name.has_error()) co_return name.error();
  const std::string what = name->empty()
                               ? "the object was written, and is not listed under it"
                               : "the object was written, and is listed as " + printable(*name);
  co_return changed_name(
      what, "It was left there. Copy to another destination, or rename the object at the source");
}

Async<Result<NameChecks::ListedName>> NameChecks::find_listed(std::string prefix,
                                                              std::string etag) {
  objects::ListRequest request;
  request.prefix = prefix;
  request.page_size = names_listed_max;
  auto page = co_await lane_.destination->list(std::move(request));
  if (page.has_error()) co_return page.error();
  ListedName found;
  for (const objects::ObjectInfo& object : page->objects) {
    if (object.key == prefix) {
      found.exact = true;
      found.etag = object.etag;
    } else if (!etag.empty() && objects::is_same_etag(object.etag, etag) && found.other.empty()) {
      found.other = object.key;
    }
  }
  co_return found;
}

// The key under which the store lists what was written as `key`; empty where that cannot be found
// out.
Async<Result<std::string>> NameChecks::find_made_name(std::string key, std::string etag) {
  for (std::string name : changed_names(key)) {
    auto listed = co_await find_listed(name, "");
    if (listed.has_error()) co_return listed.error();
    if (listed->exact && (etag.empty() || objects::is_same_etag(listed->etag, etag)))
      co_return name;
  }
  const std::string stem(before_foldable(before_unprintable(key)));
  if (stem.size() == key.size()) co_return std::string();
  auto listed = co_await find_listed(stem, etag);
  if (listed.has_error()) co_return listed.error();
  co_return listed->other;
}

}  // namespace dth::object_copy
