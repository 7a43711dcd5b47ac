#pragma once

#include <array>
#include <memory>
#include <vector>

#include "objects/store_kind.h"

namespace dth::objects::testing {

// Kinds of store that open nothing, for tests of what deals with endpoints: "s3", which has a
// server, and "file", which has none.
class FakeKind final : public StoreKind {
 public:
  explicit FakeKind(std::string_view name) : name_(name) {}

  std::string_view name() const override { return name_; }
  std::string_view noun() const override { return has_server() ? "a bucket" : "a directory"; }
  bool has_server() const override { return name_ == "s3"; }
  std::span<const options::Option> endpoint_options() const override {
    if (!has_server()) return {};
    return endpoint_options_;
  }
  std::span<const options::Option> credential_options() const override {
    if (!has_server()) return {};
    return credential_options_;
  }
  // A region "nowhere" is refused.
  Result<Endpoint> make_endpoint(const options::Values& given,
                                 const EndpointOwner& owner) const override {
    Endpoint endpoint{.kind = std::string(name_), .options = values_of(endpoint_options(), given)};
    if (const auto region = given.find("region");
        region != given.end() && region->second == "nowhere") {
      return Error{ErrorCode::invalid_argument, owner.option_prefix + "region: there is none", ""};
    }
    if (const auto kept = given.find("credential"); kept != given.end())
      endpoint.credential = {.kind = "vault", .name = kept->second};
    if (given.contains("anonymous")) endpoint.credential = {.kind = "anonymous"};
    return endpoint;
  }
  bool is_one_place(const Endpoint&, const Endpoint&) const override { return false; }
  std::string address_of(const Endpoint& endpoint) const override { return url_of(endpoint); }
  std::vector<std::string> new_hosts(const Endpoint& before, const Endpoint& after) const override {
    if (url_of(before) == url_of(after)) return {};
    return {url_of(after)};
  }
  std::span<const std::string_view> credential_kinds() const override {
    static constexpr std::array<std::string_view, 1> kinds{"aws_access_key"};
    if (!has_server()) return {};
    return kinds;
  }
  std::unique_ptr<LaneSessions> open_lane(LaneServices) override { return nullptr; }

 private:
  static std::string url_of(const Endpoint& endpoint) {
    const auto url = endpoint.options.find("endpoint-url");
    return url == endpoint.options.end() ? "" : url->second;
  }
  static constexpr std::array endpoint_options_ = {
      options::Option{.name = "endpoint-url", .help = "where", .placeholder = "URL"},
      options::Option{.name = "region", .help = "which", .placeholder = "REGION"},
      options::Option{.name = "requester-pays", .type = options::OptionType::flag, .help = "who"}};
  static constexpr std::array credential_options_ = {
      options::Option{.name = "anonymous", .type = options::OptionType::flag, .help = "nobody"},
      options::Option{.name = "credential", .help = "who"}};
  const std::string_view name_;
};

inline std::vector<std::unique_ptr<StoreKind>> fake_kinds() {
  std::vector<std::unique_ptr<StoreKind>> kinds;
  kinds.push_back(std::make_unique<FakeKind>("s3"));
  kinds.push_back(std::make_unique<FakeKind>("file"));
  return kinds;
}

}  // namespace dth::objects::testing
