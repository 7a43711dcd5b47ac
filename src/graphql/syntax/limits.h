#pragma once

#include <cstddef>
#include <cstdint>

namespace dth::graphql {

// Names and aliases: longer ones are a syntax error. An alias is a key of the answer, once for each
// object, so that its length multiplies.
inline constexpr std::size_t name_bytes_max = 255;

// What one request may ask for. A document beyond a limit is refused as a whole, with what to do
// about it, before anything is executed; 0 means zero, not "no limit".
struct GraphqlLimits {
  std::size_t document_bytes_max = 128 * 1024;
  std::size_t tokens_max = 10'000;
  // Operations and fragments in one document, and the arguments of one field or directive.
  std::size_t operations_max = 50;
  std::size_t fragments_max = 1'000;
  std::size_t arguments_max = 100;
  // Selection sets within each other, fragments expanded; and, in the text, everything that nests
  // (lists, objects).
  std::size_t depth_max = 24;
  std::size_t syntax_depth_max = 64;
  // Of one operation, or of one fragment that no operation uses; fragments expanded.
  std::size_t aliases_max = 100;
  std::size_t fields_max = 5'000;
  std::size_t directives_max = 200;
  std::size_t root_fields_max = 50;
  // The sum of the weights of all fields, each multiplied by the sizes of the lists it is in.
  std::uint64_t cost_max = 100'000;
  // The size of a list that no argument bounds.
  std::uint64_t list_size_assumed = 10;
  // Comparisons of fields with each other while validating; each takes some ten nanoseconds.
  std::size_t field_comparisons_max = 500'000;
  std::size_t errors_max = 100;
  // Nested lists and objects in the variables.
  std::size_t variables_depth_max = 32;
  // Asynchronous fields of one operation in flight.
  std::size_t concurrent_fields_max = 64;
  // Fields and list items of one response, and its bytes as JSON, keys included.
  std::size_t response_nodes_max = 200'000;
  std::size_t response_bytes_max = 8 << 20;
};

}  // namespace dth::graphql
