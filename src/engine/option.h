#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>

#include "base/error.h"

namespace dth::engine {

enum class OptionType {
  flag,    // "true" or left away
  text,
  count,   // a whole number
  size,    // bytes; "64MiB", "5GiB"
  choice,  // one of `choices`
};

// An option of a plugin, declared once: the command line, the API, the console and the reference are made from this.
struct Option {
  std::string_view name;  // "source-endpoint-url": the flag is --name, in specs and the API it is with underscores
  OptionType type = OptionType::text;
  std::string_view group = {};
  std::string_view help = {};  // one sentence
  std::string_view default_text = {};
  std::string_view placeholder = {};           // "URL"
  std::span<const std::string_view> choices = {};
  // May it differ when an unfinished run is taken up again? What decides which bytes go where may not.
  bool may_change = false;
};

// The options that were given, by name. Never a secret: specs are stored.
using Spec = std::map<std::string, std::string>;

std::string to_json(const Spec& spec);
Result<Spec> parse_spec(std::string_view json);

// Are the values of the kinds their options want? invalid_argument names the option and what it takes.
Result<void> validate(std::span<const Option> options, const Spec& spec);

// The value, or the default.
std::string option_value(std::span<const Option> options, const Spec& spec, std::string_view name);

// Bytes of "123", "64KiB", "64MiB", "5GiB", "1TiB", "10MB"; invalid_argument otherwise.
Result<std::uint64_t> parse_size(std::string_view text);

// What differs between two specs, as a person would say it: "--always was not given, now is"; empty if nothing that
// matters.
std::string describe_difference(std::span<const Option> options, const Spec& before, const Spec& now);

}  // namespace dth::engine
