#include "objects/file/store.h"

namespace dth::objects::file {
namespace {

// Listings that wait for their next page to be asked for. One that is forgotten begins again where
// its token says.
constexpr std::size_t parked_max = 8;

}  // namespace

std::unique_ptr<Walk> FileStore::take_walk(const ListRequest& request) {
  for (auto parked = parked_.begin(); parked != parked_.end(); ++parked) {
    if (request.continuation_token.empty() || parked->prefix != request.prefix ||
        parked->token != request.continuation_token)
      continue;
    if (parked->with_origins != request.with_origins) continue;
    auto walk = std::move(parked->walk);
    parked_.erase(parked);
    return walk;
  }
  WalkOptions options;
  options.names_max = options_.names_in_memory_max;
  options.remove_stale_drafts = !options_.read_only;
  options.with_origins = request.with_origins;
  const std::string& after =
      request.continuation_token.empty() ? request.start_after : request.continuation_token;
  return std::make_unique<Walk>(tree_, request.prefix, after, options);
}

// The token of a page is its last key.
Async<Result<ListPage>> FileStore::list(ListRequest request) {
  ++services_.counters.list;
  auto walk = take_walk(request);
  ListPage page;
  page.objects = request.take_spare();
  page.objects.clear();
  auto walked = co_await blocking(
      [&] { return walk->next(request.page_size, &page.objects, request.leaves_out); });
  if (walked.has_error()) co_return walked.error();
  if (!walk->ended()) {
    page.truncated = true;
    page.next_token = page.objects.back().key;
    parked_.push_back({request.prefix, page.next_token, request.with_origins, std::move(walk)});
    if (parked_.size() > parked_max) parked_.pop_front();
  }
  co_return page;
}

}  // namespace dth::objects::file
