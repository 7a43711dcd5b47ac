#pragma once

#include <list>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>

#include "base/clock.h"

namespace dth::api {

struct FairQueueLimits {
  std::size_t inside_max = 1;
  std::size_t inside_per_client_max = 1;
  std::size_t waiting_max = 1000;
  std::size_t waiting_per_client_max = 1000;
  // Who comes where waiting_max wait already: is refused, or one of those who wait and the newcomer
  // is, by chance. Then a flood leaves everybody a chance, and does not shut the door.
  enum class WhenFull { refuse_newcomer, refuse_anyone } when_full = WhenFull::refuse_newcomer;
};

// Places that clients wait for: first come, first served within a client, and the clients in turn,
// so that one with a thousand requests delays another one by one request. Who is cancelled leaves
// the queue at once. For one executor's thread.
class FairQueue {
  struct Client;

 public:
  // A place inside, given back with its end.
  class Place {
   public:
    Place() = default;
    Place(Place&& other) noexcept;
    Place& operator=(Place&& other) noexcept;
    ~Place() { release(); }
    void release();
    explicit operator bool() const { return queue_ != nullptr; }

   private:
    friend class FairQueue;
    Place(FairQueue& queue, Client& client) : queue_(&queue), client_(&client) {}
    FairQueue* queue_ = nullptr;
    Client* client_ = nullptr;
  };

  FairQueue(Executor executor, FairQueueLimits limits);
  ~FairQueue();
  FairQueue(const FairQueue&) = delete;
  FairQueue& operator=(const FairQueue&) = delete;

  // A place, where that needs no waiting.
  std::optional<Place> try_enter(const std::string& client);
  // Waits. cancelled; throttled where too many wait already, of this client or in all.
  Async<Result<Place>> enter(std::string client);

  // Nobody comes in before that time.
  void pause_until(MonotonicTime time);

  std::size_t inside() const { return inside_; }
  std::size_t waiting() const { return waiting_; }
  std::uint64_t refused() const { return refused_; }
  // That were cancelled while they waited.
  std::uint64_t dropped() const { return dropped_; }

 private:
  struct Waiter;
  Client& client_of(const std::string& name);
  void forget_if_unused(Client& client);
  bool may_enter(const Client& client) const;
  bool is_full_for(const Client& client);
  bool displace_anyone();
  Place put_inside(Client& client);
  void leave(Client& client);
  void let_in();
  void arm();

  Executor executor_;
  FairQueueLimits limits_;
  std::map<std::string, std::unique_ptr<Client>> clients_;
  std::list<Client*> in_turn_;  // those with somebody waiting; the next comes first
  std::size_t inside_ = 0;
  std::size_t waiting_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t dropped_ = 0;
  std::minstd_rand random_{std::random_device()()};
  MonotonicTime paused_until_ = MonotonicTime::min();
  struct Alarm;
  std::shared_ptr<Alarm> alarm_;
};

}  // namespace dth::api
