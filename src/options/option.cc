#include "options/option.h"

#include <algorithm>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "options/parsed_values.h"

namespace dth::options {

bool Option::applies_to(Action action) const {
  return actions.empty() || std::ranges::find(actions, action) != actions.end();
}

const Option* find_option(std::span<const Option> options, std::string_view name) {
  const auto found =
      std::ranges::find_if(options, [name](const Option& option) { return option.name == name; });
  return found == options.end() ? nullptr : &*found;
}

std::string make_list(const std::vector<std::string>& members) {
  boost::json::array array;
  for (const std::string& member : members) array.emplace_back(member);
  return write_json(array);
}

Result<std::vector<std::string>> parse_list(std::string_view text) {
  const Error wrong{ErrorCode::data_corrupted, "it is not a list of texts", ""};
  const auto value = parse_json(text, "the list");
  if (value.has_error()) return value.error();
  if (!value->is_array()) return wrong;
  std::vector<std::string> members;
  for (const boost::json::value& member : value->get_array()) {
    if (!member.is_string()) return wrong;
    members.emplace_back(member.get_string());
  }
  return members;
}

std::string text_of(std::span<const Option> options, const Values& values, std::string_view name) {
  if (const auto given = values.find(name); given != values.end()) return given->second;
  const Option* option = find_option(options, name);
  return option ? std::string(option->default_text) : std::string();
}

namespace {

// "64MiB" and "65536KiB" are one value.
bool means_the_same(const Option& option, const std::string& one, const std::string& other) {
  if (one == other) return true;
  if (one.empty() || other.empty()) return false;
  const auto first = parse_value(option, one, option.name, TimePoint{});
  const auto second = parse_value(option, other, option.name, TimePoint{});
  return first.has_value() && second.has_value() && *first == *second;
}

std::string quoted(const std::string& value) {
  return value.empty() ? "not given" : "\"" + value + "\"";
}

}  // namespace

std::string describe_difference(std::span<const Option> options, const Values& before,
                                const Values& now) {
  std::string difference;
  for (const Option& option : options) {
    if (option.may_change) continue;
    const std::string old_value = text_of(options, before, option.name);
    const std::string new_value = text_of(options, now, option.name);
    if (means_the_same(option, old_value, new_value)) continue;
    if (!difference.empty()) difference += "; ";
    difference += "--" + std::string(option.name) + " was " + quoted(old_value) + ", now is " +
                  quoted(new_value);
  }
  return difference;
}

}  // namespace dth::options
