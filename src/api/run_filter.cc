#include "api/run_filter.h"

#include "api/values.h"
#include "base/clock.h"

namespace dth::api {
namespace {

namespace json = boost::json;

std::string text_of(const json::object& input, std::string_view name) {
  const auto* value = input.if_contains(name);
  return value == nullptr || !value->is_string() ? "" : std::string(value->get_string());
}

std::optional<TimePoint> time_of(const json::object& input, std::string_view name) {
  const std::string text = text_of(input, name);
  return text.empty() ? std::nullopt : parse_time(text);
}

std::optional<runs::RunStatus> status_named(std::string_view name) {
  const std::string word = enum_word(name);
  for (int i = 0; i <= static_cast<int>(runs::RunStatus::cancelled); ++i) {
    const auto status = static_cast<runs::RunStatus>(i);
    if (runs::to_string(status) == word) return status;
  }
  return std::nullopt;
}

std::optional<std::string> word_of(const json::object& input, std::string_view name) {
  const auto* value = input.if_contains(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return enum_word(value->get_string());
}

Result<void> check_text(std::string_view name, const json::value& value) {
  if (!value.is_string() || value.get_string().size() <= filter_text_bytes_max) return {};
  return Error{ErrorCode::invalid_argument,
               "\"" + std::string(name) + "\" has a text of " +
                   std::to_string(value.get_string().size()) + " bytes: give " +
                   std::to_string(filter_text_bytes_max) + " at most",
               ""};
}

}  // namespace

Result<void> check_lengths(const json::object& input) {
  for (const auto& [name, value] : input) {
    if (auto fit = check_text(name, value); fit.has_error()) return fit;
    if (!value.is_array()) continue;
    const json::array& values = value.get_array();
    if (values.size() > filter_values_max) {
      return Error{ErrorCode::invalid_argument,
                   "\"" + std::string(name) + "\" has " + std::to_string(values.size()) +
                       " values: give " + std::to_string(filter_values_max) + " at most",
                   ""};
    }
    for (const json::value& each : values) {
      if (auto fit = check_text(name, each); fit.has_error()) return fit;
    }
  }
  return {};
}

std::vector<std::string> text_list(const json::object& input, std::string_view name) {
  std::vector<std::string> texts;
  const auto* value = input.if_contains(name);
  if (value == nullptr || !value->is_array()) return texts;
  for (const json::value& text : value->get_array()) texts.emplace_back(text.as_string());
  return texts;
}

runs::RunListFilter run_filter(const json::object& input) {
  runs::RunListFilter filter;
  for (const std::string& name : text_list(input, "state")) {
    if (const auto status = status_named(name)) filter.statuses.push_back(*status);
  }
  filter.kinds = text_list(input, "kind");
  filter.actions = text_list(input, "action");
  filter.text = text_of(input, "text");
  filter.created_from = time_of(input, "createdFrom");
  filter.created_before = time_of(input, "createdBefore");
  filter.tasks = text_list(input, "taskId");
  for (const std::string& name : text_list(input, "trigger")) {
    if (const auto trigger = state::parse_run_trigger(enum_word(name)))
      filter.triggers.push_back(*trigger);
  }
  return filter;
}

state::RunOrder run_order(const json::object& input) {
  state::RunOrder order;
  if (text_of(input, "field") == "ENDED_AT") order.field = state::RunOrder::Field::ended;
  order.descending = text_of(input, "direction") != "ASC";
  return order;
}

state::FailureFilter failure_filter(const json::object& input) {
  state::FailureFilter filter;
  filter.code = word_of(input, "code");
  filter.reason = word_of(input, "reason");
  if (const auto* step = input.if_contains("step"); step != nullptr && step->is_string())
    filter.step = text_of(input, "step");
  filter.key_prefix = text_of(input, "keyPrefix");
  filter.text = text_of(input, "text");
  return filter;
}

}  // namespace dth::api
