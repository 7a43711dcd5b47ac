#pragma once

#include <span>
#include <vector>

#include "engine/plugin.h"
#include "objects/side_options.h"
#include "options/option.h"

namespace dth::object_copy {

// Every option that a spec of this plugin may have: what is copied where, how both sides are
// reached, which depends on the kinds of store there are, and how it is copied. Does not change;
// thread-safe.
class OptionTable {
 public:
  // `kinds` must outlive it.
  explicit OptionTable(std::span<const std::unique_ptr<objects::StoreKind>> kinds);

  std::span<const options::Option> all() const { return options_; }
  const objects::SideOptions& endpoints() const { return endpoints_; }

 private:
  objects::SideOptions endpoints_;
  std::vector<options::Option> options_;
};

// Those that do not say how a side is reached.
std::span<const options::Option> options_of_task();

// What the plugin offers, with a sentence each.
std::span<const engine::OfferedAction> offered_actions();

}  // namespace dth::object_copy
