// Does a type have what its interfaces promise? (Section 3.6, IsValidImplementation.)
#include <algorithm>
#include <set>

#include "graphql/schema/builder.h"

namespace dth::graphql {
namespace {

class InterfaceRules {
 public:
  InterfaceRules(const Schema& schema, const NamedType& type, const Document& document,
                 std::vector<GraphqlError>* errors)
      : schema_(schema), type_(type), document_(document), errors_(*errors) {}

  void check() {
    std::set<const NamedType*> seen;
    for (const auto* interface : type_.interfaces) {
      const auto names = offsets_of_name(type_, *interface);
      if (interface->kind != TypeKind::interface) {
        report("Type " + type_.name + " must only implement Interface types, it cannot implement " +
                   interface->name + ".",
               names);
      } else if (interface == &type_) {
        report("Type " + type_.name +
                   " cannot implement itself because it would create a circular reference.",
               names);
      } else if (!seen.insert(interface).second) {
        report("Type " + type_.name + " can only implement " + interface->name + " once.", names);
      } else {
        check_ancestors(*interface);
        for (const auto& field : interface->fields) check_field(*interface, field);
      }
    }
  }

 private:
  using Offsets = std::vector<std::uint32_t>;

  void report(std::string message, const Offsets& offsets) {
    std::vector<Location> locations;
    for (const auto offset : offsets) locations.push_back(document_.location(offset));
    errors_.push_back({std::move(message), std::move(locations)});
  }

  static Offsets offsets_of_name(const NamedType& type, const NamedType& interface) {
    Offsets offsets;
    for (const auto* node : type.nodes) {
      for (const auto& name : node->interfaces) {
        if (name.text == interface.name) offsets.push_back(name.offset);
      }
    }
    return offsets;
  }

  void check_ancestors(const NamedType& interface) {
    for (const auto* ancestor : interface.interfaces) {
      if (type_.implements(*ancestor)) continue;
      Offsets offsets = offsets_of_name(interface, *ancestor);
      for (const auto offset : offsets_of_name(type_, interface)) offsets.push_back(offset);
      report(ancestor == &type_ ? "Type " + type_.name + " cannot implement " + interface.name +
                                      " because it would create a circular reference."
                                : "Type " + type_.name + " must implement " + ancestor->name +
                                      " because it is implemented by " + interface.name + ".",
             offsets);
    }
  }

  void check_field(const NamedType& interface, const Field& promised) {
    const std::string promise = interface.name + "." + promised.name;
    const std::string path = type_.name + "." + promised.name;
    const Field* field = type_.field(promised.name);
    if (field == nullptr) {
      Offsets offsets{promised.node->offset};
      for (const auto* node : type_.nodes) offsets.push_back(node->offset);
      report("Interface field " + promise + " expected but " + type_.name + " does not provide it.",
             offsets);
      return;
    }
    if (!schema_.is_subtype(field->type, promised.type)) {
      report("Interface field " + promise + " expects type " + to_string(promised.type) + " but " +
                 path + " is type " + to_string(field->type) + ".",
             {promised.node->type.offset, field->node->type.offset});
    }
    for (const auto& argument : promised.arguments) check_argument(promise, path, argument, *field);
    for (const auto& argument : field->arguments) {
      if (promised.argument(argument.name) != nullptr || !argument.is_required()) continue;
      report("Object field " + path + " includes required argument " + argument.name +
                 " that is missing from the Interface field " + promise + ".",
             {argument.node->offset, promised.node->offset});
    }
  }

  void check_argument(const std::string& promise, const std::string& path,
                      const InputValue& promised, const Field& field) {
    const std::string in_promise = promise + "(" + promised.name + ":)";
    const InputValue* argument = field.argument(promised.name);
    if (argument == nullptr) {
      report("Interface field argument " + in_promise + " expected but " + path +
                 " does not provide it.",
             {promised.node->offset, field.node->offset});
    } else if (argument->type != promised.type) {
      report("Interface field argument " + in_promise + " expects type " +
                 to_string(promised.type) + " but " + path + "(" + promised.name + ":) is type " +
                 to_string(argument->type) + ".",
             {promised.node->type.offset, argument->node->type.offset});
    }
  }

  const Schema& schema_;
  const NamedType& type_;
  const Document& document_;
  std::vector<GraphqlError>& errors_;
};

}  // namespace

void check_interfaces(const Schema& schema, const NamedType& type, const Document& document,
                      std::vector<GraphqlError>* errors) {
  InterfaceRules(schema, type, document, errors).check();
}

}  // namespace dth::graphql
