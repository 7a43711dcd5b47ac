#include "ledger/objects/blocking_store.h"

#include <random>

namespace dth::ledger {
namespace {

// Of the buffers of a process, which are divided among lanes, this takes a small share.
constexpr unsigned share_of_buffers = 16;
constexpr int attempts_now_max = 5;  // where nobody waits

class OpenedStore final : public StoreOwner {
 public:
  OpenedStore(std::unique_ptr<objects::LaneOpener> lane,
              std::unique_ptr<objects::OpenStores> stores)
      : lane_(std::move(lane)), stores_(std::move(stores)) {}
  objects::ObjectStore& store() override { return stores_->destination(); }

 private:
  std::unique_ptr<objects::LaneOpener> lane_;
  std::unique_ptr<objects::OpenStores> stores_;
};

// A simple request, made once.
Async<Result<void>> probe(objects::ObjectStore* store) {
  objects::StoreUse use;
  use.lists = false;
  auto checked = co_await store->check(std::move(use));
  if (checked.has_error()) co_return checked.error();
  co_return Result<void>();
}

}  // namespace

MakeStore store_by_request(objects::StoreOpener& opener, Clock& clock,
                           objects::StoreRequest request) {
  return [&opener, &clock,
          request = std::move(request)](Executor executor) -> Result<std::unique_ptr<StoreOwner>> {
    auto lane = opener.open_lane(executor, clock, share_of_buffers);
    auto stores = lane->open(request, request);
    if (stores.has_error()) return stores.error();
    return std::unique_ptr<StoreOwner>(
        std::make_unique<OpenedStore>(std::move(lane), std::move(*stores)));
  };
}

BlockingStore::BlockingStore(Clock& clock, BlockingStoreOptions options)
    : clock_(clock),
      options_(std::move(options)),
      work_(boost::asio::make_work_guard(context_)),
      scope_(context_.get_executor()) {}

Result<std::unique_ptr<BlockingStore>> BlockingStore::open(const MakeStore& make, Clock& clock,
                                                           BlockingStoreOptions options) {
  std::unique_ptr<BlockingStore> store(new BlockingStore(clock, std::move(options)));
  auto started = store->start(make);
  if (started.has_error()) return started.error();
  return store;
}

Result<void> BlockingStore::start(const MakeStore& make) {
  seed_ = std::random_device{}();
  thread_ = std::thread([this] { context_.run(); });
  // Shared: it is still in use when the answer is there.
  const auto made = std::make_shared<std::promise<Result<void>>>();
  auto answer = made->get_future();
  boost::asio::post(context_, [this, &make, made] {
    auto owner = make(context_.get_executor());
    if (owner.has_value()) owner_ = std::move(*owner);
    made->set_value(owner.has_value() ? Result<void>() : Result<void>(owner.error()));
  });
  return answer.get();
}

BlockingStore::~BlockingStore() {
  request_stop();
  boost::asio::post(context_, [this] {
    owner_.reset();
    context_.stop();
  });
  work_.reset();
  if (thread_.joinable()) thread_.join();
}

void BlockingStore::request_stop() {
  const std::lock_guard lock(mutex_);
  is_stopping_ = true;
  if (outage_) outage_->request_stop();
}

std::optional<std::string> BlockingStore::waiting() const {
  const std::lock_guard lock(mutex_);
  return outage_ ? outage_->describe() : std::nullopt;
}

// Null where nobody waits. A store that was given up is looked at again.
std::shared_ptr<Outages> BlockingStore::watch(WhenGone when_gone) {
  if (when_gone == WhenGone::fail || options_.unreachable_timeout == Duration::zero())
    return nullptr;
  const std::lock_guard lock(mutex_);
  if (outage_ && (is_stopping_ || !outage_->given_up())) return outages_;
  outage_ =
      std::make_shared<Outage>("ledger", options_.unreachable_timeout, "--unreachable-timeout");
  outages_ = std::make_shared<Outages>(clock_);
  outages_->add(outage_, [this] { return probe(&owner_->store()); });
  if (is_stopping_) outage_->request_stop();
  return outages_;
}

RetryOptions BlockingStore::retry_options(Outages* outages) {
  RetryOptions options;
  options.policy = options_.policy;
  options.seed = ++seed_;
  options.outages = outages;
  if (!outages)
    options.policy.attempts_max = std::min(options.policy.attempts_max, attempts_now_max);
  return options;
}

}  // namespace dth::ledger
