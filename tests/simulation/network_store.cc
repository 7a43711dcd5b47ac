#include "simulation/network_store.h"

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>

namespace dth::simulation {
namespace asio = boost::asio;
namespace {

using namespace objects;

using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

constexpr char empty_page_mark[] = "empty-";

// Where an answer arrives; its waiter may be gone.
template <class T>
struct Mailbox {
  std::optional<Result<T>> answer;
  Timer* waiter = nullptr;
};

// The waiting side's hold on a mailbox: lets go when the coroutine is destroyed.
template <class T>
struct Waiting {
  std::shared_ptr<Mailbox<T>> mailbox;
  Timer timer;
  explicit Waiting(std::shared_ptr<Mailbox<T>> box, Executor executor)
      : mailbox(std::move(box)), timer(executor, MonotonicTime::max()) {
    mailbox->waiter = &timer;
  }
  ~Waiting() { mailbox->waiter = nullptr; }
};

class NetworkStore final : public ObjectStore {
 public:
  NetworkStore(ObjectStore& inner, Network& network, std::shared_ptr<const Life> life,
               BufferBudget* buffers)
      : inner_(inner), network_(network), life_(std::move(life)), buffers_(buffers) {}

  const StoreLimits& limits() const override { return inner_.limits(); }
  std::string describe() const override { return inner_.describe(); }

  Async<Result<StoreIdentity>> check(StoreUse use = {}) override {
    auto sent = co_await pass();
    if (sent.has_error()) co_return sent.error();
    co_return co_await inner_.check(std::move(use));
  }
  Async<Result<ListPage>> list(ListRequest request) override {
    auto sent = co_await pass();
    if (sent.has_error()) co_return sent.error();
    // The token of an empty page is that of the page in whose place it came, behind a number of its
    // own.
    if (request.continuation_token.starts_with(empty_page_mark)) {
      request.continuation_token.erase(0, request.continuation_token.find('.') + 1);
    }
    if (network_.empty_pages && network_.random() % 4 == 0) {
      const std::string number = std::to_string(++network_.empty_page_count);
      co_return ListPage{{}, true, empty_page_mark + number + "." + request.continuation_token};
    }
    co_return co_await inner_.list(std::move(request));
  }
  Async<Result<ObjectHead>> head(std::string key, std::string version_id) override {
    auto sent = co_await pass();
    if (sent.has_error()) co_return sent.error();
    co_return co_await inner_.head(std::move(key), std::move(version_id));
  }
  Async<Result<GetResult>> get(GetRequest request) override {
    auto sent = co_await pass();
    if (sent.has_error()) co_return sent.error();
    co_return co_await inner_.get(std::move(request));
  }
  Async<Result<std::vector<UploadInfo>>> list_uploads(std::string key) override {
    auto sent = co_await pass();
    if (sent.has_error()) co_return sent.error();
    co_return co_await inner_.list_uploads(std::move(key));
  }
  Async<Result<std::vector<PartInfo>>> list_parts(std::string key, std::string upload_id) override {
    auto sent = co_await pass();
    if (sent.has_error()) co_return sent.error();
    co_return co_await inner_.list_parts(std::move(key), std::move(upload_id));
  }

  Async<Result<Tags>> get_tags(std::string key, std::string version_id) override {
    auto sent = co_await pass();
    if (sent.has_error()) co_return sent.error();
    co_return co_await inner_.get_tags(std::move(key), std::move(version_id));
  }

  Async<Result<void>> restore(RestoreRequest request) override {
    auto sent = co_await pass();
    if (sent.has_error()) co_return sent.error();
    co_return co_await inner_.restore(std::move(request));
  }

  Async<Result<PutResult>> put(PutRequest request, Body& body) override {
    auto loan = co_await borrow(body.size());
    if (loan.has_error()) co_return loan.error();
    auto answer = co_await send_object(std::move(request), &body);
    give_back(*loan);
    co_return answer;
  }
  Async<Result<PartResult>> upload_part(UploadPartRequest request, Body& body) override {
    auto loan = co_await borrow(body.size());
    if (loan.has_error()) co_return loan.error();
    auto answer = co_await send_part(std::move(request), &body);
    give_back(*loan);
    co_return answer;
  }
  Async<Result<void>> remove(RemoveRequest request) override {
    co_return co_await send<void>(inner_.remove(std::move(request)));
  }
  Async<Result<std::string>> create_upload(CreateUploadRequest request) override {
    co_return co_await send<std::string>(inner_.create_upload(std::move(request)));
  }
  Async<Result<PutResult>> complete_upload(CompleteUploadRequest request) override {
    co_return co_await send<PutResult>(inner_.complete_upload(std::move(request)));
  }
  Async<Result<PutResult>> copy(CopyRequest request) override {
    co_return co_await send<PutResult>(inner_.copy(std::move(request)));
  }
  Async<Result<PartResult>> copy_part(CopyPartRequest request) override {
    co_return co_await send<PartResult>(inner_.copy_part(std::move(request)));
  }
  Async<Result<void>> create_bucket(CreateBucketRequest request) override {
    co_return co_await send<void>(inner_.create_bucket(request));
  }
  Async<Result<void>> abort_upload(std::string key, std::string upload_id) override {
    co_return co_await send<void>(inner_.abort_upload(std::move(key), std::move(upload_id)));
  }

