#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/json.hpp>

#include "graphql/syntax/document.h"

namespace dth::graphql {

enum class TypeKind : std::uint8_t {
  scalar,
  object,
  interface,
  union_type,
  enumeration,
  input_object
};
// As introspection calls them: "SCALAR", "OBJECT", ...
std::string_view to_string(TypeKind kind);

struct NamedType;

// A type as fields and variables have it: a named type and what wraps it. A small value, compared
// by value.
struct TypeRef {
  const NamedType* named = nullptr;
  Wrappers wrappers;

  explicit operator bool() const { return named != nullptr; }
  bool is_non_null() const { return wrappers.is_non_null(); }
  // Of the type without a non-null mark.
  bool is_list() const { return nullable().wrappers.is_list(); }
  TypeRef nullable() const { return wrappers.is_non_null() ? inner() : *this; }
  // Without the outermost wrapper. Precondition: there is one.
  TypeRef inner() const { return {named, wrappers.inner()}; }
  TypeRef as_non_null() const {
    return wrappers.is_non_null() ? *this : TypeRef{named, wrappers.in_non_null()};
  }
  bool operator==(const TypeRef&) const = default;
};
std::string to_string(TypeRef type);

// A scalar's rules, for values as JSON has them. Both answer a sentence that says what is wrong.
struct ScalarRules {
  // From a variable, or a literal (made JSON first), to what resolvers are given.
  std::function<Result<boost::json::value>(const boost::json::value&)> parse;
  // From what a resolver returned to what clients are given.
  std::function<Result<boost::json::value>(const boost::json::value&)> serialize;
};

struct InputValue {
  std::string name;
  std::optional<std::string> description;
  TypeRef type;
  const ast::Value* default_literal = nullptr;
  std::optional<boost::json::value> default_value;  // coerced
  std::optional<std::string> deprecation_reason;
  // @range(min:, max:), which a schema may define for arguments that are whole numbers.
  struct Range {
    std::int64_t min = 0;
    std::int64_t max = 0;
  };
  std::optional<Range> range;
  const ast::InputValueDefinition* node = nullptr;

  bool is_required() const { return type.is_non_null() && default_literal == nullptr; }
};

struct Field {
  std::string name;
  std::optional<std::string> description;
  std::vector<InputValue> arguments;
  TypeRef type;
  std::optional<std::string> deprecation_reason;
  const NamedType* parent = nullptr;
  std::uint32_t index = 0;  // among all fields of the schema
  const ast::FieldDefinition* node = nullptr;

  const InputValue* argument(std::string_view argument_name) const;
};

struct EnumValue {
  std::string name;
  std::optional<std::string> description;
  std::optional<std::string> deprecation_reason;
  const ast::EnumValueDefinition* node = nullptr;
};

struct NamedType {
  TypeKind kind = TypeKind::scalar;
  std::string name;
  std::optional<std::string> description;
  bool is_builtin = false;                    // of the specification, not of the SDL
  std::uint32_t index = 0;                    // among all types of the schema
  std::vector<const ast::Definition*> nodes;  // its definition and extensions
  // scalars
  std::optional<std::string> specified_by_url;
  ScalarRules scalar;
  // objects and interfaces
  std::vector<Field> fields;
  std::vector<const NamedType*> interfaces;
  // interfaces and unions: the objects that it may be; interfaces: those that implement it
  std::vector<const NamedType*> possible_types;
  std::vector<const NamedType*> implementing_interfaces;
  // enums
  std::vector<EnumValue> enum_values;
  // input objects
  std::vector<InputValue> input_fields;
  bool is_one_of = false;

