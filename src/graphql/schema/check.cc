// Rules for types (section 3, "Type Validation" of each kind).
#include <algorithm>
#include <map>
#include <set>

#include "graphql/schema/builder.h"

namespace dth::graphql {
namespace {

class SchemaRules {
 public:
  SchemaRules(const Schema& schema, const Document& document, std::vector<GraphqlError>* errors)
      : schema_(schema), document_(document), errors_(*errors) {}

  void check() {
    check_roots();
    for (const auto& directive : schema_.directives()) {
      if (directive->is_builtin) continue;
      check_name(directive->name, directive->node->offset);
      for (const auto& argument : directive->arguments) {
        check_argument(argument, "@" + directive->name + "(" + argument.name + ":)",
                       argument.node->offset);
      }
    }
    for (const auto& type : schema_.types()) {
      if (!type->is_builtin) check_type(*type);
    }
  }

 private:
  void report(std::string message, std::vector<std::uint32_t> offsets) {
    std::vector<Location> locations;
    for (const auto offset : offsets) locations.push_back(document_.location(offset));
    errors_.push_back({std::move(message), std::move(locations)});
  }

  static std::vector<std::uint32_t> offsets_of(const NamedType& type) {
    std::vector<std::uint32_t> offsets;
    for (const auto* node : type.nodes) offsets.push_back(node->offset);
    return offsets;
  }

  void check_name(std::string_view name, std::uint32_t offset) {
    if (!name.starts_with("__")) return;
    report("Name \"" + std::string(name) +
               "\" must not begin with \"__\", which is reserved by GraphQL introspection.",
           {offset});
  }

  void check_roots() {
    const ast::Definition* definition = nullptr;
    std::map<ast::OperationKind, std::uint32_t> offsets;
    for (const auto& node : document_.definitions) {
      if (node.kind != ast::DefinitionKind::schema) continue;
      if (!node.is_extension) definition = &node;
      for (const auto& type : node.operation_types)
        offsets.emplace(type.operation, type.type.offset);
    }
    if (schema_.query() == nullptr) {
      report("Query root type must be provided.", definition != nullptr
                                                      ? std::vector{definition->offset}
                                                      : std::vector<std::uint32_t>{});
    }
    for (const auto operation : {ast::OperationKind::query, ast::OperationKind::mutation,
                                 ast::OperationKind::subscription}) {
      const NamedType* root = schema_.root(operation);
      if (root == nullptr || root->kind == TypeKind::object) continue;
      std::string name(to_string(operation));
      name[0] = static_cast<char>(name[0] - 'a' + 'A');
      const std::string condition = operation == ast::OperationKind::query ? "" : " if provided";
      const auto named = offsets.find(operation);
      report(name + " root type must be Object type" + condition + ", it cannot be " + root->name +
                 ".",
             {named != offsets.end() ? named->second : root->nodes.front()->offset});
    }
    // September 2025: the roots are different types.
    for (const auto& [a, b] : {std::pair(0, 1), std::pair(0, 2), std::pair(1, 2)}) {
      const auto* first = schema_.root(static_cast<ast::OperationKind>(a));
      const auto* second = schema_.root(static_cast<ast::OperationKind>(b));
      if (first != nullptr && first == second) {
        report("All root types must be different, \"" + first->name + "\" is used as two of them.",
               {offsets.at(static_cast<ast::OperationKind>(a)),
                offsets.at(static_cast<ast::OperationKind>(b))});
      }
    }
  }

  void check_type(const NamedType& type) {
    switch (type.kind) {
      case TypeKind::scalar:
        return;
      case TypeKind::object:
      case TypeKind::interface:
        check_fields(type);
        check_interfaces(schema_, type, document_, &errors_);
        return;
      case TypeKind::union_type:
        return check_members(type);
      case TypeKind::enumeration:
        return check_enum(type);
      case TypeKind::input_object:
        return check_input_object(type);
    }
  }

  void check_fields(const NamedType& type) {
    if (type.fields.empty())
      report("Type " + type.name + " must define one or more fields.", offsets_of(type));
    for (const auto& field : type.fields) {
      const std::string path = type.name + "." + field.name;
      check_name(field.name, field.node->offset);
      if (!field.type.named->is_output()) {
        report(
            "The type of " + path + " must be Output Type but got: " + to_string(field.type) + ".",
            {field.node->type.offset});
      }
      for (const auto& argument : field.arguments) {
        check_argument(argument, path + "(" + argument.name + ":)", argument.node->type.offset);
      }
    }
  }

