#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include "graphql/syntax/error.h"
#include "graphql/syntax/types.h"

namespace dth::graphql {

// A list that lies in a document's arena.
template <class T>
class List {
 public:
  List() = default;
  List(const T* data, std::size_t size) : data_(data), size_(static_cast<std::uint32_t>(size)) {}
  const T* begin() const { return data_; }
  const T* end() const { return data_ + size_; }
  const T* data() const { return data_; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const T& operator[](std::size_t i) const { return data_[i]; }

 private:
  const T* data_ = nullptr;
  std::uint32_t size_ = 0;
};

// The syntax tree (appendix B of the specification). Nodes are plain data in their document's arena
// and live as long as it does; texts point into the source or the arena. `offset` is where a node
// begins, in bytes.
namespace ast {

struct Name {
  std::string_view text;
  std::uint32_t offset = 0;
  explicit operator bool() const { return !text.empty(); }
};

enum class ValueKind : std::uint8_t {
  variable,
  integer,
  floating,
  string,
  boolean,
  null,
  enumeration,
  list,
  object
};

struct ObjectField;

// `text` is a variable's or enum value's name, a number as written, a string's value, or "true" or
// "false".
struct Value {
  ValueKind kind = ValueKind::null;
  bool is_block = false;
  std::uint32_t offset = 0;
  std::string_view text;
  List<Value> items;
  List<ObjectField> fields;
};

struct ObjectField {
  Name name;
  Value value;
};

struct Argument {
  Name name;
  Value value;
};

struct Directive {
  Name name;
  std::uint32_t offset = 0;
  List<Argument> arguments;
};

struct TypeReference {
  Name name;
  Wrappers wrappers;
  std::uint32_t offset = 0;
};

struct VariableDefinition {
  const Value* description = nullptr;
  Name name;  // without the dollar sign; its offset is that of the sign
  TypeReference type;
  const Value* default_value = nullptr;
  List<Directive> directives;
  std::uint32_t offset = 0;
};

struct Selection;

struct SelectionSet {
  List<Selection> items;
  std::uint32_t offset = 0;
  explicit operator bool() const { return !items.empty(); }
};

enum class SelectionKind : std::uint8_t { field, fragment_spread, inline_fragment };

struct Selection {
  SelectionKind kind = SelectionKind::field;
  std::uint32_t offset = 0;
  Name alias;
  Name name;            // of the field or the fragment
  Name type_condition;  // of an inline fragment; may be missing
  List<Argument> arguments;
  List<Directive> directives;
  SelectionSet selections;

  std::string_view response_key() const { return alias ? alias.text : name.text; }
};

struct InputValueDefinition {
  const Value* description = nullptr;
  Name name;
  TypeReference type;
  const Value* default_value = nullptr;
  List<Directive> directives;
  std::uint32_t offset = 0;
};

struct FieldDefinition {
  const Value* description = nullptr;
  Name name;
  List<InputValueDefinition> arguments;
  TypeReference type;
  List<Directive> directives;
  std::uint32_t offset = 0;
};

struct EnumValueDefinition {
  const Value* description = nullptr;
  Name name;
  List<Directive> directives;
  std::uint32_t offset = 0;
};

enum class OperationKind : std::uint8_t { query, mutation, subscription };
std::string_view to_string(OperationKind kind);

struct OperationTypeDefinition {
  OperationKind operation = OperationKind::query;
  Name type;
  std::uint32_t offset = 0;
};

enum class DefinitionKind : std::uint8_t {
  operation,
  fragment,
  schema,
  scalar,
  object,
  interface,
  union_type,
  enumeration,
  input_object,
  directive,
};

// One struct for all definitions: which members are set follows from the kind.
struct Definition {
  DefinitionKind kind = DefinitionKind::operation;
  bool is_extension = false;
  std::uint32_t offset = 0;
  const Value* description = nullptr;
  Name name;
  List<Directive> directives;
  // operations and fragments
  OperationKind operation = OperationKind::query;
  bool is_shorthand = false;
  List<VariableDefinition> variables;
  Name type_condition;
  SelectionSet selections;
  // type system
  List<OperationTypeDefinition> operation_types;
  List<Name> interfaces;
  List<FieldDefinition> fields;
  List<InputValueDefinition> input_fields;  // of an input object; the arguments of a directive
  List<Name> members;                       // of a union
  List<EnumValueDefinition> enum_values;
  bool is_repeatable = false;
  List<Name> locations;  // of a directive

  bool is_executable() const {
    return kind == DefinitionKind::operation || kind == DefinitionKind::fragment;
  }
};

}  // namespace ast

// A parsed document with its source. Immutable once parsed, and then safe to share between threads.
class Document {
 public:
  explicit Document(std::string source);
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  const std::string& source() const { return source_; }
  List<ast::Definition> definitions;

  // Where an offset is, for people.
  Location location(std::uint32_t offset) const;

  // For the parser: memory that lives as long as the document.
  template <class T>
  List<T> keep(const std::vector<T>& items) {
    if (items.empty()) return {};
    static_assert(std::is_trivially_destructible_v<T>);
    auto* memory = static_cast<T*>(allocate(items.size() * sizeof(T), alignof(T)));
    std::uninitialized_copy(items.begin(), items.end(), memory);
    return List<T>(memory, items.size());
  }
  template <class T>
  const T* keep_one(const T& item) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T), alignof(T))) T(item);
  }
  std::string_view keep_text(std::string_view text);
  // What it takes, all in all.
  std::size_t memory_bytes() const {
    return source_.size() + checkpoints_.capacity() * sizeof(Checkpoint) + kept_bytes_;
  }

 private:
  void* allocate(std::size_t bytes, std::size_t alignment) {
    kept_bytes_ += bytes;
    return arena_.allocate(bytes, alignment);
  }
  struct Checkpoint {
    std::uint32_t offset = 0;
    Location location{1, 1};
  };
  void step(Checkpoint* place) const;

  std::string source_;
  // Places some way apart, so that finding one takes no longer in a long document.
  std::vector<Checkpoint> checkpoints_;
  std::size_t kept_bytes_ = 0;
  std::pmr::monotonic_buffer_resource arena_;
};

// The document as text, in the form of section 2 with two spaces of indent; what it says parses
// back to the same tree.
std::string print(const Document& document);
std::string print(const ast::Value& value);
std::string print(const ast::TypeReference& type);
std::string print(const ast::Definition& definition);
// A string as a GraphQL literal in one line, quotes included.
std::string print_string(std::string_view text);
// A string as a block string, quotes included, its lines prefixed by `indent`.
std::string print_block_string(std::string_view text, std::string_view indent = "",
                               bool minimize = false);

}  // namespace dth::graphql
