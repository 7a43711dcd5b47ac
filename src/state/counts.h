#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace dth::state {

// Something that runs count. Declared once, as a constant that lives as long as the program, by the
// plugin that counts it (engine::Plugin::counters()); the state keeps it by its name.
struct Counter {
  enum class Unit { items, bytes, requests };

  constexpr explicit Counter(std::string_view name, Unit unit = Unit::items, bool exact = true,
                             std::string_view help = {})
      : name(name), unit(unit), exact(exact), help(help) {}
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  std::string_view name;  // "copied", "requests_get": lower case and underscores
  Unit unit;
  bool exact;  // otherwise what was counted by attempts that died with their worker is missing
  std::string_view help;
};

// The one counter that the state itself asks for: a run with failed items ends otherwise.
inline constexpr Counter failed_items{"failed"};

// The counter of that name: one that lives as long as the program. For names out of a database.
const Counter& counter_named(std::string_view name);

// How much a run counts of each counter; 0 of all others. Counting more costs a few comparisons.
class Counts {
 public:
  std::int64_t& operator[](const Counter& counter) {
    for (Entry& entry : entries_) {
      if (entry.counter == &counter) return entry.value;
    }
    return find_or_add(counter);
  }
  std::int64_t operator[](const Counter& counter) const {
    for (const Entry& entry : entries_) {
      if (entry.counter == &counter) return entry.value;
    }
    return find_by_name(counter);
  }
  std::int64_t& operator[](const Counter&& counter) = delete;
  std::int64_t operator[](const Counter&& counter) const = delete;

  Counts& operator+=(const Counts& other);
  bool operator==(const Counts& other) const { return by_name() == other.by_name(); }
  // Is all of it 0?
  bool empty() const;

  // What is not 0, in order of the names.
  std::map<std::string_view, std::int64_t> by_name() const;

 private:
  struct Entry {
    const Counter* counter;
    std::int64_t value;
  };

  [[gnu::cold]] std::int64_t& find_or_add(const Counter& counter);
  [[gnu::cold]] std::int64_t find_by_name(const Counter& counter) const;

  std::vector<Entry> entries_;  // each name once, in the order of their first use
};

// by_name() as a JSON object of numbers, and back. data_corrupted where it is not one.
std::string to_json(const Counts& counts);
Result<Counts> parse_counts(std::string_view json);

}  // namespace dth::state
