#include <algorithm>
#include <map>

#include "graphql/validation/overlap.h"

namespace dth::graphql {
namespace {

// So much text is compared as fast as one field with another.
constexpr std::size_t text_bytes_per_comparison = 64;

bool same_value(const ast::Value& a, const ast::Value& b, std::size_t* effort) {
  *effort += 1 + a.text.size() / text_bytes_per_comparison;
  if (a.kind != b.kind || a.text != b.text || a.is_block != b.is_block) return false;
  if (a.items.size() != b.items.size() || a.fields.size() != b.fields.size()) return false;
  const auto same = [&](const ast::Value& one, const ast::Value& other) {
    return same_value(one, other, effort);
  };
  if (!std::equal(a.items.begin(), a.items.end(), b.items.begin(), same)) return false;
  if (a.fields.empty()) return true;
  *effort += 4 * b.fields.size();
  std::multimap<std::string_view, const ast::Value*> fields;
  for (const auto& field : b.fields) fields.emplace(field.name.text, &field.value);
  return std::all_of(a.fields.begin(), a.fields.end(), [&](const ast::ObjectField& field) {
    const auto other = fields.find(field.name.text);
    return other != fields.end() && same_value(field.value, *other->second, effort);
  });
}

}  // namespace

bool same_arguments(const List<ast::Argument>& a, const List<ast::Argument>& b,
                    std::size_t* effort) {
  if (a.size() != b.size()) return false;
  return std::all_of(a.begin(), a.end(), [&](const ast::Argument& argument) {
    *effort += 1 + b.size() / 8;
    const auto other = std::find_if(
        b.begin(), b.end(), [&](const auto& x) { return x.name.text == argument.name.text; });
    return other != b.end() && same_value(argument.value, other->value, effort);
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
