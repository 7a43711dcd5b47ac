#include "plugins/object_copy/rules/selection_patterns.h"

#include <algorithm>

#include <re2/re2.h>

#include "base/encoding.h"

namespace dth::object_copy {
namespace {

constexpr std::size_t patterns_max = 1'000;
constexpr std::size_t pattern_bytes_max = 4'096;
constexpr int braces_nested_max = 16;

// Reads a glob from left to right and writes the expression.
class GlobTranslator {
 public:
  // `within_component`: no "**" crosses a slash.
  explicit GlobTranslator(std::string_view glob, bool within_component = false)
      : glob_(glob), within_component_(within_component) {}

  // After translate(). Does it match whatever follows what it matches?
  bool open_ended() const {
    return (slash_ || glob_.front() == '/') &&
           (open_ended_ || (glob_.back() == '/' && glob_.size() > 1));
  }

  // Every key that matches begins so.
  std::string beginning() const {
    return slash_ || glob_.front() == '/' ? literals_ : std::string();
  }

  Result<std::string> translate() {
    if (glob_.empty()) return wrong(0, "it is empty");
    const bool from_the_beginning = glob_.front() == '/';
    if (from_the_beginning) at_ = 1;
    while (at_ < glob_.size() && !problem_) step();
    if (!problem_ && braces_ > 0) problem_ = wrong(brace_at_, "a { is not closed");
    if (problem_) return *problem_;
    // One without a slash is matched against the last component, of which "**" takes no more than
    // "*" does.
    if (!slash_ && !from_the_beginning && !within_component_)
      return GlobTranslator(glob_, true).translate();
    if (glob_.back() == '/' && glob_.size() > 1) expression_ += ".*";
    return (slash_ || from_the_beginning ? "^" : "(?:^|/)") + expression_ + "$";
  }

 private:
  Error wrong(std::size_t at, const std::string& why) const {
    return Error{ErrorCode::invalid_argument,
                 "\"" + printable(glob_) + "\" is no glob: " + why + " (at byte " +
                     std::to_string(at + 1) + ")",
                 ""};
  }

  void step() {
    const char c = glob_[at_];
    only_literals_ =
        only_literals_ && std::string_view("*?[]{},\\").find(c) == std::string_view::npos;
    switch (c) {
      case '*':
        return stars();
      case '?':
        expression_ += "[^/]";
        break;
      case '[':
        return character_class();
      case '{':
        if (braces_++ == 0) brace_at_ = at_;
        if (braces_ > braces_nested_max) problem_ = wrong(at_, "braces are nested too deeply");
        expression_ += "(?:";
        break;
      case '}':
        if (braces_ == 0) return literal(c);
        --braces_;
        expression_ += ")";
        break;
      case ',':
        if (braces_ == 0) return literal(c);
        expression_ += "|";
        break;
      case '\\':
        if (++at_ == glob_.size()) {
          problem_ = wrong(at_ - 1, "nothing follows the \\");
          return;
        }
        return literal(glob_[at_]);
      default:
        return literal(c);
    }
    ++at_;
  }

  void literal(char c) {
    slash_ = slash_ || c == '/';
    if (only_literals_) literals_ += c;
    expression_ += re2::RE2::QuoteMeta(std::string(1, c));
    ++at_;
  }

  void stars() {
    const std::size_t begin = at_;
    while (at_ < glob_.size() && glob_[at_] == '*') ++at_;
    if (at_ - begin == 1 || within_component_) {
      expression_ += "[^/]*";
      return;
    }
    const bool begins_a_component = begin == 0 || glob_[begin - 1] == '/';
    if (begins_a_component && at_ < glob_.size() && glob_[at_] == '/') {
      slash_ = true;
      ++at_;
      expression_ += "(?:.*/)?";
      return;
    }
    expression_ += ".*";
    open_ended_ = at_ == glob_.size() && braces_ == 0;
  }

  // "[a-z]", "[!a-z]" or "[^a-z]"; a ']' that comes first is a member.
  void character_class() {
    const std::size_t begin = at_++;
    bool negated = false;
    if (at_ < glob_.size() && (glob_[at_] == '!' || glob_[at_] == '^')) {
      negated = true;
      ++at_;
    }
    std::string members;
    for (bool first = true;; first = false) {
      if (at_ < glob_.size() && glob_[at_] == ']' && !first) break;
      auto low = class_member(begin);
      if (!low) return;
      auto high = low;
      if (at_ + 1 < glob_.size() && glob_[at_] == '-' && glob_[at_ + 1] != ']') {
        ++at_;
        high = class_member(begin);
        if (!high) return;
      }
      if (*high < *low) {
        problem_ = wrong(begin, "a range of a class runs backwards");
        return;
      }
      if (*low <= '/' && '/' <= *high && !negated && low != high) {
        // A range such as [+-9] holds the slash by the way only: it is left out.
        if (*low < '/') members += range(*low, '/' - 1);
        if (*high > '/') members += range('/' + 1, *high);
        continue;
      }
      if (low == high && *low == '/') {
        problem_ = wrong(begin, "a class cannot hold a slash");
        return;
      }
      members += range(*low, *high);
    }
    ++at_;
    expression_ += negated ? "[^/" + members + "]" : "[" + members + "]";
  }

