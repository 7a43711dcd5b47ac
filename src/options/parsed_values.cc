#include "options/parsed_values.h"

#include <algorithm>
#include <stdexcept>

#include "base/encoding.h"
#include "base/suggestions.h"
#include "options/amounts.h"

namespace dth::options {
namespace {

Error wrong(std::string message) {
  return Error{ErrorCode::invalid_argument, std::move(message), ""};
}

std::optional<bool> parse_flag(std::string_view text) {
  for (const std::string_view yes : {"true", "on", "yes"}) {
    if (text == yes) return true;
  }
  for (const std::string_view no : {"false", "off", "no"}) {
    if (text == no) return false;
  }
  return std::nullopt;
}

std::optional<std::vector<std::string>> parse_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view name = text.substr(0, comma);
    while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
    while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
    if (!is_host_name(name)) return std::nullopt;
    names.emplace_back(name);
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return names;
}

bool is_within(const Range& range, std::uint64_t value) {
  return value >= range.min && value <= range.max;
}

// "0 to 100", "1 or more".
std::string in_words(const Range& range, std::string (*format)(std::uint64_t)) {
  if (range.max == UINT64_MAX) return format(range.min) + " or more";
  return format(range.min) + " to " + format(range.max);
}

bool is_narrowed(const Range& range) { return range.min != 0 || range.max != UINT64_MAX; }

std::string what_it_takes(const Option& option) {
  const Range& range = option.range;
  switch (option.type) {
    case OptionType::flag:
      return "true or false, or on or off";
    case OptionType::text:
      return "text";
    case OptionType::count:
      if (!is_narrowed(range)) return "a whole number";
      return "a whole number, " +
             in_words(range, [](std::uint64_t number) { return std::to_string(number); });
    case OptionType::size:
      return "a size such as 64MiB" +
             (is_narrowed(range) ? ", " + in_words(range, format_size) : std::string());
    case OptionType::duration:
      return "a duration such as 90s, 15m, 12h or 7d" +
             (is_narrowed(range) ? ", " + in_words(range,
                                                   [](std::uint64_t n) {
                                                     return format_duration(std::chrono::seconds(
                                                         static_cast<std::int64_t>(n)));
                                                   })
                                 : std::string());
    case OptionType::time:
      return "a date, a time such as 2026-03-01T12:00:00Z, or a duration such as 7d for that long "
             "ago";
    case OptionType::list:
      return "texts in UTF-8";
    case OptionType::names:
      return "host names separated by commas: letters, digits, dots and hyphens";
    case OptionType::address:
      return "HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080";
    case OptionType::choice: {
      std::string words = "one of";
      for (const std::string_view choice : option.choices)
        words += (choice == option.choices.front() ? " " : ", ") + std::string(choice);
      return words;
    }
  }
  return "";
}

Error wrong_value(const Option& option, std::string_view text, std::string_view shown_name) {
  std::string message = "invalid value \"" + printable(text) + "\" for " + printable(shown_name) +
                        ": expected " + what_it_takes(option);
  if (option.type == OptionType::choice) {
    const auto near =
        suggestions_for(std::string(text), {option.choices.begin(), option.choices.end()});
    if (!near.empty()) message += ". Did you mean \"" + near.front() + "\"?";
  }
  return wrong(std::move(message));
}

template <class T>
std::optional<Value> as_value(std::optional<T> parsed) {
  if (!parsed) return std::nullopt;
  return Value(std::move(*parsed));
}

std::optional<Value> within(const Option& option, std::optional<std::uint64_t> number) {
  return number && is_within(option.range, *number) ? as_value(number) : std::nullopt;
}

std::optional<Value> read(const Option& option, std::string_view text, TimePoint now) {
  switch (option.type) {
    case OptionType::flag:
      return as_value(parse_flag(text));
    case OptionType::text:
      return Value(std::string(text));
    case OptionType::count:
      return within(option, parse_count(text));
    case OptionType::size:
      return within(option, parse_size(text));
    case OptionType::duration: {
      const auto duration = parse_duration(text);
      const bool fits =
          duration && is_within(option.range, static_cast<std::uint64_t>(duration->count()));
      return fits ? as_value(duration) : std::nullopt;
    }
    case OptionType::time:
      return as_value(parse_time(text, now));
    case OptionType::list: {
      auto list = parse_list(text);
      return list.has_value() ? std::optional<Value>(std::move(*list)) : std::nullopt;
    }
    case OptionType::names:
      return as_value(parse_names(text));
    case OptionType::address:
      return as_value(parse_address(text));
    case OptionType::choice:
      if (std::ranges::find(option.choices, text) == option.choices.end()) return std::nullopt;
      return Value(std::string(text));
  }
  return std::nullopt;
}

std::string flag_of(std::string_view name) { return "--" + printable(name); }

}  // namespace