 private:
  Async<Result<PutResult>> send_object(PutRequest request, Body* body) {
    auto bytes = co_await read_all(*body, UINT64_MAX);
    if (bytes.has_error()) co_return bytes.error();
    co_return co_await send<PutResult>(put_bytes(&inner_, std::move(request), std::move(*bytes)));
  }
  Async<Result<PartResult>> send_part(UploadPartRequest request, Body* body) {
    auto bytes = co_await read_all(*body, UINT64_MAX);
    if (bytes.has_error()) co_return bytes.error();
    co_return co_await send<PartResult>(
        upload_bytes(&inner_, std::move(request), std::move(*bytes)));
  }

  Async<Result<std::uint64_t>> borrow(std::uint64_t size) {
    if (!buffers_) co_return std::uint64_t{0};
    const std::uint64_t units = std::min(size, buffers_->bytes.capacity());
    auto acquired = co_await buffers_->bytes.acquire(units);
    if (acquired.has_error()) co_return acquired.error();
    co_return units;
  }
  void give_back(std::uint64_t units) {
    if (buffers_) buffers_->bytes.release(units);
  }

  static Async<Result<PutResult>> put_bytes(ObjectStore* store, PutRequest request,
                                            std::string bytes) {
    BytesBody body(as_bytes(bytes));
    co_return co_await store->put(std::move(request), body);
  }
  static Async<Result<PartResult>> upload_bytes(ObjectStore* store, UploadPartRequest request,
                                                std::string bytes) {
    BytesBody body(as_bytes(bytes));
    co_return co_await store->upload_part(std::move(request), body);
  }

  // Refuses what comes within a burst of throttling.
  Result<void> admit() const {
    if (network_.clock.monotonic_now() >= network_.throttled_until) return {};
    Error error{ErrorCode::throttled, describe() + ": please slow down", "SlowDown"};
    error.retry_after = std::chrono::seconds(1);
    return error;
  }

  Async<Result<void>> pass() {
    if (!life_->alive) co_return cancelled_error();
    if (auto admitted = admit(); admitted.has_error()) co_return admitted;
    co_return co_await network_.clock.sleep_for(network_.delay());
  }

  template <class T>
  Async<Result<T>> send(Async<Result<T>> operation) {
    if (!life_->alive) co_return cancelled_error();
    if (auto admitted = admit(); admitted.has_error()) co_return admitted.error();
    auto mailbox = std::make_shared<Mailbox<T>>();
    Waiting<T> waiting(mailbox, co_await asio::this_coro::executor);
    network_.scope.spawn(deliver<T>(&network_, mailbox, std::move(operation)));
    boost::system::error_code ignored;
    co_await waiting.timer.async_wait(asio::redirect_error(use_async, ignored));
    if (!mailbox->answer) co_return cancelled_error();
    co_return std::move(*mailbox->answer);
  }

  template <class T>
  static Async<void> deliver(Network* network, std::shared_ptr<Mailbox<T>> mailbox,
                             Async<Result<T>> operation) {
    auto slept = co_await network->clock.sleep_for(network->delay());
    if (slept.has_error()) co_return;
    mailbox->answer = co_await std::move(operation);
    if (mailbox->waiter) mailbox->waiter->cancel();
  }

  ObjectStore& inner_;
  Network& network_;
  std::shared_ptr<const Life> life_;
  BufferBudget* buffers_;
};

}  // namespace

std::unique_ptr<ObjectStore> make_network_store(ObjectStore& store, Network& network,
                                                std::shared_ptr<const Life> life,
                                                BufferBudget* buffers) {
  return std::make_unique<NetworkStore>(store, network, std::move(life), buffers);
}

}  // namespace dth::simulation
