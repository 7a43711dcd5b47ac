#include <algorithm>

#include <pugixml.hpp>

#include "objects/s3/listed_time.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {
namespace {

constexpr std::uint64_t buckets_size_max = 4 << 20;

// Our token: the store's own, or the name that the page before ended with, where the store answers
// with all of them at once.
constexpr char store_mark = 't';
constexpr char name_mark = 'n';

BucketInfo read_bucket(const pugi::xml_node& node) {
  BucketInfo bucket{.name = node.child_value("Name")};
  if (const auto time = parse_listed_time(node.child_value("CreationDate"))) bucket.created = *time;
  return bucket;
}

// The page of those that a store sent all at once.
BucketPage take_page(std::vector<BucketInfo> all, const BucketRequest& request) {
  const std::string after = request.token.empty() ? "" : request.token.substr(1);
  std::erase_if(all, [&](const BucketInfo& bucket) {
    return !bucket.name.starts_with(request.prefix) || bucket.name <= after;
  });
  std::ranges::sort(all, {}, &BucketInfo::name);
  BucketPage page;
  if (all.size() > request.page_size) {
    all.resize(request.page_size);
    page.next_token = name_mark + all.back().name;
  }
  page.buckets = std::move(all);
  return page;
}

}  // namespace

Async<Result<BucketPage>> S3Store::list_buckets(BucketRequest request) {
  request.page_size = std::clamp<std::uint32_t>(request.page_size, 1, 1000);
  Request http{.method = "GET", .counter = &RequestCounters::other};
  const bool pages = requester_.endpoint().vendor().pages_buckets;
  if (pages) {
    http.query = {{"max-buckets", std::to_string(request.page_size)}};
    if (!request.prefix.empty()) http.query.emplace_back("prefix", request.prefix);
    if (request.token.starts_with(store_mark))
      http.query.emplace_back("continuation-token", request.token.substr(1));
  }
  auto answer = co_await requester_.ask(http, buckets_size_max);
  if (!answer) co_return answer.error();
  pugi::xml_document document;
  const bool parsed = document.load_buffer(answer->text().data(), answer->text().size());
  const pugi::xml_node root = document.child("ListAllMyBucketsResult");
  if (!parsed || !root) {
    co_return requester_.wrong_document(http, answer->response, answer->text(),
                                        "the answer is not a list of buckets");
  }
  std::vector<BucketInfo> all;
  for (const pugi::xml_node node : root.child("Buckets").children("Bucket")) {
    BucketInfo bucket = read_bucket(node);
    if (!bucket.name.empty()) all.push_back(std::move(bucket));
  }
  if (!pages) co_return take_page(std::move(all), request);
  BucketPage page{.buckets = std::move(all), .next_token = {}};
  if (const std::string next = root.child_value("ContinuationToken"); !next.empty())
    page.next_token = store_mark + next;
  co_return page;
}

}  // namespace dth::objects::s3