  bool is_composite() const {
    return kind == TypeKind::object || kind == TypeKind::interface || kind == TypeKind::union_type;
  }
  bool is_abstract() const { return kind == TypeKind::interface || kind == TypeKind::union_type; }
  bool is_leaf() const { return kind == TypeKind::scalar || kind == TypeKind::enumeration; }
  bool is_input() const { return is_leaf() || kind == TypeKind::input_object; }
  bool is_output() const { return kind != TypeKind::input_object; }
  const Field* field(std::string_view field_name) const;
  const InputValue* input_field(std::string_view field_name) const;
  const EnumValue* enum_value(std::string_view value_name) const;
  bool implements(const NamedType& interface) const;

  // Filled by the schema when the fields are complete.
  std::unordered_map<std::string_view, const Field*> field_index;
  std::unordered_map<std::string_view, const InputValue*> input_field_index;
};

struct DirectiveType {
  std::string name;
  std::optional<std::string> description;
  std::vector<InputValue> arguments;
  std::vector<std::string> locations;
  bool is_repeatable = false;
  bool is_builtin = false;
  const ast::Definition* node = nullptr;

  const InputValue* argument(std::string_view argument_name) const;
  bool may_stand_at(std::string_view location) const;
};

struct SchemaOptions {
  // By the name of the scalar; those of the SDL that are not here take and give any JSON.
  std::map<std::string, ScalarRules, std::less<>> scalars;
};

class Schema;

// Either a schema, or at least one error and no schema.
struct SchemaBuild {
  std::shared_ptr<const Schema> schema;
  std::vector<GraphqlError> errors;
};

// Builds a schema from its definition in SDL, which is the source of truth, and holds it to every
// rule of section 3 of the specification. Introspection's types and the directives of the
// specification are added.
SchemaBuild build_schema(std::string sdl, const SchemaOptions& options = {});

// Types by name. Immutable, and safe to share between threads.
class Schema {
 public:
  Schema() = default;
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;

  const std::optional<std::string>& description() const { return description_; }
  const NamedType* query() const { return roots_[0]; }
  const NamedType* mutation() const { return roots_[1]; }
  const NamedType* subscription() const { return roots_[2]; }
  const NamedType* root(ast::OperationKind operation) const {
    return roots_[static_cast<std::size_t>(operation)];
  }

  // In the order of the SDL; introspection's types come last.
  const std::vector<std::unique_ptr<NamedType>>& types() const { return types_; }
  const std::vector<std::unique_ptr<DirectiveType>>& directives() const { return directives_; }
  const NamedType* type(std::string_view name) const;
  const DirectiveType* directive(std::string_view name) const;
  // Nothing where no such type is.
  TypeRef type(const ast::TypeReference& reference) const;
  // Of a type, or the meta fields __typename, __schema and __type where they may stand.
  const Field* field(const NamedType& parent, std::string_view name) const;
  std::size_t field_count() const { return field_count_; }

  bool is_possible(const NamedType& abstract, const NamedType& object) const;
  bool overlap(const NamedType& a, const NamedType& b) const;
  // Is every value of the one a value of the other?
  bool is_subtype(TypeRef type, TypeRef super) const;

  const Field& typename_field() const { return meta_fields_[0]; }
  const Field& schema_field() const { return meta_fields_[1]; }
  const Field& type_field() const { return meta_fields_[2]; }

 private:
  friend class SchemaBuilder;
  std::vector<std::shared_ptr<const Document>> documents_;
  std::optional<std::string> description_;
  const NamedType* roots_[3] = {};
  std::vector<std::unique_ptr<NamedType>> types_;
  std::vector<std::unique_ptr<DirectiveType>> directives_;
  std::unordered_map<std::string_view, NamedType*> types_by_name_;
  std::unordered_map<std::string_view, DirectiveType*> directives_by_name_;
  std::vector<std::vector<bool>> possible_;  // by the index of the abstract type and of the object
  Field meta_fields_[3];
  std::size_t field_count_ = 0;
};

// The schema as SDL, without what is of the specification.
std::string print_schema(const Schema& schema);

// A JSON value that a type's literal was coerced to, as a literal of that type.
std::string print_input_value(const boost::json::value& value, TypeRef type);

}  // namespace dth::graphql
