#include "graphql/schema/builtins.h"

namespace dth::graphql {

// Ahead of a schema's own SDL. Clients are looser than September 2025 where they pass null for
// includeDeprecated, so that argument stays nullable, as in October 2021.
const std::string_view builtin_sdl = R"sdl(
"Text, as Unicode characters."
scalar String
"A whole number between -(2^31) and 2^31 - 1."
scalar Int
"A number of double precision (IEEE 754)."
scalar Float
"`true` or `false`."
scalar Boolean
"What identifies an object: given as a string or a whole number, answered as a string. Not meant to be read by people."
scalar ID

"Include this field or fragment only if the argument is true."
directive @include("Included when true." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
"Leave out this field or fragment if the argument is true."
directive @skip("Left out when true." if: Boolean!) on FIELD | FRAGMENT_SPREAD | INLINE_FRAGMENT
"Marks what is not to be used any more."
directive @deprecated("Why, and what to use instead; in Markdown." reason: String = "No longer supported")
  on FIELD_DEFINITION | ARGUMENT_DEFINITION | INPUT_FIELD_DEFINITION | ENUM_VALUE
"Says where a scalar is specified."
directive @specifiedBy("The address of the specification." url: String!) on SCALAR
"Exactly one field of this input object is to be given, and it must not be null."
directive @oneOf on INPUT_OBJECT

"What this server can do: its types, its directives, and where operations begin."
type __Schema {
  description: String
  "All types."
  types: [__Type!]!
  "The type where queries begin."
  queryType: __Type!
  "The type where mutations begin, if there are any."
  mutationType: __Type
  "The type where subscriptions begin, if there are any."
  subscriptionType: __Type
  "All directives."
  directives: [__Directive!]!
}

"A type. Which of the fields say something depends on its kind."
type __Type {
  kind: __TypeKind!
  name: String
  description: String
  "Of scalars: where they are specified."
  specifiedByURL: String
  "Of objects and interfaces."
  fields(includeDeprecated: Boolean = false): [__Field!]
  "Of objects and interfaces: what they implement."
  interfaces: [__Type!]
  "Of interfaces and unions: the objects that they may be."
  possibleTypes: [__Type!]
  "Of enums."
  enumValues(includeDeprecated: Boolean = false): [__EnumValue!]
  "Of input objects."
  inputFields(includeDeprecated: Boolean = false): [__InputValue!]
  "Of lists and non-null types: what they wrap."
  ofType: __Type
  "Of input objects: is exactly one field to be given?"
  isOneOf: Boolean
}

"The kinds of types."
enum __TypeKind {
  SCALAR
  OBJECT
  INTERFACE
  UNION
  ENUM
  INPUT_OBJECT
  LIST
  NON_NULL
}

"A field of an object or interface."
type __Field {
  name: String!
  description: String
  args(includeDeprecated: Boolean = false): [__InputValue!]!
  type: __Type!
  isDeprecated: Boolean!
  deprecationReason: String
}

"An argument, or a field of an input object."
type __InputValue {
  name: String!
  description: String
  type: __Type!
  "The default, written as in a document."
  defaultValue: String
  isDeprecated: Boolean!
  deprecationReason: String
}

"A value of an enum."
type __EnumValue {
  name: String!
  description: String
  isDeprecated: Boolean!
  deprecationReason: String
}

"A directive, and where it may stand."
type __Directive {
  name: String!
  description: String
  "May it stand several times in one place?"
  isRepeatable: Boolean!
  locations: [__DirectiveLocation!]!
  args(includeDeprecated: Boolean = false): [__InputValue!]!
}

"The places where directives may stand."
enum __DirectiveLocation {
  QUERY
  MUTATION
  SUBSCRIPTION
  FIELD
  FRAGMENT_DEFINITION
  FRAGMENT_SPREAD
  INLINE_FRAGMENT
  VARIABLE_DEFINITION
  SCHEMA
  SCALAR
  OBJECT
  FIELD_DEFINITION
  ARGUMENT_DEFINITION
  INTERFACE
  UNION
  ENUM
  ENUM_VALUE
  INPUT_OBJECT
  INPUT_FIELD_DEFINITION
}

"The meta fields, which are in no type's list of fields; this type itself is hidden."
type __Meta {
  __typename: String!
  __schema: __Schema!
  __type(name: String!): __Type
}
)sdl";

}  // namespace dth::graphql