  std::optional<unsigned char> class_member(std::size_t begin) {
    if (at_ < glob_.size() && glob_[at_] == '\\') ++at_;
    if (at_ >= glob_.size()) {
      problem_ = wrong(begin, "a [ is not closed");
      return std::nullopt;
    }
    const auto member = static_cast<unsigned char>(glob_[at_++]);
    if (member >= 0x80) {
      problem_ = wrong(begin,
                       "a class can hold ASCII characters only, since keys are matched byte by "
                       "byte; write {ä,ö}");
      return std::nullopt;
    }
    return member;
  }

  static std::string range(unsigned low, unsigned high) {
    static constexpr char digits[] = "0123456789abcdef";
    auto hex = [](unsigned c) { return std::string("\\x") + digits[c >> 4] + digits[c & 15]; };
    return low == high ? hex(low) : hex(low) + "-" + hex(high);
  }

  std::string_view glob_;
  bool within_component_;
  std::size_t at_ = 0;
  std::string expression_;
  bool slash_ = false;
  bool open_ended_ = false;
  bool only_literals_ = true;
  std::string literals_;
  int braces_ = 0;
  std::size_t brace_at_ = 0;
  std::optional<Error> problem_;
};

re2::RE2::Options re2_options() {
  re2::RE2::Options options;
  options.set_encoding(re2::RE2::Options::EncodingLatin1);  // bytes
  options.set_dot_nl(true);
  options.set_never_capture(true);
  options.set_log_errors(false);
  return options;
}

Result<void> check_expression(const std::string& expression) {
  const re2::RE2 compiled(expression, re2_options());
  if (compiled.ok()) return Result<void>();
  std::string where;
  const std::string& part = compiled.error_arg();
  const std::size_t at = part.empty() ? std::string::npos : expression.find(part);
  if (at != std::string::npos) where = ", in what begins at byte " + std::to_string(at + 1);
  return Error{ErrorCode::invalid_argument,
               "\"" + printable(expression) +
                   "\" is no regular expression: " + printable(compiled.error()) + where,
               ""};
}

bool is_match(const re2::RE2& automaton, std::string_view text) {
  return automaton.Match(re2::StringPiece(text.data(), text.size()), 0, text.size(),
                         re2::RE2::UNANCHORED, nullptr, 0);
}

// Does a match stay one whatever follows it? Only what looks at what comes next, or at the end,
// does not.
bool is_open_ended(std::string_view expression) {
  if (expression.find('$') != expression.npos) return false;
  for (std::size_t at = expression.find('\\'); at != expression.npos && at + 1 < expression.size();
       at = expression.find('\\', at + 2)) {
    if (std::string_view("bBzZQE").find(expression[at + 1]) != std::string_view::npos) return false;
  }
  return true;
}

}  // namespace

Result<std::string> expression_of_glob(std::string_view glob) {
  return GlobTranslator(glob).translate();
}

Result<PatternSet> PatternSet::make(const std::string& name, const std::vector<std::string>& globs,
                                    const std::vector<std::string>& expressions) {
  PatternSet set;
  if (globs.empty() && expressions.empty()) return set;
  if (globs.size() + expressions.size() > patterns_max) {
    return Error{ErrorCode::invalid_argument,
                 "--" + name + ": at most " + std::to_string(patterns_max) + " patterns are taken",
                 ""};
  }
  std::string all, open_ended;
  const auto add = [](std::string* to, const std::string& expression) {
    *to += (to->empty() ? "(?:" : "|(?:") + expression + ")";
  };
  for (const auto* patterns : {&globs, &expressions}) {
    for (const std::string& pattern : *patterns) {
      if (pattern.size() <= pattern_bytes_max) continue;
      return Error{ErrorCode::invalid_argument,
                   "--" + name + ": a pattern is " + std::to_string(pattern.size()) +
                       " bytes long; at most " + std::to_string(pattern_bytes_max) + " are taken",
                   ""};
    }
  }
  for (const std::string& glob : globs) {
    GlobTranslator translator(glob);
    auto expression = translator.translate();
    if (expression.has_error()) return std::move(expression.error()).with_context("--" + name);
    add(&all, *expression);
    if (translator.open_ended()) add(&open_ended, *expression);
    set.beginnings_.push_back(translator.beginning());
  }
  for (const std::string& expression : expressions) {
    auto checked = check_expression(expression);
    if (checked.has_error()) return std::move(checked.error()).with_context("--" + name + "-regex");
    add(&all, expression);
    if (is_open_ended(expression)) add(&open_ended, expression);
    set.beginnings_.emplace_back();
  }
  auto automaton = std::make_shared<const re2::RE2>(all, re2_options());
  if (!automaton->ok()) {
    return Error{ErrorCode::invalid_argument,
                 "--" + name + ": the patterns are too many or too large together (" +
                     printable(automaton->error()) + "); give fewer",
                 ""};
  }
  set.automaton_ = std::move(automaton);
  if (!open_ended.empty())
    set.open_ended_ = std::make_shared<const re2::RE2>(open_ended, re2_options());
  return set;
}

bool PatternSet::matches(std::string_view key) const {
  return automaton_ && is_match(*automaton_, key);
}

bool PatternSet::matches_all_in(std::string_view folder) const {
  return open_ended_ && open_ended_->ok() && is_match(*open_ended_, folder);
}

bool PatternSet::matches_none_in(std::string_view folder) const {
  return std::none_of(
      beginnings_.begin(), beginnings_.end(), [folder](const std::string& beginning) {
        return folder.starts_with(beginning) || std::string_view(beginning).starts_with(folder);
      });
}

}  // namespace dth::object_copy
