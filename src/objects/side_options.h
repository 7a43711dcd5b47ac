#pragma once

#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "objects/store_kind.h"

namespace dth::objects {

// The options that say how the sides of something are reached, made of what the kinds of store
// declare: --source-region and --destination-region of "region". Does not change; thread-safe.
class SideOptions {
 public:
  // `kinds` and the names must outlive it. Where several kinds declare an option of one name, the
  // first declares it here.
  SideOptions(std::span<const std::unique_ptr<StoreKind>> kinds,
              std::span<const std::string_view> sides);
  SideOptions(const SideOptions&) = delete;  // options_ refers to names_

  std::span<const options::Option> all() const { return options_; }

  // The kind of locations with the scheme; unsupported where there is none.
  Result<const StoreKind*> find_kind(const std::string& scheme) const;

  // How a side is reached, as the given options of a spec say. invalid_argument names the option.
  Result<Endpoint> read(const StoreKind& kind, const std::string& side,
                        const options::Values& given) const;

  // invalid_argument: an option of the side is given that means nothing to its kind of store.
  // `table`: all options of the task.
  Result<void> check(const StoreKind& kind, const std::string& side, const options::Values& given,
                     std::span<const options::Option> table) const;

  static EndpointOwner owner_of(const std::string& side);

 private:
  std::span<const std::unique_ptr<StoreKind>> kinds_;
  std::deque<std::string> names_;  // what options_ refers to
  std::vector<options::Option> options_;
};

}  // namespace dth::objects
