#include <algorithm>
#include <map>

#include "graphql/validation/overlap.h"

namespace dth::graphql {
namespace {

bool same_value(const ast::Value& a, const ast::Value& b) {
  if (a.kind != b.kind || a.text != b.text || a.is_block != b.is_block) return false;
  if (a.items.size() != b.items.size() || a.fields.size() != b.fields.size()) return false;
  if (!std::equal(a.items.begin(), a.items.end(), b.items.begin(), same_value)) return false;
  std::multimap<std::string_view, const ast::Value*> fields;
  for (const auto& field : b.fields) fields.emplace(field.name.text, &field.value);
  return std::all_of(a.fields.begin(), a.fields.end(), [&](const ast::ObjectField& field) {
    const auto other = fields.find(field.name.text);
    return other != fields.end() && same_value(field.value, *other->second);
  });
}

}  // namespace

bool same_arguments(const List<ast::Argument>& a, const List<ast::Argument>& b) {
  if (a.size() != b.size()) return false;
  return std::all_of(a.begin(), a.end(), [&](const ast::Argument& argument) {
    const auto other = std::find_if(
        b.begin(), b.end(), [&](const auto& x) { return x.name.text == argument.name.text; });
    return other != b.end() && same_value(argument.value, other->value);
  });
}

bool types_conflict(TypeRef a, TypeRef b) {
  if (a == b) return false;
  if (a.wrappers.is_list() || b.wrappers.is_list()) {
    return !a.wrappers.is_list() || !b.wrappers.is_list() || types_conflict(a.inner(), b.inner());
  }
  if (a.is_non_null() || b.is_non_null()) {
    return !a.is_non_null() || !b.is_non_null() || types_conflict(a.inner(), b.inner());
  }
  return a.named->is_leaf() || b.named->is_leaf();
}

}  // namespace dth::graphql
