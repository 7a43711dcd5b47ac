#include "simulation/memory_kind.h"

namespace dth::simulation {
namespace {

using namespace objects;

// Parts may be tiny.
MemoryStoreOptions store_options() {
  MemoryStoreOptions options;
  options.limits.part_size_min = 64;
  return options;
}

class Sessions final : public LaneSessions {
 public:
  Sessions(Outside& outside, LaneServices services) : outside_(outside), services_(services) {
    outside_.budgets.insert(&services.buffers);
  }

  Result<OpenStore> open(const StoreRequest& request, RequestCounters&) override {
    const auto found = outside_.places.by_name.find(request.endpoint.kind + " " + request.bucket);
    if (found == outside_.places.by_name.end())
      return Error{ErrorCode::invalid_argument, "there is no place " + request.bucket, ""};
    Place& place = *found->second;
    if (request.endpoint.credential.name != place.credential)
      return Error{ErrorCode::unauthenticated, place.bucket.name() + " asks for another", ""};
    OpenStore opened;
    opened.store =
        make_network_store(place.store, outside_.network, outside_.life, &services_.buffers);
    return opened;
  }
  void close_idle() override {}

 private:
  Outside& outside_;
  LaneServices services_;
};

class MemoryKind final : public StoreKind {
 public:
  MemoryKind(std::string name, Outside& outside) : name_(std::move(name)), outside_(outside) {}

  std::string_view name() const override { return name_; }
  std::string_view noun() const override { return "memory"; }
  bool has_server() const override { return true; }
  std::span<const options::Option> endpoint_options() const override { return {}; }
  std::span<const options::Option> credential_options() const override {
    static const options::Option table[] = {{.name = "credential", .help = "who comes"}};
    return table;
  }
  Result<Endpoint> make_endpoint(const options::Values& given,
                                 const EndpointOwner&) const override {
    Endpoint endpoint{.kind = name_};
    endpoint.credential.kind = "name";
    if (const auto found = given.find("credential"); found != given.end())
      endpoint.credential.name = found->second;
    return endpoint;
  }
  bool is_one_place(const Endpoint&, const Endpoint&) const override { return true; }
  std::unique_ptr<LaneSessions> open_lane(LaneServices services) override {
    return std::make_unique<Sessions>(outside_, services);
  }

 private:
  const std::string name_;
  Outside& outside_;
};

}  // namespace

Place::Place(std::string name, const Clock& clock)
    : bucket(std::move(name)), store(bucket, clock, store_options()) {}

Place& Places::add(const std::string& kind, const std::string& name,
                   const std::string& credential) {
  auto& place = by_name[kind + " " + name];
  place = std::make_unique<Place>(name, clock);
  place->credential = credential;
  Place* const at = place.get();
  place->bucket.set_on_request([at](StoreOperation, const std::string&) -> std::optional<Error> {
    if (at->lets_in) return std::nullopt;
    return Error{ErrorCode::unauthenticated, at->bucket.name() + " lets nobody in", ""};
  });
  return *place;
}

std::unique_ptr<StoreKind> make_memory_kind(std::string name, Outside& outside) {
  return std::make_unique<MemoryKind>(std::move(name), outside);
}

}  // namespace dth::simulation
