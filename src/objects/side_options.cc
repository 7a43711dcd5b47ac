#include "objects/side_options.h"

#include "objects/store_opener.h"

namespace dth::objects {
namespace {

using options::Option;

// Of one kind: how it is reached, and who signs.
std::vector<Option> options_of(const StoreKind& kind) {
  const auto endpoint = kind.endpoint_options(), credential = kind.credential_options();
  std::vector<Option> all(endpoint.begin(), endpoint.end());
  all.insert(all.end(), credential.begin(), credential.end());
  return all;
}

std::string name_of(std::string_view side, const Option& option) {
  return std::string(side) + "-" + std::string(option.name);
}

}  // namespace

SideOptions::SideOptions(std::span<const std::unique_ptr<StoreKind>> kinds,
                         std::span<const std::string_view> sides)
    : kinds_(kinds) {
  for (const std::string_view side : sides) {
    for (const auto& kind : kinds) {
      for (Option option : options_of(*kind)) {
        const std::string name = name_of(side, option);
        if (options::find_option(options_, name)) continue;
        option.name = names_.emplace_back(name);
        option.group = side;
        options_.push_back(option);
      }
    }
  }
}

Result<const StoreKind*> SideOptions::find_kind(const std::string& scheme) const {
  if (const StoreKind* kind = objects::find_kind(kinds_, scheme)) return kind;
  return Error{ErrorCode::unsupported, "there is no kind of store for " + scheme + "://", ""};
}

EndpointOwner SideOptions::owner_of(const std::string& side) {
  return {.name = side, .option_prefix = "--" + side + "-"};
}

Result<Endpoint> SideOptions::read(const StoreKind& kind, const std::string& side,
                                   const options::Values& given) const {
  options::Values of_kind;
  for (const Option& option : options_of(kind)) {
    const auto found = given.find(name_of(side, option));
    if (found != given.end()) of_kind.emplace(option.name, found->second);
  }
  return kind.make_endpoint(of_kind, owner_of(side));
}

Result<void> SideOptions::check(const StoreKind& kind, const std::string& side,
                                const options::Values& given, std::span<const Option> table) const {
  const auto own = options_of(kind);
  for (const Option& option : table) {
    if (option.group != side || !given.contains(option.name)) continue;
    const std::string_view name = option.name;
    const bool is_own = name.starts_with(side + "-") &&
                        options::find_option(own, name.substr(side.size() + 1)) != nullptr;
    const bool is_of_endpoint = options::find_option(options_, name) != nullptr;
    // Those of the task that are about a side are about servers.
    if (is_own || (!is_of_endpoint && kind.has_server())) continue;
    return Error{ErrorCode::invalid_argument,
                 "--" + std::string(name) + " means nothing here, because the " + side + " is " +
                     std::string(kind.noun()) + "; omit it",
                 ""};
  }
  return Result<void>();
}

}  // namespace dth::objects
