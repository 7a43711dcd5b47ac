#include "options/option.h"

#include <algorithm>
#include <charconv>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/suggestions.h"

namespace dth::options {
namespace {

const Option* find(std::span<const Option> options, std::string_view name) {
  auto found = std::find_if(options.begin(), options.end(),
                            [name](const Option& option) { return option.name == name; });
  return found == options.end() ? nullptr : &*found;
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc() || end != text.data() + text.size() || text.empty())
    return std::nullopt;
  return value;
}

Error bad_value(const Option& option, const std::string& value, const std::string& wanted) {
  return Error{ErrorCode::invalid_argument,
               "--" + std::string(option.name) + ": \"" + printable(value) +
                   "\" will not do; it takes " + wanted,
               ""};
}

}  // namespace

std::string to_json(const Values& spec) {
  boost::json::object object;
  for (const auto& [name, value] : spec) object[name] = value;
  return boost::json::serialize(object);
}

Result<Values> parse_values(std::string_view text) {
  try {
    Values spec;
    // The names of directories may hold any bytes.
    boost::json::parse_options any_bytes;
    any_bytes.allow_invalid_utf8 = true;
    const boost::json::value value =
        boost::json::parse(boost::json::string_view(text.data(), text.size()), {}, any_bytes);
    for (const auto& [name, field] : value.as_object())
      spec[std::string(name)] = std::string(field.as_string());
    return spec;
  } catch (const std::exception& problem) {
    return Error{ErrorCode::data_corrupted,
                 "the run's options cannot be read; was the state changed by hand?",
                 problem.what()};
  }
}

Result<void> validate(std::span<const Option> options, const Values& spec) {
  const std::string mode = option_value(options, spec, "mode");
  for (const auto& [name, value] : spec) {
    const Option* option = find(options, name);
    if (!option)
      return Error{ErrorCode::invalid_argument, "there is no option --" + printable(name), ""};
    if (!option->modes.empty() &&
        std::find(option->modes.begin(), option->modes.end(), mode) == option->modes.end()) {
      return Error{ErrorCode::invalid_argument,
                   "--" + name + " means nothing to " + printable(mode), ""};
    }
    if (value.empty()) {
      return Error{
          ErrorCode::invalid_argument,
          "--" + name + ": its value is empty; leave the option out where nothing is meant", ""};
    }
    switch (option->type) {
      case OptionType::flag:
        if (value != "true" && value != "false") return bad_value(*option, value, "true or false");
        break;
      case OptionType::text:
        break;
      case OptionType::count:
        if (!parse_number(value)) return bad_value(*option, value, "a whole number");
        break;
      case OptionType::size:
        if (parse_size(value).has_error())
          return bad_value(*option, value, "a number of bytes such as 64MiB or 5GiB");
        break;
      case OptionType::duration:
        if (parse_duration(value).has_error())
          return bad_value(*option, value, "a duration such as 90s, 15m, 12h or 7d");
        break;
      case OptionType::time:
        if (parse_time(value, TimePoint{}).has_error()) {
          return bad_value(*option, value,
                           "a date, a time such as 2026-03-01T12:00:00Z, or a duration such as 7d "
                           "for so long ago");
        }
        break;
      case OptionType::list:
        if (parse_list(value).has_error()) return bad_value(*option, value, "texts in UTF-8");
        break;
      case OptionType::choice:
        if (std::find(option->choices.begin(), option->choices.end(), value) ==
            option->choices.end()) {
          std::string wanted = "one of";
          for (std::string_view choice : option->choices) wanted += " " + std::string(choice);
          const auto near =
              suggestions_for(value, {option->choices.begin(), option->choices.end()});
          return bad_value(
              *option, value,
              wanted + (near.empty() ? "" : ". Did you mean \"" + near.front() + "\"?"));
        }
        break;
    }
  }
  return Result<void>();
}

std::string option_value(std::span<const Option> options, const Values& spec,
                         std::string_view name) {
  auto given = spec.find(std::string(name));
  if (given != spec.end()) return given->second;
  const Option* option = find(options, name);
  return option ? std::string(option->default_text) : std::string();
}

std::string make_list(const std::vector<std::string>& members) {
  boost::json::array array;
  for (const std::string& member : members) array.emplace_back(member);
  return boost::json::serialize(array);
}

