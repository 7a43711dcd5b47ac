// Fields that exist, with selections where they need them: sections 5.3.1 and 5.3.3.
#include <algorithm>
#include <map>

#include "graphql/validation/validation.h"

namespace dth::graphql {
namespace {

class FieldRules final : public Rules {
 public:
  using Rules::Rules;

  void enter_field(const ast::Selection& selection, const NamedType* parent,
                   const Field* field) override {
    const std::string name(selection.name.text);
    if (field == nullptr) {
      if (parent == nullptr) return;
      validation_.report("Cannot query field \"" + name + "\" on type \"" + parent->name + "\"." +
                             suggestion(*parent, name),
                         {selection.offset});
      return;
    }
    const std::string type = to_string(field->type);
    if (field->type.named->is_leaf() && selection.selections) {
      validation_.report("Field \"" + name + "\" must not have a selection since type \"" + type +
                             "\" has no subfields.",
                         {selection.selections.offset});
    } else if (!field->type.named->is_leaf() && !selection.selections) {
      validation_.report("Field \"" + name + "\" of type \"" + type +
                             "\" must have a selection of subfields. Did you mean \"" + name +
                             " { ... }\"?",
                         {selection.offset});
    }
  }

 private:
  std::string suggestion(const NamedType& parent, const std::string& name) const {
    if (!validation_.options().suggestions) return "";
    const std::string types =
        did_you_mean(types_with(parent, name), "to use an inline fragment on ");
    if (!types.empty() || parent.kind == TypeKind::union_type) return types;
    std::vector<std::string> fields;
    for (const auto& field : parent.fields) fields.push_back(field.name);
    return validation_.suggest(name, fields);
  }

  // Types that an abstract one may be and that have the field: those that cover most first.
  std::vector<std::string> types_with(const NamedType& parent, const std::string& name) const {
    std::vector<std::pair<const NamedType*, std::size_t>> found;
    const auto count = [&](const NamedType* type) {
      if (type->field(name) == nullptr) return;
      for (auto& [other, uses] : found) {
        if (other == type) return void(++uses);
      }
      found.emplace_back(type, 1);
    };
    if (!parent.is_abstract()) return {};
    for (const auto* object : parent.possible_types) {
      if (object->field(name) == nullptr) continue;
      count(object);
      for (const auto* interface : object->interfaces) count(interface);
    }
    std::stable_sort(found.begin(), found.end(), [&](const auto& a, const auto& b) {
      if (a.second != b.second) return a.second > b.second;
      if (is_super(*a.first, *b.first)) return true;
      if (is_super(*b.first, *a.first)) return false;
      return a.first->name < b.first->name;
    });
    std::vector<std::string> names;
    for (const auto& [type, uses] : found) names.push_back(type->name);
    return names;
  }

  static bool is_super(const NamedType& interface, const NamedType& type) {
    return interface.kind == TypeKind::interface && type.implements(interface);
  }
};

}  // namespace

std::unique_ptr<Rules> field_rules(Validation& validation) {
  return std::make_unique<FieldRules>(validation);
}

}  // namespace dth::graphql
