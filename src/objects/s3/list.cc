#include <algorithm>

#include "base/encoding.h"
#include "objects/s3/list_parser.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {
namespace {

constexpr std::uint64_t listing_size_max = 16 << 20;

// Our token is the server's behind the version of the protocol that gave it: a listing may be gone
// on with after a restart, when the store does not know yet which one works.
constexpr char version_1_mark = '1';
constexpr char version_2_mark = '2';
constexpr char after_mark = 'a';  // no token: the key that the page before ended with

// Refused, or answered as if list-type had not been sent: truncated, without a token.
bool is_list_v2_unknown(const Error& error) {
  return error.code == ErrorCode::unsupported || error.code == ErrorCode::invalid_argument ||
         error.code == ErrorCode::data_corrupted;
}

// The name that nothing of the page is behind: of a prefix, one behind all that begins with it.
[[gnu::cold]] std::string last_name(const Listing& listing) {
  constexpr std::string_view greatest_character = "\xf4\x8f\xbf\xbf";
  const std::string& key = listing.objects.empty() ? std::string() : listing.objects.back().key;
  if (listing.prefixes.empty() || key > listing.prefixes.back()) return key;
  return listing.prefixes.back() + std::string(greatest_character);
}

}  // namespace

Async<Result<ListPage>> S3Store::list(ListRequest request) {
  return list_names(std::move(request), nullptr);
}

Async<Result<LevelPage>> S3Store::list_level(LevelRequest request) {
  ListRequest listing;
  listing.prefix = std::move(request.prefix);
  listing.continuation_token = std::move(request.token);
  listing.page_size = request.page_size;
  std::vector<std::string> prefixes;
  auto page = co_await list_names(std::move(listing), &prefixes);
  if (!page) co_return page.error();
  LevelPage level;
  for (ObjectInfo& object : page->objects)
    level.entries.push_back({.is_prefix = false, .object = std::move(object)});
  for (std::string& prefix : prefixes) {
    LevelEntry& entry = level.entries.emplace_back();
    entry.is_prefix = true;
    entry.object.key = std::move(prefix);
  }
  std::ranges::sort(level.entries, {},
                    [](const LevelEntry& entry) -> const std::string& { return entry.object.key; });
  if (page->truncated) level.next_token = std::move(page->next_token);
  co_return level;
}

// `prefixes`: what the names of deeper levels begin with goes there instead of them; null: there is
// one level.
Async<Result<ListPage>> S3Store::list_names(ListRequest request,
                                            std::vector<std::string>* prefixes) {
  if (!request.continuation_token.empty()) {
    const char mark = request.continuation_token.front();
    request.continuation_token.erase(0, 1);
    if (mark == after_mark) {
      request.start_after = std::exchange(request.continuation_token, {});
      co_return co_await list_page(std::move(request), requester_.endpoint().list_v2(), prefixes);
    }
    co_return co_await list_page(std::move(request), mark == version_2_mark, prefixes);
  }
  if (!requester_.endpoint().list_v2())
    co_return co_await list_page(std::move(request), false, prefixes);
  auto page = co_await list_page(request, true, prefixes);
  // A vendor that is known to have it means what it says.
  if (page || requester_.endpoint().vendor().name != "generic" || !is_list_v2_unknown(page.error()))
    co_return page;
  auto version_1 = co_await list_page(std::move(request), false, prefixes);
  if (!version_1) co_return page;
  requester_.endpoint().list_v2_is_unsupported();
  co_return version_1;
}

Async<Result<ListPage>> S3Store::list_page(ListRequest request, bool version_2,
                                           std::vector<std::string>* prefixes) {
  Request http{.method = "GET", .counter = &RequestCounters::list};
  http.query = {{"encoding-type", "url"},
                {"max-keys", std::to_string(std::clamp<std::uint32_t>(request.page_size, 1,
                                                                      limits().list_page_max))},
                {"prefix", request.prefix}};
  if (prefixes) http.query.emplace_back("delimiter", "/");
  if (version_2) {
    http.query.emplace_back("list-type", "2");
    if (!request.continuation_token.empty()) {
      http.query.emplace_back("continuation-token", request.continuation_token);
    } else if (!request.start_after.empty()) {
      http.query.emplace_back("start-after", request.start_after);
    }
  } else {
    const std::string& marker =
        request.continuation_token.empty() ? request.start_after : request.continuation_token;
    if (!marker.empty()) http.query.emplace_back("marker", marker);
  }
  http.pooled_size = listing_size_max;
  auto answer = co_await requester_.ask(http, listing_size_max);
  if (!answer) co_return answer.error();
  auto listing =
      parse_listing(answer->text(), request.take_spare(),
                    requester_.endpoint().encodes_listings_falsely() ? KeyEncoding::none
                                                                     : KeyEncoding::announced);
  if (!listing) {
    const bool has_words = is_error_document(answer->text()) || is_page(answer->text());
    if (has_words) co_return requester_.wrong_document(http, answer->response, answer->text(), "");
    co_return listing.error().with_context("GET " + describe());
  }
  if (listing->encoded_falsely) requester_.endpoint().learn_false_encoding();
  requester_.endpoint().learn_signs(answer->response,
                                    listing->objects.empty() ? nullptr : &listing->objects.front());
  ListPage page;
  page.truncated = listing->truncated;
  page.end_told = listing->end_told;
  if (!page.end_told &&
      listing->objects.size() + listing->prefixes.size() >=
          std::clamp<std::uint32_t>(request.page_size, 1, limits().list_page_max)) {
    // A full page that does not say whether it is the last: what follows its last key shows.
    page.truncated = true;
    page.next_token = after_mark + last_name(*listing);
  } else if (page.truncated) {
    if (version_2) {
      page.next_token = std::move(listing->next_continuation_token);
    } else {
      page.next_token = std::move(listing->next_marker);
      // Without a delimiter the last key is the marker.
      if (page.next_token.empty()) page.next_token = last_name(*listing);
    }
    if (page.next_token.empty()) {
      co_return requester_.wrong_answer(
          http, ErrorCode::data_corrupted,
          "the listing is truncated but does not say where it continues");
    }
    page.next_token.insert(page.next_token.begin(), version_2 ? version_2_mark : version_1_mark);
  }
  page.objects = std::move(listing->objects);
  if (prefixes) *prefixes = std::move(listing->prefixes);
  co_return page;
}

}  // namespace dth::objects::s3