Result<Value> parse_value(const Option& option, std::string_view text, std::string_view shown_name,
                          TimePoint now) {
  auto value = read(option, text, now);
  if (!value) return wrong_value(option, text, shown_name);
  return std::move(*value);
}

ParsedValues::ParsedValues(std::span<const Option> options) {
  for (const Option& option : options) {
    Entry entry;
    if (!option.default_text.empty()) {
      auto value = parse_value(option, option.default_text, option.name, TimePoint{});
      if (value.has_error()) throw std::logic_error(value.error().message);
      entry.value = std::move(*value);
    }
    entries_.emplace(option.name, std::move(entry));
  }
}

Result<ParsedValues> ParsedValues::parse(std::span<const Option> options, const Values& given,
                                         Action action, TimePoint now) {
  ParsedValues parsed(options);
  for (const auto& [name, text] : given) {
    const std::string flag = flag_of(name);
    const Option* option = find_option(options, name);
    if (!option) return wrong("there is no option " + flag);
    if (!option->applies_to(action)) {
      return wrong(flag + " does not apply to " + std::string(command_of(action)) + "; omit it");
    }
    if (text.empty()) return wrong("the value of " + flag + " is empty; omit the option instead");
    auto set = parsed.set(*option, text, flag, now);
    if (set.has_error()) return set.error();
  }
  return parsed;
}

Result<void> ParsedValues::set(const Option& option, std::string_view text,
                               std::string_view shown_name, TimePoint now) {
  Entry& entry = entries_.at(option.name);
  if (text.empty() && option.default_text.empty()) {
    entry = {};
    return Result<void>();
  }
  auto value = parse_value(option, text, shown_name, now);
  if (value.has_error()) return value.error();
  entry = {std::move(*value), true};
  return Result<void>();
}

const ParsedValues::Entry& ParsedValues::entry(std::string_view name) const {
  const auto found = entries_.find(name);
  if (found == entries_.end()) throw std::logic_error("no option " + std::string(name));
  return found->second;
}

template <class T>
const T* ParsedValues::get(std::string_view name) const {
  const Value& value = entry(name).value;
  if (std::holds_alternative<std::monostate>(value)) return nullptr;
  const T* typed = std::get_if<T>(&value);
  if (!typed) throw std::logic_error("another type of option " + std::string(name));
  return typed;
}

bool ParsedValues::is_given(std::string_view name) const { return entry(name).given; }

bool ParsedValues::flag(std::string_view name) const {
  const bool* value = get<bool>(name);
  return value && *value;
}

std::uint64_t ParsedValues::number(std::string_view name) const {
  const auto value = optional_number(name);
  if (!value) throw std::logic_error("no value of option " + std::string(name));
  return *value;
}

std::chrono::seconds ParsedValues::duration(std::string_view name) const {
  const auto value = optional_duration(name);
  if (!value) throw std::logic_error("no value of option " + std::string(name));
  return *value;
}

std::string ParsedValues::text(std::string_view name) const {
  const auto* value = get<std::string>(name);
  return value ? *value : std::string();
}

std::vector<std::string> ParsedValues::list(std::string_view name) const {
  const auto* value = get<std::vector<std::string>>(name);
  return value ? *value : std::vector<std::string>();
}

std::optional<std::uint64_t> ParsedValues::optional_number(std::string_view name) const {
  const auto* value = get<std::uint64_t>(name);
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<std::chrono::seconds> ParsedValues::optional_duration(std::string_view name) const {
  const auto* value = get<std::chrono::seconds>(name);
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<TimePoint> ParsedValues::time(std::string_view name) const {
  const auto* value = get<TimePoint>(name);
  return value ? std::optional(*value) : std::nullopt;
}

std::optional<Address> ParsedValues::address(std::string_view name) const {
  const auto* value = get<Address>(name);
  return value ? std::optional(*value) : std::nullopt;
}

void ParsedValues::throw_no_choice(std::string_view name) {
  throw std::logic_error("option " + std::string(name) + " has a choice that its table lacks");
}

}  // namespace dth::options
