#pragma once

#include <memory>
#include <vector>

#include "objects/store_kind.h"

// For tests: kinds of store that declare options and open nothing.
namespace dth::object_copy::testing {

inline constexpr options::Option remote_options[] = {{.name = "place", .placeholder = "URL"}};
inline constexpr options::Option remote_credentials[] = {{.name = "user", .may_change = true}};

// A kind of store that this plugin knows nothing of.
class RemoteKind final : public objects::StoreKind {
 public:
  std::string_view name() const override { return "s3"; }
  std::string_view noun() const override { return "a bucket"; }
  bool has_server() const override { return true; }
  std::span<const options::Option> endpoint_options() const override { return remote_options; }
  std::span<const options::Option> credential_options() const override {
    return remote_credentials;
  }
  Result<objects::Endpoint> make_endpoint(const options::Values& given,
                                          const objects::EndpointOwner& owner) const override {
    if (const auto found = given.find("place"); found != given.end() && found->second == "nowhere")
      return Error{ErrorCode::invalid_argument, owner.option_prefix + "place: is nowhere", ""};
    return objects::Endpoint{.kind = "s3", .options = given};
  }
  bool is_one_place(const objects::Endpoint& one, const objects::Endpoint& other) const override {
    return one.options == other.options;
  }
  std::unique_ptr<objects::LaneSessions> open_lane(objects::LaneServices) override {
    return nullptr;
  }
};

class LocalKind final : public objects::StoreKind {
 public:
  std::string_view name() const override { return "file"; }
  std::string_view noun() const override { return "a directory"; }
  bool has_server() const override { return false; }
  std::span<const options::Option> endpoint_options() const override { return {}; }
  std::span<const options::Option> credential_options() const override { return {}; }
  Result<objects::Endpoint> make_endpoint(const options::Values&,
                                          const objects::EndpointOwner&) const override {
    return objects::Endpoint{.kind = "file"};
  }
  bool is_one_place(const objects::Endpoint&, const objects::Endpoint&) const override {
    return true;
  }
  std::unique_ptr<objects::LaneSessions> open_lane(objects::LaneServices) override {
    return nullptr;
  }
};

inline std::vector<std::unique_ptr<objects::StoreKind>> scripted_kinds() {
  std::vector<std::unique_ptr<objects::StoreKind>> kinds;
  kinds.push_back(std::make_unique<RemoteKind>());
  kinds.push_back(std::make_unique<LocalKind>());
  return kinds;
}

}  // namespace dth::object_copy::testing
