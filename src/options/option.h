#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "options/action.h"

namespace dth::options {

enum class OptionType {
  flag,      // true or false; on the command line, given or omitted
  text,      // anything
  count,     // a whole number
  size,      // bytes: "64MiB", "5GiB"
  duration,  // "90s", "15m", "12h", "7d"
  time,      // "2026-03-01", "2026-03-01T12:00:00Z", or a duration: that long before the run
  choice,    // one of `choices`
  list,      // texts; on the command line the flag is repeated. As one text: make_list()
  names,     // host names; as one text they are separated by commas
  address,   // HOST:PORT, [IPv6]:PORT
};

// The values that a count, a size (in bytes) or a duration (in seconds) may have.
struct Range {
  std::uint64_t min = 0;
  std::uint64_t max = UINT64_MAX;
};

// An option of a kind of task or a setting of the hub, declared once. Validation, typed reading,
// the command line, the configuration file, the API, the console and the reference are made from
// this.
struct Option {
  // "source-endpoint-url" is --source-endpoint-url on the command line and this key elsewhere;
  // settings are spelled with underscores, as in their file.
  std::string_view name;
  OptionType type = OptionType::text;
  std::string_view group = {};
  std::string_view help = {};  // one sentence
  std::string_view default_text = {};
  std::string_view placeholder = {};  // "URL"
  std::span<const std::string_view> choices = {};
  Range range = {};
  std::span<const Action> actions = {};  // in which it means something; empty: all
  bool secret = false;                   // shown as *** wherever it is shown
  // May it differ when an unfinished run is resumed? What decides which bytes go where may not.
  bool may_change = false;
  // Who may give it to a task of a hub. administrator: it names what lies on the hub's host.
  // place: nobody, because it follows from the task's endpoints and locations.
  enum class InTask { anybody, administrator, place } in_task = InTask::anybody;

  bool applies_to(Action action) const;
};

const Option* find_option(std::span<const Option> options, std::string_view name);

// Values as they were given, by the option's name. Never a secret: they are stored.
using Values = std::map<std::string, std::string, std::less<>>;

// A list as one text, a JSON array, and back; data_corrupted for anything else. Members are UTF-8.
std::string make_list(const std::vector<std::string>& members);
Result<std::vector<std::string>> parse_list(std::string_view text);

// The texts of a value, or of the option's default where there is no value.
std::string text_of(std::span<const Option> options, const Values& values, std::string_view name);

// What differs between the values of two runs of one task, in words: "--always was not given, now
// is \"true\"". Empty where they mean the same, apart from options that may change.
std::string describe_difference(std::span<const Option> options, const Values& before,
                                const Values& now);

}  // namespace dth::options
