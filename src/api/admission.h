#pragma once

#include <map>
#include <memory>
#include <string>

#include "api/fair_queue.h"
#include "base/byte_budget.h"
#include "graphql/execution/execute.h"

namespace dth::api {

struct AdmissionLimits {
  // What requests, messages and answers in flight take together.
  std::uint64_t memory_bytes_max = 256ull << 20;
  // Operations that are prepared and executed. One that was stopped counts until it has ended.
  FairQueueLimits operations = {64, 16, 2000, 200};
  // Reads of the state under way. One client leaves a place for others.
  FairQueueLimits state_reads = {4, 3, 100'000, 10'000};
  std::size_t subscriptions_max = 400;
  std::size_t subscriptions_per_client_max = 100;
  // Work of one client, in units of about a microsecond; what it does not use is kept for so long.
  std::uint64_t cost_per_second = 250'000;
  std::chrono::seconds cost_kept_for{4};
};

// Where every operation of every transport is let in, or refused with `throttled`: what clients may
// take of the hub's memory, of its thread and of its state. A client is an address
// (ServerRequest::client). For one executor's thread.
class Admission {
  struct Client;

 public:
  // Both must outlive this.
  Admission(Executor executor, Clock& clock, AdmissionLimits limits);
  ~Admission();

  ByteOwner memory_of(const std::string& client);

  // Waits for a place among the operations. throttled; cancelled.
  Async<Result<FairQueue::Place>> begin_operation(std::string client);

  // May the client spend anything now? throttled says that it is behind.
  Result<void> check_cost(const std::string& client);
  bool is_behind(const std::string& client);
  void charge(const std::string& client, std::uint64_t cost);
  // Returns once it is not behind any more. False where it was cancelled.
  Async<bool> wait_for_cost(std::string client);
  // Until then it is behind; at least a second.
  std::chrono::seconds retry_after(const std::string& client);

  // While it lives, the client has a subscription.
  class Subscription {
   public:
    explicit Subscription(Admission& admission, std::shared_ptr<Client> client);
    Subscription(Subscription&& other) noexcept;
    Subscription& operator=(Subscription&&) = delete;
    ~Subscription();

   private:
    Admission* admission_;
    std::shared_ptr<Client> client_;
  };
  // throttled where the client has too many, or all clients together.
  Result<Subscription> begin_subscription(const std::string& client);

  // The order in which a client's executions compute.
  class ClientTurns final : public graphql::Turns {
   public:
    ClientTurns(Admission& admission, std::string client)
        : admission_(admission), client_(std::move(client)) {}
    bool try_begin() override;
    Async<bool> begin() override;
    void end() override;

   private:
    void start(FairQueue::Place place);
    Admission& admission_;
    std::string client_;
    FairQueue::Place place_;
    MonotonicTime began_{};
  };

  const ByteBudget& memory() const { return memory_; }
  const FairQueue& operations() const { return operations_; }
  FairQueue& state_reads() { return state_reads_; }
  std::size_t state_reads_waiting() const { return state_reads_.waiting(); }
  std::size_t subscriptions() const { return subscriptions_; }
  // That the cost budget refused.
  std::uint64_t refused_for_cost() const { return refused_for_cost_; }
  std::size_t clients() const { return clients_.size(); }

 private:
  std::shared_ptr<Client> client_of(const std::string& name);
  void refill(Client& client) const;
  void forget_idle_clients();
  std::int64_t cost_max() const;

  Clock& clock_;
  AdmissionLimits limits_;
  ByteBudget memory_;
  FairQueue operations_;
  FairQueue state_reads_;
  FairQueue turns_;
  std::map<std::string, std::shared_ptr<Client>> clients_;
  std::size_t sweep_at_;
  std::size_t subscriptions_ = 0;
  std::uint64_t refused_for_cost_ = 0;
};

}  // namespace dth::api
