#include "graphql/schema/inspect.h"

#include <algorithm>

#include "base/json_writer.h"

namespace dth::graphql {
namespace {

namespace json = boost::json;

constexpr std::size_t items_shown_max = 10;
constexpr std::size_t depth_shown_max = 2;

std::string inspect_within(const json::value& value, std::size_t depth) {
  if (const auto* array = value.if_array()) {
    if (array->empty()) return "[]";
    if (depth > depth_shown_max) return "[Array]";
    std::string text = "[";
    for (std::size_t i = 0; i < array->size() && i < items_shown_max; ++i) {
      text += (i > 0 ? ", " : "") + inspect_within((*array)[i], depth + 1);
    }
    const std::size_t rest = array->size() - std::min(array->size(), items_shown_max);
    if (rest == 1) text += ", ... 1 more item";
    if (rest > 1) text += ", ... " + std::to_string(rest) + " more items";
    return text + "]";
  }
  if (const auto* object = value.if_object()) {
    if (object->empty()) return "{}";
    if (depth > depth_shown_max) return "[Object]";
    std::string text = "{ ";
    for (const auto& member : *object) {
      if (text.size() > 2) text += ", ";
      text += std::string(member.key()) + ": " + inspect_within(member.value(), depth + 1);
    }
    return text + " }";
  }
  return write_json(value);
}

}  // namespace

std::string inspect(const json::value& value) { return inspect_within(value, 1); }

}  // namespace dth::graphql
