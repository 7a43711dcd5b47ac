#include "graphql/schema/builder.h"

#include <algorithm>
#include <charconv>

#include "graphql/schema/builtins.h"
#include "graphql/schema/coercion.h"
#include "graphql/syntax/parser.h"

namespace dth::graphql {
namespace {

using ast::DefinitionKind;

// A schema is our own: these bounds are for mistakes.
constexpr ParseOptions schema_bounds{
    .document_bytes_max = 16 * 1024 * 1024, .tokens_max = 2'000'000, .syntax_depth_max = 100};

TypeKind type_kind(DefinitionKind kind) {
  switch (kind) {
    case DefinitionKind::object:
      return TypeKind::object;
    case DefinitionKind::interface:
      return TypeKind::interface;
    case DefinitionKind::union_type:
      return TypeKind::union_type;
    case DefinitionKind::enumeration:
      return TypeKind::enumeration;
    case DefinitionKind::input_object:
      return TypeKind::input_object;
    default:
      return TypeKind::scalar;
  }
}

std::optional<std::string> text_of(const ast::Value* description) {
  return description != nullptr ? std::optional(std::string(description->text)) : std::nullopt;
}

std::optional<std::string> deprecation_of(const List<ast::Directive>& directives) {
  return directive_text(directives, "deprecated", "reason", "No longer supported");
}

// Nothing where one of the two is missing or is not a whole number.
std::optional<InputValue::Range> range_of(const List<ast::Directive>& directives) {
  InputValue::Range range;
  for (auto [name, bound] : {std::pair("min", &range.min), std::pair("max", &range.max)}) {
    const auto text = directive_text(directives, "range", name);
    if (!text) return std::nullopt;
    const auto parsed = std::from_chars(text->data(), text->data() + text->size(), *bound);
    if (parsed.ec != std::errc() || parsed.ptr != text->data() + text->size()) return std::nullopt;
  }
  return range;
}

const std::shared_ptr<const Document>& builtin_document() {
  static const std::shared_ptr<const Document> document =
      parse(std::string(builtin_sdl), schema_bounds).value();
  return document;
}

}  // namespace

std::optional<std::string> directive_text(const List<ast::Directive>& directives,
                                          std::string_view directive_name,
                                          std::string_view argument_name,
                                          std::optional<std::string> fallback) {
  for (const auto& directive : directives) {
    if (directive.name.text != directive_name) continue;
    for (const auto& argument : directive.arguments) {
      if (argument.name.text != argument_name) continue;
      if (argument.value.kind == ast::ValueKind::null) return std::nullopt;
      return std::string(argument.value.text);
    }
    return fallback;
  }
  return std::nullopt;
}

void SchemaBuilder::add(std::shared_ptr<const Document> document, bool is_builtin) {
  for (const auto& definition : document->definitions) {
    if (definition.kind == DefinitionKind::schema) {
      add_schema(definition);
    } else if (definition.kind == DefinitionKind::directive) {
      add_directive(definition, is_builtin);
    } else if (!definition.is_extension) {
      add_type(definition, is_builtin);
    }
  }
  for (const auto& definition : document->definitions) {
    if (!definition.is_extension || definition.kind == DefinitionKind::schema) continue;
    const auto found = types_.find(definition.name.text);
    if (found != types_.end()) extend(*found->second, definition);
  }
  schema_->documents_.push_back(std::move(document));
}

void SchemaBuilder::add_type(const ast::Definition& definition, bool is_builtin) {
  // A schema may repeat the scalars of the specification; that says nothing new.
  if (!is_builtin && is_builtin_scalar(definition.name.text)) return;
  auto& type = *schema_->types_.emplace_back(std::make_unique<NamedType>());
  type.kind = type_kind(definition.kind);
  type.name = definition.name.text;
  type.description = text_of(definition.description);
  type.is_builtin = is_builtin;
  types_[definition.name.text] = &type;
  extend(type, definition);
  if (type.kind != TypeKind::scalar) return;
  const auto rules = options_.scalars.find(type.name);
  type.scalar = is_builtin                        ? builtin_scalar_rules(type.name)
                : rules != options_.scalars.end() ? rules->second
                                                  : any_scalar_rules();
}

void SchemaBuilder::extend(NamedType& type, const ast::Definition& definition) {
  type.nodes.push_back(&definition);
  for (const auto& field : definition.fields) type.fields.push_back(make_field(field));
  for (auto& field : make_input_values(definition.input_fields))
    type.input_fields.push_back(std::move(field));
  for (const auto& value : definition.enum_values) {
    type.enum_values.push_back({std::string(value.name.text), text_of(value.description),
                                deprecation_of(value.directives), &value});
  }
  if (auto url = directive_text(definition.directives, "specifiedBy", "url"))
    type.specified_by_url = std::move(url);
  for (const auto& directive : definition.directives) {
    if (directive.name.text == "oneOf" && type.kind == TypeKind::input_object)
      type.is_one_of = true;
  }
}

void SchemaBuilder::add_directive(const ast::Definition& definition, bool is_builtin) {
  auto directive = std::make_unique<DirectiveType>();
  directive->name = definition.name.text;
  directive->description = text_of(definition.description);
  directive->arguments = make_input_values(definition.input_fields);
  for (const auto& location : definition.locations)
    directive->locations.emplace_back(location.text);
  directive->is_repeatable = definition.is_repeatable;
  directive->is_builtin = is_builtin;
  directive->node = &definition;
  // A schema's own definition of a directive of the specification takes its place.
  auto& all = schema_->directives_;
  std::erase_if(all, [&](const auto& other) { return other->name == directive->name; });
  all.push_back(std::move(directive));
}

void SchemaBuilder::add_schema(const ast::Definition& definition) {
  if (!definition.is_extension) {
    has_schema_definition_ = true;
    schema_->description_ = text_of(definition.description);
  }
  for (const auto& type : definition.operation_types) root_names_[type.operation] = type.type.text;
}

Field SchemaBuilder::make_field(const ast::FieldDefinition& node) {
  Field field;
  field.name = node.name.text;
  field.description = text_of(node.description);
  field.arguments = make_input_values(node.arguments);
  field.deprecation_reason = deprecation_of(node.directives);
  field.node = &node;
  return field;
}

InputValue SchemaBuilder::make_input_value(const ast::InputValueDefinition& node) {
  InputValue value;
  value.name = node.name.text;
  value.description = text_of(node.description);
  value.default_literal = node.default_value;
  value.deprecation_reason = deprecation_of(node.directives);
  value.range = range_of(node.directives);
  value.node = &node;
  return value;
}

std::vector<InputValue> SchemaBuilder::make_input_values(
    const List<ast::InputValueDefinition>& nodes) {
  std::vector<InputValue> values;
  for (const auto& node : nodes) values.push_back(make_input_value(node));
  return values;
}

std::shared_ptr<const Schema> SchemaBuilder::finish(std::vector<GraphqlError>* errors) {
  order_types();
  resolve_types();
  take_meta_fields();
  resolve_roots();
  index_types();
  coerce_defaults(errors);
  return schema_;
}

SchemaBuild build_schema(std::string sdl, const SchemaOptions& options) {
  SchemaBuild build;
  auto document = parse(std::move(sdl), schema_bounds);
  if (!document) {
    build.errors.push_back(document.error());
    return build;
  }
  check_sdl(**document, *builtin_document(), &build.errors);
  if (!build.errors.empty()) return build;
  SchemaBuilder builder(options);
  builder.add(builtin_document(), true);
  builder.add(*document, false);
  auto schema = builder.finish(&build.errors);
  check_schema(*schema, **document, &build.errors);
  for (const auto& [name, rules] : options.scalars) {
    const NamedType* type = schema->type(name);
    if (type == nullptr || type->kind != TypeKind::scalar || type->is_builtin) {
      build.errors.push_back(
          {"Rules are given for the scalar \"" + name +
           "\", which the schema does not define. Define it, or take the rules away."});
    }
  }
  if (build.errors.empty()) build.schema = std::move(schema);
  return build;
}

}  // namespace dth::graphql
