#include "cloud/aws/renewing.h"

#include "base/async_semaphore.h"

namespace dth::aws {
namespace {

using Shared = std::shared_ptr<const Credentials>;

constexpr std::chrono::minutes renew_ahead{5};
constexpr std::chrono::minutes renew_dubious_after{5};
constexpr std::chrono::seconds pause_while_good{30};  // after a renewal that failed
constexpr std::chrono::seconds pause_without{1};

class RenewingProvider final : public CredentialProvider {
 public:
  RenewingProvider(std::shared_ptr<CredentialSource> source, Executor executor, Clock& clock,
                   std::shared_ptr<SharedCredentials> shared)
      : source_(std::move(source)), clock_(clock), shared_(std::move(shared)), turn_(executor, 1) {
    if (!shared_) shared_ = std::make_shared<SharedCredentials>();
  }

  Async<Result<Shared>> get() override {
    if (auto known = look()) co_return std::move(*known);
    if (!turn_.try_acquire(1)) {
      if (is_good()) co_return held_->credentials;
      auto waited = co_await turn_.acquire(1);
      if (waited.has_error()) co_return waited.error();
      if (auto known = look()) {
        turn_.release(1);
        co_return std::move(*known);
      }
    }
    auto renewed = co_await renew();
    turn_.release(1);
    co_return renewed;
  }

  Shared at_hand() override {
    auto known = look();
    return known && known->has_value() ? std::move(**known) : nullptr;
  }

  void forget(Shared refused) override {
    shared_->drop(refused.get());
    if (held_ && held_->credentials == refused) held_.reset();
  }

 private:
  bool is_good() const { return held_ && clock_.monotonic_now() < held_->end; }

  // What can be said without asking.
  std::optional<Result<Shared>> look() {
    auto others = shared_->get();
    if (others && (!held_ || others->renew_at > held_->renew_at)) held_ = std::move(others);
    const MonotonicTime now = clock_.monotonic_now();
    if (held_ && now < held_->renew_at) return held_->credentials;
    if (!failure_ || now >= ask_again_at_) return std::nullopt;
    if (is_good()) return held_->credentials;
    return *failure_;
  }

  Async<Result<Shared>> renew() {
    auto fetched = co_await source_->fetch();
    const MonotonicTime now = clock_.monotonic_now();
    if (fetched.has_error()) {
      if (fetched.error().code == ErrorCode::cancelled) co_return fetched.error();
      failure_ = fetched.error();
      ask_again_at_ = now + (is_good() ? Duration(pause_while_good) : Duration(pause_without));
      if (is_good()) co_return held_->credentials;
      if (had_some_) {
        failure_->code = ErrorCode::unauthenticated;
        failure_ = std::move(*failure_).with_context(
            "the credentials have come to their end and could not be renewed");
      }
      co_return *failure_;
    }
    failure_.reset();
    had_some_ = true;
    auto held = std::make_shared<HeldCredentials>();
    held->credentials = std::make_shared<const Credentials>(std::move(fetched->credentials));
    if (fetched->lifetime) {
      const auto lifetime = *fetched->lifetime;
      if (lifetime > std::chrono::microseconds(0)) {
        held->renew_at =
            now + lifetime - std::min<std::chrono::microseconds>(renew_ahead, lifetime / 2);
        held->end = now + lifetime;
      } else {
        held->renew_at = now + renew_dubious_after;
      }
    }
    held_ = std::move(held);
    shared_->set(held_);
    co_return held_->credentials;
  }

  std::shared_ptr<CredentialSource> source_;
  Clock& clock_;
  std::shared_ptr<SharedCredentials> shared_;
  AsyncSemaphore turn_;
  std::shared_ptr<const HeldCredentials> held_;
  std::optional<Error> failure_;  // of the last renewal
  MonotonicTime ask_again_at_{};
  bool had_some_ = false;
};

}  // namespace

std::shared_ptr<CredentialProvider> make_renewing_provider(
    std::shared_ptr<CredentialSource> source, Executor executor, Clock& clock,
    std::shared_ptr<SharedCredentials> shared) {
  return std::make_shared<RenewingProvider>(std::move(source), executor, clock, std::move(shared));
}

}  // namespace dth::aws