  void check_argument(const InputValue& argument, const std::string& path,
                      std::uint32_t type_offset) {
    check_name(argument.name, argument.node->offset);
    if (!argument.type.named->is_input()) {
      report(
          "The type of " + path + " must be Input Type but got: " + to_string(argument.type) + ".",
          {type_offset});
    }
    check_deprecation(argument, "Required argument " + path);
  }

  void check_deprecation(const InputValue& value, const std::string& what) {
    if (!value.is_required() || !value.deprecation_reason) return;
    std::vector<std::uint32_t> offsets;
    for (const auto& directive : value.node->directives) {
      if (offsets.empty() && directive.name.text == "deprecated")
        offsets.push_back(directive.offset);
    }
    offsets.push_back(value.node->type.offset);
    report(what + " cannot be deprecated.", offsets);
  }

  void check_members(const NamedType& type) {
    if (type.possible_types.empty()) {
      report("Union type " + type.name + " must define one or more member types.",
             offsets_of(type));
    }
    std::set<const NamedType*> seen;
    for (const auto* member : type.possible_types) {
      std::vector<std::uint32_t> offsets;
      for (const auto* node : type.nodes) {
        for (const auto& name : node->members) {
          if (name.text == member->name) offsets.push_back(name.offset);
        }
      }
      if (!seen.insert(member).second) {
        report("Union type " + type.name + " can only include type " + member->name + " once.",
               offsets);
      } else if (member->kind != TypeKind::object) {
        report("Union type " + type.name + " can only include Object types, it cannot include " +
                   member->name + ".",
               offsets);
      }
    }
  }

  void check_enum(const NamedType& type) {
    if (type.enum_values.empty()) {
      report("Enum type " + type.name + " must define one or more values.", offsets_of(type));
    }
    for (const auto& value : type.enum_values) check_name(value.name, value.node->offset);
  }

  void check_input_object(const NamedType& type) {
    if (type.input_fields.empty()) {
      report("Input Object type " + type.name + " must define one or more fields.",
             offsets_of(type));
    }
    for (const auto& field : type.input_fields) {
      const std::string path = type.name + "." + field.name;
      check_name(field.name, field.node->offset);
      if (!field.type.named->is_input()) {
        report(
            "The type of " + path + " must be Input Type but got: " + to_string(field.type) + ".",
            {field.node->type.offset});
      }
      check_deprecation(field, "Required input field " + path);
      if (!type.is_one_of) continue;
      if (field.type.is_non_null()) {
        report("OneOf input field " + path + " must be nullable.", {field.node->type.offset});
      }
      if (field.default_literal != nullptr) {
        report("OneOf input field " + path + " cannot have a default value.", {field.node->offset});
      }
    }
    find_circles(type);
  }

  // An input object that needs itself has no finite value.
  void find_circles(const NamedType& type) {
    if (!visited_.insert(&type).second) return;
    position_in_path_[&type] = path_.size();
    for (const auto& field : type.input_fields) {
      if (!field.type.is_non_null()) continue;
      const TypeRef inner = field.type.inner();
      if (!inner.wrappers.empty() || inner.named->kind != TypeKind::input_object) continue;
      path_.push_back(&field);
      const auto position = position_in_path_.find(inner.named);
      if (position == position_in_path_.end()) {
        find_circles(*inner.named);
      } else {
        report_circle(*inner.named, position->second);
      }
      path_.pop_back();
    }
    position_in_path_.erase(&type);
  }

  void report_circle(const NamedType& type, std::size_t start) {
    std::string names;
    std::vector<std::uint32_t> offsets;
    for (std::size_t i = start; i < path_.size(); ++i) {
      names += (i > start ? "." : "") + path_[i]->name;
      offsets.push_back(path_[i]->node->offset);
    }
    report("Cannot reference Input Object \"" + type.name +
               "\" within itself through a series of non-null fields: \"" + names + "\".",
           offsets);
  }

  const Schema& schema_;
  const Document& document_;
  std::vector<GraphqlError>& errors_;
  std::set<const NamedType*> visited_;
  std::vector<const InputValue*> path_;
  std::map<const NamedType*, std::size_t> position_in_path_;
};

}  // namespace

void check_schema(const Schema& schema, const Document& document,
                  std::vector<GraphqlError>* errors) {
  SchemaRules(schema, document, errors).check();
}

}  // namespace dth::graphql