Result<std::vector<std::string>> parse_list(std::string_view text) {
  try {
    std::vector<std::string> members;
    const boost::json::value value =
        boost::json::parse(boost::json::string_view(text.data(), text.size()));
    for (const boost::json::value& member : value.as_array()) {
      members.emplace_back(member.as_string());
    }
    return members;
  } catch (const std::exception& problem) {
    return Error{ErrorCode::data_corrupted, "the list cannot be read", problem.what()};
  }
}

std::vector<std::string> option_list(const Values& spec, std::string_view name) {
  auto given = spec.find(std::string(name));
  if (given == spec.end()) return {};
  return parse_list(given->second).value();
}

Result<std::uint64_t> parse_size(std::string_view text) {
  static constexpr std::pair<std::string_view, std::uint64_t> units[] = {{"KiB", 1ull << 10},
                                                                         {"MiB", 1ull << 20},
                                                                         {"GiB", 1ull << 30},
                                                                         {"TiB", 1ull << 40},
                                                                         {"kB", 1'000},
                                                                         {"MB", 1'000'000},
                                                                         {"GB", 1'000'000'000},
                                                                         {"TB", 1'000'000'000'000},
                                                                         {"B", 1}};
  std::uint64_t factor = 1;
  std::string_view digits = text;
  for (const auto& [unit, bytes] : units) {
    if (digits.ends_with(unit)) {
      digits.remove_suffix(unit.size());
      factor = bytes;
      break;
    }
  }
  auto number = parse_number(digits);
  if (!number || (*number != 0 && factor > UINT64_MAX / *number)) {
    return Error{ErrorCode::invalid_argument,
                 "\"" + printable(text) + "\" is no number of bytes; write 1048576, 64MiB or 5GiB",
                 ""};
  }
  return *number * factor;
}

Result<std::chrono::seconds> parse_duration(std::string_view text) {
  static constexpr std::pair<char, std::int64_t> units[] = {
      {'s', 1}, {'m', 60}, {'h', 3'600}, {'d', 86'400}, {'w', 604'800}};
  constexpr std::uint64_t seconds_max = 100ull * 366 * 86'400;
  if (!text.empty()) {
    const auto number = parse_number(text.substr(0, text.size() - 1));
    for (const auto& [unit, seconds] : units) {
      if (text.back() != unit || !number ||
          *number > seconds_max / static_cast<std::uint64_t>(seconds))
        continue;
      return std::chrono::seconds(static_cast<std::int64_t>(*number) * seconds);
    }
  }
  return Error{ErrorCode::invalid_argument,
               "\"" + printable(text) + "\" is no duration; write 90s, 15m, 12h or 7d", ""};
}

Result<TimePoint> parse_time(std::string_view text, TimePoint now) {
  if (auto ago = parse_duration(text); ago.has_value()) return now - *ago;
  const std::string full = text.size() == 10 ? std::string(text) + "T00:00:00Z" : std::string(text);
  if (const auto time = dth::parse_time(full)) return *time;
  return Error{ErrorCode::invalid_argument,
               "\"" + printable(text) +
                   "\" is no time; write 2026-03-01, 2026-03-01T12:00:00Z, or 7d for so long ago",
               ""};
}

Values resolve_times(std::span<const Option> options, Values spec, TimePoint now) {
  for (const Option& option : options) {
    if (option.type != OptionType::time) continue;
    auto given = spec.find(std::string(option.name));
    if (given == spec.end()) continue;
    if (auto time = parse_time(given->second, now); time.has_value())
      given->second = format_time(*time);
  }
  return spec;
}

std::string describe_difference(std::span<const Option> options, const Values& before,
                                const Values& now) {
  std::string difference;
  for (const Option& option : options) {
    if (option.may_change) continue;
    const std::string old_value = option_value(options, before, option.name);
    const std::string new_value = option_value(options, now, option.name);
    if (old_value == new_value) continue;
    if (!difference.empty()) difference += "; ";
    auto quoted = [](const std::string& value) {
      return value.empty() ? std::string("not given") : "\"" + value + "\"";
    };
    difference += "--" + std::string(option.name) + " was " + quoted(old_value) + ", now is " +
                  quoted(new_value);
  }
  return difference;
}

}  // namespace dth::options
