#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "graphql/validation/validate.h"

namespace dth::graphql {

// What all rules share: the document, its fragments by name, and where errors go.
class Validation {
 public:
  Validation(const Schema& schema, const Document& document, const ValidateOptions& options);

  const Schema& schema() const { return schema_; }
  const Document& document() const { return document_; }
  const ValidateOptions& options() const { return options_; }
  const ast::Definition* fragment(std::string_view name) const;
  // The names of fragments that are spread within, in order; also those of fragments that do not
  // exist.
  std::vector<const ast::Selection*> spreads(const ast::SelectionSet& set) const;
  // The operation and all fragments that it reaches.
  std::vector<const ast::Definition*> reachable(const ast::Definition& operation) const;

  void report(std::string message, const std::vector<std::uint32_t>& offsets);
  // Ends the validation: enough is known.
  void abort(std::string message);
  bool is_done() const { return is_done_; }
  // ` Did you mean ...?`, where suggestions are wanted.
  std::string suggest(std::string_view name, const std::vector<std::string>& options) const;

  std::vector<GraphqlError> take_errors() { return std::move(errors_); }

 private:
  const Schema& schema_;
  const Document& document_;
  const ValidateOptions& options_;
  std::unordered_map<std::string_view, const ast::Definition*> fragments_;
  std::vector<GraphqlError> errors_;
  bool is_done_ = false;
};

// A group of rules that see the document as it is walked, in the order of the text. Types are null
// where they are not known; whoever reports that is another rule.
class Rules {
 public:
  explicit Rules(Validation& validation) : validation_(validation) {}
  virtual ~Rules() = default;
  // An operation or fragment begins.
  virtual void enter_definition(const ast::Definition&) {}
  virtual void enter_variable(const ast::VariableDefinition&) {}
  virtual void enter_selections(const ast::SelectionSet&, const NamedType* /*parent*/,
                                bool /*of_inline_fragment*/) {}
  virtual void enter_field(const ast::Selection&, const NamedType* /*parent*/, const Field*) {}
  virtual void enter_spread(const ast::Selection&, const NamedType* /*parent*/) {}
  virtual void enter_inline_fragment(const ast::Selection&, const NamedType* /*parent*/,
                                     const NamedType* /*type*/) {}
  virtual void enter_directives(const List<ast::Directive>&, std::string_view /*location*/) {}
  // The arguments of a field (which is then not null) or directive (likewise).
  virtual void enter_arguments(const List<ast::Argument>&, const Field*, const DirectiveType*) {}
  // An argument's value or a variable's default. `position` is null where the argument is unknown
  // and for defaults.
  virtual void enter_value(const ast::Value&, TypeRef, const InputValue* /*position*/) {}
  virtual void finish() {}

 protected:
  Validation& validation_;
};

// Walks every executable definition with all rules.
void walk(Validation& validation, const std::vector<std::unique_ptr<Rules>>& rules);

// One for each file validation_*.cc.
std::unique_ptr<Rules> operation_rules(Validation& validation);
std::unique_ptr<Rules> field_rules(Validation& validation);
std::unique_ptr<Rules> type_rules(Validation& validation);
std::unique_ptr<Rules> fragment_rules(Validation& validation);
std::unique_ptr<Rules> argument_rules(Validation& validation);
std::unique_ptr<Rules> directive_rules(Validation& validation);
std::unique_ptr<Rules> value_rules(Validation& validation);
std::unique_ptr<Rules> variable_rules(Validation& validation);
std::unique_ptr<Rules> overlap_rules(Validation& validation);

}  // namespace dth::graphql
