#include "state/counts.h"

#include <algorithm>
#include <memory>
#include <mutex>

#include "base/json_reader.h"
#include "base/json_writer.h"

namespace dth::state {

const Counter& counter_named(std::string_view name) {
  static std::mutex mutex;
  // A map's keys stay where they are, so the counter may point into its own.
  static std::map<std::string, std::unique_ptr<const Counter>, std::less<>> known;
  std::lock_guard guard(mutex);
  auto found = known.find(name);
  if (found == known.end()) {
    found = known.emplace(name, nullptr).first;
    found->second = std::make_unique<const Counter>(found->first);
  }
  return *found->second;
}

Counts& Counts::operator+=(const Counts& other) {
  for (const Entry& entry : other.entries_) (*this)[*entry.counter] += entry.value;
  return *this;
}

bool Counts::empty() const {
  return std::all_of(entries_.begin(), entries_.end(),
                     [](const Entry& entry) { return entry.value == 0; });
}

std::map<std::string_view, std::int64_t> Counts::by_name() const {
  std::map<std::string_view, std::int64_t> sorted;
  for (const Entry& entry : entries_) {
    if (entry.value != 0) sorted.emplace(entry.counter->name, entry.value);
  }
  return sorted;
}

std::int64_t& Counts::find_or_add(const Counter& counter) {
  for (Entry& entry : entries_) {
    if (entry.counter->name != counter.name) continue;
    entry.counter = &counter;  // found at once the next time
    return entry.value;
  }
  return entries_.emplace_back(Entry{&counter, 0}).value;
}

std::int64_t Counts::find_by_name(const Counter& counter) const {
  for (const Entry& entry : entries_) {
    if (entry.counter->name == counter.name) return entry.value;
  }
  return 0;
}

std::string to_json(const Counts& counts) {
  std::string text;
  JsonObjectWriter writer(&text);
  for (const auto& [name, value] : counts.by_name()) writer.number(name, value);
  writer.end();
  return text;
}

Result<Counts> parse_counts(std::string_view json) {
  auto parsed = parse_json(json, "the counts of a run");
  if (parsed.has_error()) return parsed.error();
  const auto* object = parsed->if_object();
  if (object == nullptr)
    return Error{ErrorCode::data_corrupted, "the counts of a run are not an object", {}};
  Counts counts;
  for (const auto& field : *object) {
    const auto* number = field.value().if_int64();
    if (number == nullptr) {
      return Error{ErrorCode::data_corrupted,
                   "the count \"" + std::string(field.key()) + "\" of a run is not a number",
                   {}};
    }
    counts[counter_named(field.key())] = *number;
  }
  return counts;
}

}  // namespace dth::state
