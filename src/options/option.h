#pragma once

#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"

namespace dth::options {

enum class OptionType {
  flag,  // "true" or omitted
  text,
  count,     // a whole number
  size,      // bytes; "64MiB", "5GiB"
  duration,  // "90s", "15m", "12h", "7d"
  time,      // "2026-03-01", "2026-03-01T12:00:00Z", or a duration: so long before the run
  choice,    // one of `choices`
  list,      // texts; the flag may be given again and again. In a spec: make_list()
};

// An option of a plugin, declared once: the command line, the API, the console and the reference
// are made from this.
struct Option {
  std::string_view name;  // "source-endpoint-url": the flag is --name, in specs and the API it is
                          // with underscores
  OptionType type = OptionType::text;
  std::string_view group = {};
  std::string_view help = {};  // one sentence
  std::string_view default_text = {};
  std::string_view placeholder = {};  // "URL"
  std::span<const std::string_view> choices = {};
  std::span<const std::string_view> modes =
      {};  // of the plugin, in which it means something; empty: all
  // May it differ when an unfinished run is taken up again? What decides which bytes go where may
  // not.
  bool may_change = false;
};

// The options that were given, by name. Never a secret: specs are stored.
using Values = std::map<std::string, std::string>;

std::string to_json(const Values& spec);
Result<Values> parse_values(std::string_view json);

// Are the values of the kinds their options want, and do the options mean something in the mode
// that the spec names (option "mode")? invalid_argument names the option and what it takes.
Result<void> validate(std::span<const Option> options, const Values& spec);

// The value, or the default.
std::string option_value(std::span<const Option> options, const Values& spec,
                         std::string_view name);

// A list as one text, a JSON array, and back; data_corrupted for what is none. Members are UTF-8.
std::string make_list(const std::vector<std::string>& members);
Result<std::vector<std::string>> parse_list(std::string_view text);

// The members of a list option: none where it was not given. The spec must be valid.
std::vector<std::string> option_list(const Values& spec, std::string_view name);

// Bytes of "123", "64KiB", "64MiB", "5GiB", "1TiB", "10MB"; invalid_argument otherwise.
Result<std::uint64_t> parse_size(std::string_view text);

// "90s", "15m", "12h", "7d"; 0 or more, 100 years at most; invalid_argument otherwise.
Result<std::chrono::seconds> parse_duration(std::string_view text);

// A date (midnight UTC), a point of time in UTC (RFC 3339 with Z), or a duration before `now`;
// invalid_argument otherwise.
Result<TimePoint> parse_time(std::string_view text, TimePoint now);

// The spec with every relative time replaced by the point that it means, counted back from `now`.
// What executes a run is given its spec so resolved, from the run's creation: then a run that is
// taken up again days later means the same times.
Values resolve_times(std::span<const Option> options, Values spec, TimePoint now);

// What differs between two specs, as a person would say it: "--always was not given, now is"; empty
// if nothing that matters.
std::string describe_difference(std::span<const Option> options, const Values& before,
                                const Values& now);

}  // namespace dth::options
