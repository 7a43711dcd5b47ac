#include "objects/store_opener.h"

#include <map>

namespace dth::objects {
namespace {

class RunStores final : public OpenStores {
 public:
  ObjectStore& source() override { return *source_.store; }
  ObjectStore& destination() override { return *destination_.store; }
  RequestCounters& requests() override { return requests_; }
  std::string copy_source_bucket() const override { return copy_source_bucket_; }

  Result<void> open(LaneSessions& from, LaneSessions& to, const StoreRequest& source,
                    const StoreRequest& destination) {
    auto opened = from.open(source, requests_);
    if (opened.has_error()) return opened.error();
    source_ = std::move(*opened);
    opened = to.open(destination, requests_);
    if (opened.has_error()) return opened.error();
    destination_ = std::move(*opened);
    if (&from == &to && from.can_copy_between(source, destination))
      copy_source_bucket_ = source.bucket;
    return Result<void>();
  }

 private:
  RequestCounters requests_;
  std::string copy_source_bucket_;
  OpenStore source_, destination_;  // after what they use
};

class KindsOfLane final : public LaneOpener {
 public:
  KindsOfLane(std::span<const std::unique_ptr<StoreKind>> kinds, Executor executor, Clock& clock,
              unsigned lanes)
      : kinds_(kinds),
        buffers_(executor, BufferBudget::process_bytes_max / std::max(1u, lanes)),
        services_{executor, clock, std::max(1u, lanes), buffers_} {}

  Result<std::unique_ptr<OpenStores>> open(const StoreRequest& source,
                                           const StoreRequest& destination) override {
    close_idle();
    auto from = sessions_of(source.endpoint.kind);
    if (from.has_error()) return from.error();
    auto to = sessions_of(destination.endpoint.kind);
    if (to.has_error()) return to.error();
    auto stores = std::make_unique<RunStores>();
    auto opened = stores->open(**from, **to, source, destination);
    if (opened.has_error()) return opened.error();
    return std::unique_ptr<OpenStores>(std::move(stores));
  }

  Result<std::unique_ptr<EndpointClient>> open_client(const StoreRequest& request) override {
    close_idle();
    auto sessions = sessions_of(request.endpoint.kind);
    if (sessions.has_error()) return sessions.error();
    return (*sessions)->open_client(request);
  }

  void close_idle() override {
    for (auto& [name, sessions] : sessions_) sessions->close_idle();
  }

 private:
  Result<LaneSessions*> sessions_of(const std::string& name) {
    if (const auto found = sessions_.find(name); found != sessions_.end())
      return found->second.get();
    StoreKind* const kind = find_kind(kinds_, name);
    if (!kind)
      return Error{ErrorCode::unsupported, "there is no kind of store for " + name + "://", ""};
    return (sessions_[name] = kind->open_lane(services_)).get();
  }

  const std::span<const std::unique_ptr<StoreKind>> kinds_;
  BufferBudget buffers_;
  const LaneServices services_;
  std::map<std::string, std::unique_ptr<LaneSessions>> sessions_;  // after what they use
};

class Kinds final : public StoreOpener {
 public:
  explicit Kinds(std::vector<std::unique_ptr<StoreKind>> kinds) : kinds_(std::move(kinds)) {}

  std::span<const std::unique_ptr<StoreKind>> kinds() const override { return kinds_; }
  std::unique_ptr<LaneOpener> open_lane(Executor executor, Clock& clock, unsigned lanes) override {
    return std::make_unique<KindsOfLane>(kinds_, executor, clock, lanes);
  }

 private:
  const std::vector<std::unique_ptr<StoreKind>> kinds_;
};

}  // namespace

std::unique_ptr<StoreOpener> make_store_opener(std::vector<std::unique_ptr<StoreKind>> kinds) {
  return std::make_unique<Kinds>(std::move(kinds));
}

StoreKind* find_kind(std::span<const std::unique_ptr<StoreKind>> kinds, std::string_view name) {
  for (const auto& kind : kinds) {
    if (kind->name() == name) return kind.get();
  }
  return nullptr;
}

}  // namespace dth::objects
