#pragma once

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "objects/store_kind.h"

namespace dth::object_copy {

inline constexpr std::string_view side_names[] = {"source", "destination"};

// The options that say how both sides are reached, made of what the kinds of store declare:
// --source-region and --destination-region of "region". Does not change; thread-safe.
class EndpointOptions {
 public:
  // `kinds` must outlive it. Where several declare an option of one name, the first declares it
  // here.
  explicit EndpointOptions(std::span<const std::unique_ptr<objects::StoreKind>> kinds);
  EndpointOptions(const EndpointOptions&) = delete;  // options_ refers to names_

  std::span<const options::Option> all() const { return options_; }

  // The kind of locations with the scheme; unsupported where there is none.
  Result<const objects::StoreKind*> find_kind(const std::string& scheme) const;

  // How a side is reached, as the given options of a spec say. invalid_argument names the option.
  Result<objects::Endpoint> read(const objects::StoreKind& kind, const std::string& side,
                                 const options::Values& given) const;

  // invalid_argument: an option of the side is given that means nothing to its kind of store.
  // `table`: all options of the task.
  Result<void> check(const objects::StoreKind& kind, const std::string& side,
                     const options::Values& given, std::span<const options::Option> table) const;

  static objects::EndpointOwner owner_of(const std::string& side);

 private:
  std::span<const std::unique_ptr<objects::StoreKind>> kinds_;
  std::deque<std::string> names_;  // what options_ refers to
  std::vector<options::Option> options_;
};

}  // namespace dth::object_copy
