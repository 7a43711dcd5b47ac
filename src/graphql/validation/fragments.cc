// Fragments: sections 5.5.1.1, 5.5.1.4 and 5.5.2.
#include <map>
#include <set>

#include "graphql/validation/validation.h"

namespace dth::graphql {
namespace {

class FragmentRules final : public Rules {
 public:
  using Rules::Rules;

  void enter_definition(const ast::Definition& definition) override {
    if (definition.kind != ast::DefinitionKind::fragment) return;
    const auto [first, inserted] = names_.emplace(definition.name.text, definition.name.offset);
    if (!inserted) {
      validation_.report(
          "There can be only one fragment named \"" + std::string(definition.name.text) + "\".",
          {first->second, definition.name.offset});
    }
  }

  void enter_spread(const ast::Selection& spread, const NamedType* parent) override {
    const auto* fragment = validation_.fragment(spread.name.text);
    if (fragment == nullptr) {
      validation_.report("Unknown fragment \"" + std::string(spread.name.text) + "\".",
                         {spread.name.offset});
      return;
    }
    const NamedType* type = validation_.schema().type(fragment->type_condition.text);
    check_overlap("Fragment \"" + std::string(spread.name.text) + "\"", spread.offset, parent,
                  type);
  }

  void enter_inline_fragment(const ast::Selection& fragment, const NamedType* parent,
                             const NamedType* type) override {
    check_overlap("Fragment", fragment.offset, parent, type);
  }

  void finish() override {
    std::set<std::string_view> used;
    for (const auto& definition : validation_.document().definitions) {
      if (definition.kind != ast::DefinitionKind::operation) continue;
      for (const auto* reached : validation_.reachable(definition)) used.insert(reached->name.text);
    }
    for (const auto& definition : validation_.document().definitions) {
      if (definition.kind != ast::DefinitionKind::fragment) continue;
      if (!used.contains(definition.name.text)) {
        validation_.report("Fragment \"" + std::string(definition.name.text) + "\" is never used.",
                           {definition.offset});
      }
      find_circles(definition);
    }
  }

 private:
  void check_overlap(const std::string& what, std::uint32_t offset, const NamedType* parent,
                     const NamedType* type) {
    if (parent == nullptr || type == nullptr || !type->is_composite()) return;
    if (validation_.schema().overlap(*type, *parent)) return;
    validation_.report(what + " cannot be spread here as objects of type \"" + parent->name +
                           "\" can never be of type \"" + type->name + "\".",
                       {offset});
  }

  // Depth first, each fragment once; recursion is as deep as there are fragments, hence the
  // explicit stack.
  void find_circles(const ast::Definition& start) {
    if (!visited_.insert(start.name.text).second) return;
    struct Frame {
      const ast::Definition* fragment;
      std::vector<const ast::Selection*> spreads;
      std::size_t next = 0;
    };
    std::vector<Frame> stack;
    std::vector<const ast::Selection*> path;
    std::map<std::string_view, std::size_t> position;
    const auto enter = [&](const ast::Definition& fragment) {
      position[fragment.name.text] = path.size();
      stack.push_back({&fragment, validation_.spreads(fragment.selections)});
    };
    enter(start);
    while (!stack.empty()) {
      Frame& frame = stack.back();
      if (frame.next == frame.spreads.size()) {
        position.erase(frame.fragment->name.text);
        stack.pop_back();
        if (!path.empty()) path.pop_back();
        continue;
      }
      const auto* spread = frame.spreads[frame.next++];
      path.push_back(spread);
      const auto circle = position.find(spread->name.text);
      if (circle != position.end()) {
        report_circle(path, circle->second);
      } else if (const auto* fragment = validation_.fragment(spread->name.text);
                 fragment != nullptr && visited_.insert(spread->name.text).second) {
        enter(*fragment);
        continue;
      }
      path.pop_back();
    }
  }

  void report_circle(const std::vector<const ast::Selection*>& path, std::size_t start) {
    std::string via;
    std::vector<std::uint32_t> offsets;
    for (std::size_t i = start; i < path.size(); ++i) {
      offsets.push_back(path[i]->offset);
      if (i + 1 < path.size())
        via += (via.empty() ? " via \"" : ", \"") + std::string(path[i]->name.text) + "\"";
    }
    validation_.report("Cannot spread fragment \"" + std::string(path.back()->name.text) +
                           "\" within itself" + via + ".",
                       offsets);
  }

  std::map<std::string_view, std::uint32_t> names_;
  std::set<std::string_view> visited_;
};

}  // namespace

std::unique_ptr<Rules> fragment_rules(Validation& validation) {
  return std::make_unique<FragmentRules>(validation);
}

}  // namespace dth::graphql
