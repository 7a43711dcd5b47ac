#include "control/endpoints/endpoint_browser.h"

namespace dth::control {
namespace {

using Kind = BrowseEntry::Kind;

constexpr std::chrono::seconds page_answer_time_max{15};

// What is listed: of a store with buckets, which one, and what its keys begin with.
struct Place {
  std::string shown = {};   // before each key, in paths
  std::string bucket = {};  // empty with a server: the buckets are listed
  std::string level = {};   // empty, or ending in a slash
};

Error no_path(std::string_view why) {
  return {ErrorCode::invalid_argument, "path: " + std::string(why), ""};
}

Result<Place> place_of(const BrowseRequest& request) {
  Place place;
  std::string rest = request.path;
  if (!rest.empty() && !rest.ends_with('/')) rest += '/';
  if (!request.has_server) {
    place.shown = "/";
    if (rest.starts_with('/')) rest.erase(0, 1);
    place.level = std::move(rest);
    return place;
  }
  if (rest.empty()) return place;
  const std::size_t slash = rest.find('/');
  if (slash == 0) return no_path("it begins with a slash. Write it as bucket/prefix/.");
  place.bucket = rest.substr(0, slash);
  place.shown = place.bucket + "/";
  place.level = rest.substr(slash + 1);
  return place;
}

std::string without_slash(std::string name) {
  if (name.size() > 1 && name.ends_with('/')) name.pop_back();
  return name;
}

BrowsePage buckets_page(objects::BucketPage listed) {
  BrowsePage page;
  page.next_token = std::move(listed.next_token);
  for (objects::BucketInfo& bucket : listed.buckets) {
    BrowseEntry entry{.kind = Kind::bucket, .name = bucket.name, .path = bucket.name + "/"};
    entry.modified = bucket.created;
    page.entries.push_back(std::move(entry));
  }
  return page;
}

BrowsePage level_page(const Place& place, objects::LevelPage listed) {
  BrowsePage page;
  page.path = place.shown + place.level;
  page.next_token = std::move(listed.next_token);
  for (objects::LevelEntry& found : listed.entries) {
    objects::ObjectInfo& object = found.object;
    // The level itself, where an object stands for it; and what lies elsewhere.
    if (object.key.size() <= place.level.size() || !object.key.starts_with(place.level)) continue;
    BrowseEntry entry{.kind = found.is_prefix ? Kind::prefix : Kind::object,
                      .name = object.key.substr(place.level.size()),
                      .path = place.shown + object.key};
    if (found.is_prefix) entry.name = without_slash(std::move(entry.name));
    entry.size = object.size;
    entry.modified = object.last_modified;
    entry.storage_class = std::move(object.storage_class);
    page.entries.push_back(std::move(entry));
  }
  return page;
}

objects::StoreRequest store_request(const BrowseRequest& request, const std::string& bucket) {
  objects::StoreRequest opened;
  opened.endpoint = request.endpoint;
  opened.owner = {.name = "endpoint", .option_prefix = ""};
  opened.bucket = bucket;
  opened.read_only = true;
  opened.answer_timeout = page_answer_time_max;
  return opened;
}

}  // namespace

Async<Result<BrowsePage>> browse_endpoint(objects::LaneOpener& lane, BrowseRequest request) {
  auto place = place_of(request);
  if (place.has_error()) co_return place.error();
  const objects::StoreRequest opened = store_request(request, place->bucket);
  auto client = lane.open_client(opened);
  if (client.has_error()) co_return client.error();
  if (request.has_server && place->bucket.empty()) {
    objects::BucketRequest asked;
    asked.prefix = request.search;
    asked.token = request.token;
    asked.page_size = request.count;
    auto listed = co_await (*client)->list_buckets(std::move(asked));
    if (listed.has_error()) co_return listed.error();
    co_return buckets_page(std::move(*listed));
  }
  objects::LevelRequest asked;
  asked.bucket = place->bucket;
  asked.prefix = place->level + request.search;
  asked.token = request.token;
  asked.page_size = request.count;
  if (request.search.find('/') != std::string::npos)
    co_return no_path("a search is the beginning of one name, without a slash.");
  auto listed = co_await (*client)->list_level(std::move(asked));
  if (listed.has_error()) co_return listed.error();
  co_return level_page(*place, std::move(*listed));
}

}  // namespace dth::control
