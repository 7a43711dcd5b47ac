#include "api/admission.h"

namespace dth::api {
namespace {

constexpr std::size_t clients_swept_at = 1000;
// A turn that took longer is followed by a pause as long, in which everybody else is served: those
// who ask for the hub's health, and those who send and receive.
constexpr std::chrono::milliseconds turn_long{2};
constexpr FairQueueLimits one_turn = {1, 1, 100'000, 100'000};

Error throttled(std::string message) { return {ErrorCode::throttled, std::move(message), ""}; }

}  // namespace

struct Admission::Client {
  std::shared_ptr<ByteBudget::Share> memory = std::make_shared<ByteBudget::Share>();
  std::int64_t cost_left = 0;  // below zero: behind
  MonotonicTime refilled_at{};
  std::size_t subscriptions = 0;
};

Admission::Admission(Executor executor, Clock& clock, AdmissionLimits limits)
    : clock_(clock),
      limits_(limits),
      memory_(limits.memory_bytes_max),
      operations_(executor, limits.operations),
      state_reads_(executor, limits.state_reads),
      turns_(executor, one_turn),
      sweep_at_(clients_swept_at) {}

Admission::~Admission() = default;

std::int64_t Admission::cost_max() const {
  return static_cast<std::int64_t>(limits_.cost_per_second) * limits_.cost_kept_for.count();
}

std::shared_ptr<Admission::Client> Admission::client_of(const std::string& name) {
  auto& client = clients_[name];
  if (!client) {
    client = std::make_shared<Client>();
    client->cost_left = cost_max();
    client->refilled_at = clock_.monotonic_now();
    auto made = client;
    if (clients_.size() >= sweep_at_) forget_idle_clients();
    return made;
  }
  return client;
}

// A client that holds nothing and owes nothing needs no memory of it.
void Admission::forget_idle_clients() {
  std::erase_if(clients_, [this](const auto& entry) {
    Client& client = *entry.second;
    refill(client);
    return entry.second.use_count() == 1 && client.memory.use_count() == 1 &&
           client.subscriptions == 0 && client.cost_left == cost_max();
  });
  sweep_at_ = std::max(clients_swept_at, 2 * clients_.size());
}

void Admission::refill(Client& client) const {
  const auto now = clock_.monotonic_now();
  const double seconds = std::chrono::duration<double>(now - client.refilled_at).count();
  const auto more =
      static_cast<std::int64_t>(seconds * static_cast<double>(limits_.cost_per_second));
  if (more <= 0) return;  // not lost: the time stays
  client.refilled_at = now;
  client.cost_left = std::min(client.cost_left + more, cost_max());
}

ByteOwner Admission::memory_of(const std::string& client) {
  return {&memory_, client_of(client)->memory};
}

Async<Result<FairQueue::Place>> Admission::begin_operation(std::string client) {
  return operations_.enter(std::move(client));
}

bool Admission::is_behind(const std::string& name) {
  const auto client = client_of(name);
  if (client->cost_left > 0) return false;
  refill(*client);
  return client->cost_left <= 0;
}

Result<void> Admission::check_cost(const std::string& name) {
  if (!is_behind(name)) return {};
  ++refused_for_cost_;
  return throttled("this client asked for more than " + std::to_string(limits_.cost_per_second) +
                   " units of work a second: try again in " +
                   std::to_string(retry_after(name).count()) + " s, or ask for less");
}

void Admission::charge(const std::string& name, std::uint64_t cost) {
  const auto client = client_of(name);
  refill(*client);
  client->cost_left -= static_cast<std::int64_t>(std::min<std::uint64_t>(cost, 1ull << 40));
}

std::chrono::seconds Admission::retry_after(const std::string& name) {
  const auto client = client_of(name);
  const std::int64_t owed = std::max<std::int64_t>(0, -client->cost_left);
  const auto rate = static_cast<std::int64_t>(std::max<std::uint64_t>(1, limits_.cost_per_second));
  return std::chrono::seconds(1 + owed / rate);
}

Async<bool> Admission::wait_for_cost(std::string name) {
  const auto client = client_of(name);
  for (;;) {
    refill(*client);
    if (client->cost_left > 0) co_return true;
    const double owed = static_cast<double>(1 - client->cost_left);
    const auto rate = static_cast<double>(std::max<std::uint64_t>(1, limits_.cost_per_second));
    const auto wait = std::chrono::milliseconds(1 + static_cast<std::int64_t>(owed / rate * 1000));
    auto slept = co_await clock_.sleep_for(wait);
    if (slept.has_error()) co_return false;
  }
}

Admission::Subscription::Subscription(Admission& admission, std::shared_ptr<Client> client)
    : admission_(&admission), client_(std::move(client)) {
  ++client_->subscriptions;
  ++admission_->subscriptions_;
}

Admission::Subscription::Subscription(Subscription&& other) noexcept
    : admission_(std::exchange(other.admission_, nullptr)), client_(std::move(other.client_)) {}

Admission::Subscription::~Subscription() {
  if (admission_ == nullptr) return;
  --client_->subscriptions;
  --admission_->subscriptions_;
}

Result<Admission::Subscription> Admission::begin_subscription(const std::string& name) {
  auto client = client_of(name);
  if (client->subscriptions >= limits_.subscriptions_per_client_max) {
    return throttled("this client has " + std::to_string(client->subscriptions) +
                     " subscriptions already: end one first");
  }
  // As with memory: one client leaves as many as it has.
  const std::size_t free = limits_.subscriptions_max - subscriptions_;
  if (free == 0 || client->subscriptions >= free)
    return throttled("the hub has too many subscriptions: try again later");
  return Subscription(*this, std::move(client));
}

void Admission::ClientTurns::start(FairQueue::Place place) {
  place_ = std::move(place);
  began_ = admission_.clock_.monotonic_now();
}

bool Admission::ClientTurns::try_begin() {
  auto place = admission_.turns_.try_enter(client_);
  if (place) start(std::move(*place));
  return place.has_value();
}

Async<bool> Admission::ClientTurns::begin() {
  auto place = co_await admission_.turns_.enter(client_);
  if (place.has_value()) start(std::move(*place));
  co_return place.has_value();
}

void Admission::ClientTurns::end() {
  const auto now = admission_.clock_.monotonic_now();
  if (now - began_ > turn_long) admission_.turns_.pause_until(now + (now - began_));
  place_.release();
}

}  // namespace dth::api
