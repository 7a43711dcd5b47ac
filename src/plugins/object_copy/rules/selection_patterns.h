#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace re2 {
class RE2;
}

namespace dth::object_copy {

// Patterns of keys, as one automaton: a key is matched in time proportional to its length, whatever
// the patterns. Patterns and keys are bytes: `?` is one byte, and so is `.` of an expression.
// Thread-safe once made.
//
// Globs: `*` any bytes but '/', `**` any bytes, `**/` any folders or none, `?` a byte but '/',
// `[a-z]` and `[!a-z]` one byte of a class (never '/'), `{a,b}` either, `\` before a byte takes it
// as it is. A glob without '/' is matched against what follows the key's last slash; one with a
// slash against the whole key, from its beginning (a slash at the glob's beginning says just that);
// one that ends in a slash means everything beneath.
//
// Expressions are RE2's, found anywhere in the key. https://github.com/google/re2/wiki/Syntax
class PatternSet {
 public:
  // Matches nothing.
  PatternSet() = default;

  // invalid_argument says which pattern is wrong, where and why. `name` is that of the options, for
  // messages: "include".
  static Result<PatternSet> make(const std::string& name, const std::vector<std::string>& globs,
                                 const std::vector<std::string>& expressions);

  bool empty() const { return !automaton_; }
  bool matches(std::string_view key) const;

  // Of a folder ("a/b/"): is it certain that every key in it matches, or that none does? Not known
  // for all patterns: false then.
  bool matches_all_in(std::string_view folder) const;
  bool matches_none_in(std::string_view folder) const;

 private:
  std::shared_ptr<const re2::RE2> automaton_;
  std::shared_ptr<const re2::RE2>
      open_ended_;  // of those patterns that match whatever follows what they match
  std::vector<std::string> beginnings_;  // every key that matches begins with one of them
};

// The expression of a glob. invalid_argument says where it is wrong and why.
Result<std::string> expression_of_glob(std::string_view glob);

}  // namespace dth::object_copy
