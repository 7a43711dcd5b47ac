#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "options/address.h"
#include "options/option.h"

namespace dth::options {

// monostate: not given, and no default.
using Value = std::variant<std::monostate, bool, std::uint64_t, std::chrono::seconds, TimePoint,
                           std::string, std::vector<std::string>, Address>;

// The value that the text means to the option; relative times count back from `now`.
// invalid_argument: `invalid value "10k" for --size-min: expected ...`, with the name as given.
Result<Value> parse_value(const Option& option, std::string_view text, std::string_view shown_name,
                          TimePoint now);

// One row of a table that maps an option's choices to an enum.
template <class Enum>
struct Choice {
  std::string_view name;
  Enum value;
};

// Option::choices from such a table.
template <class Enum, std::size_t n>
constexpr std::array<std::string_view, n> names_of(const Choice<Enum> (&table)[n]) {
  std::array<std::string_view, n> names;
  for (std::size_t i = 0; i < n; ++i) names[i] = table[i].name;
  return names;
}

// The values of a table of options, parsed once and read by type. What was not given has the
// option's default. Reading an option that the table does not have, or as another type than it
// declares, is a bug and throws std::logic_error.
class ParsedValues {
 public:
  // Everything at its default. `options` must outlive this.
  explicit ParsedValues(std::span<const Option> options);

  // All of `given`. invalid_argument names the option and says what it takes: an unknown option,
  // one that means nothing to the action, an empty value, or a wrong one.
  static Result<ParsedValues> parse(std::span<const Option> options, const Values& given,
                                    Action action, TimePoint now);

  // One value. An empty text leaves an option without default unset and is an error of any other.
  Result<void> set(const Option& option, std::string_view text, std::string_view shown_name,
                   TimePoint now = {});

  bool is_given(std::string_view name) const;
  bool flag(std::string_view name) const;
  std::uint64_t number(std::string_view name) const;  // of a count or a size
  std::chrono::seconds duration(std::string_view name) const;
  // Empty where there is none.
  std::string text(std::string_view name) const;               // of a text or a choice
  std::vector<std::string> list(std::string_view name) const;  // of a list or names
  std::optional<std::uint64_t> optional_number(std::string_view name) const;
  std::optional<std::chrono::seconds> optional_duration(std::string_view name) const;
  std::optional<TimePoint> time(std::string_view name) const;
  std::optional<Address> address(std::string_view name) const;

  template <class Enum, std::size_t n>
  Enum choice(std::string_view name, const Choice<Enum> (&table)[n]) const {
    const std::string chosen = text(name);
    for (const Choice<Enum>& row : table) {
      if (row.name == chosen) return row.value;
    }
    throw_no_choice(name);
  }

 private:
  struct Entry {
    Value value;
    bool given = false;
  };

  const Entry& entry(std::string_view name) const;
  // The value as a T, nothing where there is none.
  template <class T>
  const T* get(std::string_view name) const;
  [[noreturn]] static void throw_no_choice(std::string_view name);

  std::map<std::string_view, Entry> entries_;  // names are the table's
};

}  // namespace dth::options
