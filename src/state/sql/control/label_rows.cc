#include "state/sql/control/label_rows.h"

#include "base/json_reader.h"
#include "base/json_writer.h"

namespace dth::state::sql {

std::string labels_text(const Labels& labels) {
  boost::json::object object;
  for (const auto& [name, value] : labels) object[name] = value;
  return write_json(object);
}

Result<Labels> read_labels(std::string_view text, std::string_view of) {
  auto parsed = parse_json(text, "the labels of " + std::string(of));
  if (parsed.has_error()) return parsed.error();
  Labels labels;
  const auto* object = parsed->if_object();
  if (!object) return Error{ErrorCode::data_corrupted, "labels are not an object", ""};
  for (const auto& field : *object) {
    if (const auto* value = field.value().if_string())
      labels.emplace(std::string(field.key()), std::string(*value));
  }
  return labels;
}

// Within a text of JSON a quote has a backslash before it, so that this is found only where the
// label is. replace() tells upper from lower case on all engines.
void add_label(Conditions& where, std::string_view column, const Label& label) {
  std::string pair = labels_text({{label.name, label.value}});
  pair = pair.substr(1, pair.size() - 2);
  const std::string name(column);
  where.add("replace(" + name + ", ?, '') <> " + name, {std::move(pair)});
}

}  // namespace dth::state::sql
