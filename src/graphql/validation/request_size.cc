// How large an operation is, by its text alone.
#include <algorithm>
#include <limits>

#include "graphql/validation/request_limits.h"

namespace dth::graphql {
namespace {

// Sums that stop instead of wrapping around: fragments within fragments grow exponentially.
std::size_t add(std::size_t a, std::size_t b) {
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
      size.directives = add(size.directives, selection.directives.size());
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

 private:
  void add_field(const ast::Selection& field, OperationSize* size) {
    size->fields = add(size->fields, 1);
    size->root_fields = add(size->root_fields, 1);
    if (field.alias) size->aliases = add(size->aliases, 1);
    if (!field.selections) return;
    OperationSize below = of(field.selections);
    ++below.depth;
    below.root_fields = 0;
    add_fragment(below, size);
  }

  static void add_fragment(const OperationSize& other, OperationSize* size) {
    size->depth = std::max(size->depth, other.depth);
    size->fields = add(size->fields, other.fields);
    size->aliases = add(size->aliases, other.aliases);
    size->directives = add(size->directives, other.directives);
    size->root_fields = add(size->root_fields, other.root_fields);
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
  size.directives = add(size.directives, operation.directives.size());
  return size;
}

std::vector<GraphqlError> check_size(const PreparedDocument& document,
                                     const GraphqlLimits& limits) {
  std::vector<GraphqlError> errors;
  for (const auto* operation : document.operations) {
    const OperationSize size = measure(document, *operation);
    const auto check = [&](std::size_t value, std::size_t max, std::string_view what,
                           std::string_view advice) {
      if (value <= max) return;
      errors.push_back({"The operation " +
                            (operation->name ? "\"" + std::string(operation->name.text) + "\" "
                                             : std::string()) +
                            "has more than " + std::to_string(max) + " " + std::string(what) +
                            ". " + std::string(advice),
                        {document.document->location(operation->offset)}});
    };
    check(size.depth, limits.depth_max, "levels of selections",
          "Ask for less depth, or in several requests.");
    check(size.fields, limits.fields_max, "fields", "Ask for fewer, or in several requests.");
    check(size.aliases, limits.aliases_max, "aliases", "Use fewer, or several requests.");
    check(size.directives, limits.directives_max, "directives", "Use fewer, or several requests.");
    check(size.root_fields, limits.root_fields_max, "fields at its root", "Send several requests.");
  }
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
