#include "cli/summary.h"

#include <cmath>
#include <cstdio>

#include <boost/json.hpp>

#include "cli/exit_code.h"
#include "cli/output.h"

namespace dth::cli {
namespace {

using state::Counter;

struct NamedCounter {
  const char* name;
  Counter counter;
};

constexpr NamedCounter item_counters[] = {{"scanned", Counter::scanned},   {"selected", Counter::selected},
                                          {"copied", Counter::copied},     {"skipped", Counter::skipped},
                                          {"vanished", Counter::vanished}, {"failed", Counter::failed},
                                          {"deleted", Counter::deleted},   {"bytes", Counter::bytes}};
constexpr NamedCounter request_counters[] = {{"get", Counter::requests_get},       {"put", Counter::requests_put},
                                             {"list", Counter::requests_list},     {"head", Counter::requests_head},
                                             {"delete", Counter::requests_delete}, {"other", Counter::requests_other},
                                             {"retries", Counter::retries}};
constexpr NamedCounter proof_counters[] = {{"declared", Counter::proof_declared},
                                           {"computed", Counter::proof_computed},
                                           {"recomputed", Counter::proof_recomputed},
                                           {"read_back", Counter::proof_read_back},
                                           {"none", Counter::proof_none}};

template <std::size_t n>
boost::json::object counters(const state::Counts& counts, const NamedCounter (&table)[n]) {
  boost::json::object object;
  for (const NamedCounter& row : table) object[row.name] = counts[row.counter];
  return object;
}

}  // namespace

boost::json::object counts_object(const state::Counts& counts) {
  boost::json::object object = counters(counts, item_counters);
  object["requests"] = counters(counts, request_counters);
  object["proof"] = counters(counts, proof_counters);
  return object;
}

namespace {

boost::json::object to_object(const Summary& summary) {
  boost::json::object object = counts_object(summary.run.counts);
  object["seconds"] = std::round(summary.seconds * 1000) / 1000;
  object["ledger"] = summary.ledger;
  object["run"] = summary.run.id;
  object["state"] = state::to_string(summary.run.state);
  object["dry_run"] = summary.dry_run;
  object["interrupted"] = summary.interrupted;
  if (!summary.run.error.empty()) object["error"] = summary.run.error;
  return object;
}

}  // namespace

int exit_code(const Summary& summary) {
  if (summary.interrupted) return exit_interrupted;
  if (summary.run.state == state::RunState::failed || summary.run.state == state::RunState::cancelled) return exit_could_not_run;
  const state::Counts& counts = summary.run.counts;
  return counts[Counter::failed] > 0 || counts[Counter::proof_none] > 0 ? exit_with_failures : 0;
}

std::string to_json(const Summary& summary) { return boost::json::serialize(to_object(summary)); }

std::string to_yaml(const Summary& summary) { return to_yaml(boost::json::value(to_object(summary))); }

std::string with_separators(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = digits.starts_with('-') ? 1 : 0;
  for (std::size_t i = digits.size(); i > first + 3;) {
    i -= 3;
    digits.insert(i, ",");
  }
  return digits;
}

std::string iec_bytes(std::uint64_t bytes) {
  static constexpr const char* units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  double value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < std::size(units)) {
    value /= 1024;
    ++unit;
  }
  char text[32];
  std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  return text;
}

std::string to_text(const Summary& summary) {
  const state::Counts& counts = summary.run.counts;
  std::string text;
  auto line = [&](const char* name, const std::string& value) {
    char padded[32];
    std::snprintf(padded, sizeof padded, "%-10s ", name);
    text += padded + value + "\n";
  };
  auto count = [&](Counter counter) { return with_separators(counts[counter]); };
  const double seconds = std::max(summary.seconds, 0.001);
  const auto bytes = static_cast<std::uint64_t>(counts[Counter::bytes]);
  const auto since = [&](Counter counter) { return static_cast<double>(counts[counter] - summary.before[counter]); };
  line("Scanned", count(Counter::scanned));
  if (summary.dry_run) {
    const std::int64_t would = counts[Counter::selected] - counts[Counter::skipped] - counts[Counter::failed];
    line("To copy", with_separators(would) + " (" + iec_bytes(bytes) + ")");
  } else {
    line("Copied", count(Counter::copied) + " (" + iec_bytes(bytes) + ", " +
                       iec_bytes(static_cast<std::uint64_t>(since(Counter::bytes) / seconds)) + "/s, " +
                       with_separators(std::llround(since(Counter::copied) / seconds)) + " objects/s)");
  }
  line("Skipped", count(Counter::skipped) + " that need no copy");
  if (counts[Counter::vanished]) line("Vanished", count(Counter::vanished) + " gone from the source since it was listed");
  line("Failed", count(Counter::failed));
  if (!summary.dry_run) {
    const std::int64_t proved = counts[Counter::copied] - counts[Counter::proof_none];
    line("Proved", with_separators(proved) + " of " + count(Counter::copied) + " copied: " + count(Counter::proof_declared) +
                       " by the source's digest, " + count(Counter::proof_computed) + " by one computed on the way");
    if (counts[Counter::proof_none]) line("Unproved", count(Counter::proof_none) + ": the destination confirms no digest");
    line("Ledger", summary.ledger);
  }
  line("Requests", count(Counter::requests_get) + " GET, " + count(Counter::requests_put) + " PUT, " +
                       count(Counter::requests_list) + " LIST, " +
                       with_separators(counts[Counter::requests_head] + counts[Counter::requests_delete] + counts[Counter::requests_other]) +
                       " others, " + count(Counter::retries) + " retries");
  char time[32];
  std::snprintf(time, sizeof time, "%.1f s", summary.seconds);
  line("Time", time);
  if (!summary.run.error.empty()) line("Error", summary.run.error);
  return text;
}

}  // namespace dth::cli
