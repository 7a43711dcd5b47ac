#include "plugins/object_copy/scan/listing.h"

namespace dth::object_copy {
namespace {

constexpr int empty_pages_max = 10'000;

}  // namespace

Listing::Listing(objects::ObjectStore& store, Executor executor, std::string prefix,
                 std::string start_after, std::function<bool(std::string_view)> leaves_out,
                 bool with_origins)
    : store_(store), scope_(executor), leaves_out_(std::move(leaves_out)) {
  request_.prefix = std::move(prefix);
  request_.start_after = std::move(start_after);
  request_.page_size = store.limits().list_page_max;
  request_.with_origins = with_origins;
  request_.spare = &spare_;
  if (leaves_out_) request_.leaves_out = &leaves_out_;
  scope_.spawn(fetch());
}

Async<void> Listing::fetch() { fetched_ = co_await store_.list(request_); }

Async<Result<objects::ListPage>> Listing::wait() {
  if (!fetched_) co_await scope_.join();
  Result<objects::ListPage> page = std::move(*fetched_);
  fetched_.reset();
  co_return page;
}

Async<Result<Listing::Page>> Listing::next() {
  for (int empty_pages = 0; !ended_; ++empty_pages) {
    auto page = co_await wait();
    if (page.has_error()) co_return page.error();
    ended_ = !page->truncated;
    end_told_ = page->end_told;
    if (!ended_) {
      if (page->next_token.empty() || page->next_token == request_.continuation_token ||
          page->next_token == token_kept_ || empty_pages >= empty_pages_max) {
        co_return Error{
            ErrorCode::data_corrupted,
            "the listing of " + store_.describe() +
                " does not continue: a page says that more follows, but gives no way to get it",
            ""};
      }
      request_.continuation_token = page->next_token;
      if (++tokens_ == keep_at_) {
        token_kept_ = page->next_token;
        keep_at_ *= 2;
      }
      scope_.spawn(fetch());
    }
    if (!page->objects.empty() || ended_)
      co_return Page{std::move(page->objects), ended_, end_told_};
  }
  co_return Page{{}, true, end_told_};
}

}  // namespace dth::object_copy
