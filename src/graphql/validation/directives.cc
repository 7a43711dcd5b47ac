// Directives: section 5.7.
#include <unordered_map>

#include "graphql/validation/validation.h"

namespace dth::graphql {
namespace {

class DirectiveRules final : public Rules {
 public:
  using Rules::Rules;

  void enter_directives(const List<ast::Directive>& directives,
                        std::string_view location) override {
    std::unordered_map<std::string_view, std::uint32_t> seen;
    for (const auto& directive : directives) {
      const std::string name(directive.name.text);
      const DirectiveType* type = validation_.schema().directive(name);
      if (type == nullptr) {
        validation_.report("Unknown directive \"@" + name + "\".", {directive.offset});
        continue;
      }
      if (!type->may_stand_at(location)) {
        validation_.report(
            "Directive \"@" + name + "\" may not be used on " + std::string(location) + ".",
            {directive.offset});
      }
      if (type->is_repeatable) continue;
      const auto [first, inserted] = seen.emplace(directive.name.text, directive.offset);
      if (!inserted) {
        validation_.report(
            "The directive \"@" + name + "\" can only be used once at this location.",
            {first->second, directive.offset});
      }
    }
  }
};

}  // namespace

std::unique_ptr<Rules> directive_rules(Validation& validation) {
  return std::make_unique<DirectiveRules>(validation);
}

}  // namespace dth::graphql
