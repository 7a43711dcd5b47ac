#pragma once

#include <optional>
#include <string>

#include "options/option.h"

namespace dth::api {

// A setting of the hub, as it was read at its start.
struct SettingView {
  enum class Source { default_, file, variable, flag };

  const options::Option* setting = nullptr;
  std::string value = {};  // empty: none, or a secret
  Source source = Source::default_;
  std::string place = {};  // empty: a default
};

}  // namespace dth::api
