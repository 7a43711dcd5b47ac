#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "graphql/schema/schema.h"

namespace dth::graphql {

// Makes a schema of its definitions in two steps: everything by name first, then what refers to it.
class SchemaBuilder {
 public:
  explicit SchemaBuilder(const SchemaOptions& options)
      : options_(options), schema_(std::make_shared<Schema>()) {}

  // Takes up a document whose rules were checked. The one of the specification comes first.
  void add(std::shared_ptr<const Document> document, bool is_builtin);
  // Adds errors of what only shows when all types are known.
  std::shared_ptr<const Schema> finish(std::vector<GraphqlError>* errors);

 private:
  void add_type(const ast::Definition& definition, bool is_builtin);
  void extend(NamedType& type, const ast::Definition& definition);
  void add_directive(const ast::Definition& definition, bool is_builtin);
  void add_schema(const ast::Definition& definition);
  Field make_field(const ast::FieldDefinition& node);
  InputValue make_input_value(const ast::InputValueDefinition& node);
  std::vector<InputValue> make_input_values(const List<ast::InputValueDefinition>& nodes);
  TypeRef resolve(const ast::TypeReference& reference) const;
  void resolve_types();
  void resolve_fields(NamedType& type);
  void resolve_interfaces(NamedType& type);
  void resolve_roots();
  void index_types();
  void order_types();
  void take_meta_fields();
  void coerce_defaults(std::vector<GraphqlError>* errors);
  void coerce_defaults_of(NamedType& type, std::set<const NamedType*>* done,
                          std::vector<GraphqlError>* errors);
  void coerce_default(InputValue& value, const std::string& where,
                      std::vector<GraphqlError>* errors);

  const SchemaOptions& options_;
  std::shared_ptr<Schema> schema_;
  std::map<std::string_view, NamedType*> types_;
  std::map<ast::OperationKind, std::string_view> root_names_;
  bool has_schema_definition_ = false;
};

// The text argument of a directive where it stands: its value, its default, or nothing.
std::optional<std::string> directive_text(const List<ast::Directive>& directives,
                                          std::string_view directive, std::string_view argument,
                                          std::optional<std::string> fallback = std::nullopt);

// Rules that need no schema (section 3, and 5 where it holds for SDL).
void check_sdl(const Document& document, const Document& builtins,
               std::vector<GraphqlError>* errors);
// Rules for types that all resolve.
void check_schema(const Schema& schema, const Document& document,
                  std::vector<GraphqlError>* errors);
void check_interfaces(const Schema& schema, const NamedType& type, const Document& document,
                      std::vector<GraphqlError>* errors);

}  // namespace dth::graphql
