// How large an operation is, by its text alone.
#include <algorithm>
#include <limits>

#include "graphql/validation/request_limits.h"

namespace dth::graphql {
namespace {

// Sums that stop instead of wrapping around: fragments within fragments grow exponentially.
std::size_t saturating_add(std::size_t a, std::size_t b) {
  return a > std::numeric_limits<std::size_t>::max() - b ? std::numeric_limits<std::size_t>::max()
                                                         : a + b;
}

// Selection sets and fragments within each other that are followed.
constexpr std::size_t levels_max = 400;

class Measure {
 public:
  explicit Measure(const PreparedDocument& document) : document_(document) {}

  // The root fields of what is returned are its fields that stand in no other field.
  OperationSize of(const ast::SelectionSet& set) {
    OperationSize size;
    size.depth = 1;
    // Deeper than any limit: what is below is not looked at.
    if (level_ >= levels_max) return {.depth = levels_max};
    ++level_;
    for (const auto& selection : set.items) {
      size.directives = saturating_add(size.directives, selection.directives.size());
      size.arguments = std::max(size.arguments, arguments_of(selection));
      if (selection.kind == ast::SelectionKind::field) {
        add_field(selection, &size);
      } else if (selection.kind == ast::SelectionKind::inline_fragment) {
        add_fragment(of(selection.selections), &size);
      } else {
        add_fragment(of_fragment(selection.name.text), &size);
      }
    }
    --level_;
    return size;
  }

  // A fragment by itself.
  OperationSize of_fragment(const ast::Definition& fragment) {
    OperationSize size = of_fragment(fragment.name.text);
    size.directives = saturating_add(size.directives, fragment.directives.size());
    return size;
  }

 private:
  static std::size_t arguments_of(const ast::Selection& selection) {
    std::size_t most = selection.arguments.size();
    for (const auto& directive : selection.directives)
      most = std::max(most, directive.arguments.size());
    return most;
  }

  void add_field(const ast::Selection& field, OperationSize* size) {
    size->fields = saturating_add(size->fields, 1);
    size->root_fields = saturating_add(size->root_fields, 1);
    if (field.alias) size->aliases = saturating_add(size->aliases, 1);
    if (!field.selections) return;
    OperationSize below = of(field.selections);
    ++below.depth;
    below.root_fields = 0;
    add_fragment(below, size);
  }

  static void add_fragment(const OperationSize& other, OperationSize* size) {
    size->depth = std::max(size->depth, other.depth);
    size->fields = saturating_add(size->fields, other.fields);
    size->aliases = saturating_add(size->aliases, other.aliases);
    size->directives = saturating_add(size->directives, other.directives);
    size->arguments = std::max(size->arguments, other.arguments);
    size->root_fields = saturating_add(size->root_fields, other.root_fields);
  }

  // Circles count once here; validation refuses them.
  OperationSize of_fragment(std::string_view name) {
    const auto fragment = document_.fragments.find(name);
    if (fragment == document_.fragments.end()) return {};
    const auto known = sizes_.find(name);
    if (known != sizes_.end()) return known->second;
    sizes_[name] = {};
    const OperationSize size = of(fragment->second->selections);
    return sizes_[name] = size;
  }

  const PreparedDocument& document_;
  std::unordered_map<std::string_view, OperationSize> sizes_;
  std::size_t level_ = 0;
};

}  // namespace

OperationSize measure(const PreparedDocument& document, const ast::Definition& operation) {
  OperationSize size = Measure(document).of(operation.selections);
  size.directives = saturating_add(size.directives, operation.directives.size());
  return size;
}

namespace {

void check_against_limits(const OperationSize& size, const ast::Definition& definition,
                          const Document& document, const GraphqlLimits& limits,
                          std::vector<GraphqlError>* errors) {
  const bool is_fragment = definition.kind == ast::DefinitionKind::fragment;
  const auto check_one = [&](std::size_t value, std::size_t max, std::string_view of_what,
                             std::string_view advice) {
    if (value <= max || errors->size() >= limits.errors_max) return;
    errors->push_back(
        {std::string("The ") + (is_fragment ? "fragment " : "operation ") +
             (definition.name ? "\"" + std::string(definition.name.text) + "\" " : std::string()) +
             "has more than " + std::to_string(max) + " " + std::string(of_what) + ". " +
             std::string(advice),
         {document.location(definition.offset)}});
  };
  check_one(size.depth, limits.depth_max, "levels of selections",
            "Ask for less depth, or in several requests.");
  check_one(size.fields, limits.fields_max, "fields", "Ask for fewer, or in several requests.");
  check_one(size.aliases, limits.aliases_max, "aliases", "Use fewer, or several requests.");
  check_one(size.directives, limits.directives_max, "directives",
            "Use fewer, or several requests.");
  check_one(size.arguments, limits.arguments_max, "arguments at one place", "Give fewer.");
  if (!is_fragment)
    check_one(size.root_fields, limits.root_fields_max, "fields at its root",
              "Send several requests.");
}

}  // namespace

std::vector<GraphqlError> check_size(const PreparedDocument& document,
                                     const GraphqlLimits& limits) {
  std::vector<GraphqlError> errors;
  const auto check_count = [&](std::size_t count, std::size_t max, std::string_view what) {
    if (count <= max) return;
    errors.push_back({"The document has " + std::to_string(count) + " " + std::string(what) +
                      ", more than " + std::to_string(max) + ". Send several requests."});
  };
  check_count(document.operations.size(), limits.operations_max, "operations");
  check_count(document.fragments.size(), limits.fragments_max, "fragments");
  if (!errors.empty()) return errors;
  for (const auto* operation : document.operations)
    check_against_limits(measure(document, *operation), *operation, *document.document, limits,
                         &errors);
  if (!errors.empty()) return errors;
  // Those that no operation uses as well: validation looks into them before it refuses them.
  Measure measuring(document);
  for (const auto& [name, fragment] : document.fragments)
    check_against_limits(measuring.of_fragment(*fragment), *fragment, *document.document, limits,
                         &errors);
  return errors;
}

bool uses_introspection(const PreparedDocument& document) {
  std::vector<const ast::SelectionSet*> pending;
  for (const auto& definition : document.document->definitions)
    pending.push_back(&definition.selections);
  while (!pending.empty()) {
    const auto* set = pending.back();
    pending.pop_back();
    for (const auto& selection : set->items) {
      const bool is_field = selection.kind == ast::SelectionKind::field;
      if (is_field && (selection.name.text == "__schema" || selection.name.text == "__type"))
        return true;
      pending.push_back(&selection.selections);
    }
  }
  return false;
}

}  // namespace dth::graphql
