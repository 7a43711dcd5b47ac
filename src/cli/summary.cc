#include "cli/summary.h"

#include <cmath>
#include <cstdio>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "options/amounts.h"
#include "plugins/object_copy/counters.h"

namespace dth::cli {
namespace {

using object_copy::Counter;

struct NamedCounter {
  const char* name;
  const state::Counter* counter;
};

constexpr const state::Counter* item_counters[] = {
    &Counter::scanned,   &Counter::selected, &Counter::copied,
    &Counter::unchanged, &Counter::skipped,  &Counter::deleted_at_source,
    &Counter::failed,    &Counter::deleted,  &Counter::bytes,
    &Counter::extra,     &Counter::matched,  &Counter::undetermined,
    &Counter::differs,   &Counter::missing};
constexpr NamedCounter request_counters[] = {
    {"get", &Counter::requests_get},       {"put", &Counter::requests_put},
    {"list", &Counter::requests_list},     {"head", &Counter::requests_head},
    {"delete", &Counter::requests_delete}, {"other", &Counter::requests_other},
    {"look", &Counter::requests_look},     {"retries", &Counter::retries}};
template <std::size_t n>
boost::json::object counters(const state::Counts& counts, const NamedCounter (&table)[n]) {
  boost::json::object object;
  for (const NamedCounter& row : table) object[row.name] = counts[*row.counter];
  return object;
}

}  // namespace

boost::json::object counts_object(const state::Counts& counts) {
  boost::json::object object;
  for (const state::Counter* counter : item_counters) object[counter->name] = counts[*counter];
  object["requests"] = counters(counts, request_counters);
  boost::json::object& proof = object["proof"].emplace_object();
  for (std::size_t i = 0; i < ledger::proof_kind_count; ++i) {
    const auto kind = static_cast<ledger::ProofKind>(i);
    proof[ledger::to_string(kind)] = counts[object_copy::counter_of(kind)];
  }
  return object;
}

std::vector<state::Upload> left_open_of(std::vector<state::Upload> uploads) {
  std::erase_if(uploads, [](const state::Upload& upload) { return upload.left_open.empty(); });
  return uploads;
}

std::string about_left_open(const state::Upload& upload) {
  return "the multipart upload " + printable(upload.upload_id) + " of " + printable(upload.key) +
         " stays open at the destination, where its parts cost storage: it could not be aborted: " +
         printable(upload.left_open) +
         "; abort it with the right to do so (s3:AbortMultipartUpload), or let a lifecycle rule of "
         "the bucket remove it";
}

boost::json::array left_open_array(const std::vector<state::Upload>& uploads) {
  boost::json::array array;
  for (const state::Upload& upload : uploads) {
    array.push_back(
        boost::json::object{{"key", is_valid_utf8(upload.key) ? upload.key : printable(upload.key)},
                            {"upload_id", printable(upload.upload_id)},
                            {"error", printable(upload.left_open)}});
  }
  return array;
}

boost::json::array warnings_array(const std::vector<std::string>& warnings) {
  boost::json::array array;
  for (const std::string& text : warnings) array.push_back(boost::json::string(printable(text)));
  return array;
}

namespace {

boost::json::object to_object(const Summary& summary) {
  boost::json::object object = counts_object(summary.run.counts);
  object["seconds"] = std::round(summary.seconds * 1000) / 1000;
  object["state_transactions"] = summary.state_transactions;
  object["ledger"] = summary.ledger;
  object["run"] = summary.run.id;
  object["state"] = state::to_string(summary.run.state);
  object["action"] = options::to_string(summary.action);
  object["dry_run"] = summary.dry_run;
  if (summary.dry_run && summary.action == options::Action::sync) {
    boost::json::array& array = object["would_delete"].emplace_array();
    for (const ledger::Line& line : summary.would_delete) {
      std::string text;
      ledger::append_json(line, &text);
      array.push_back(boost::json::parse(text));
    }
  }
  object["interrupted"] = summary.interrupted || !summary.abandoned.empty();
  if (!summary.abandoned.empty()) object["stopped_because"] = summary.abandoned;
  if (!summary.waits.empty())
    object["waiting"] = boost::json::object{{"for", "approval"}, {"why", summary.waits}};
  if (!summary.left_open.empty()) object["uploads_left_open"] = left_open_array(summary.left_open);
  if (!summary.warnings.empty()) object["warnings"] = warnings_array(summary.warnings);
  if (!summary.run.error.empty()) object["error"] = summary.run.error;
  return object;
}

}  // namespace

bool verified_nothing(const Summary& summary) {
  const state::Counts& counts = summary.run.counts;
  return summary.action == options::Action::verify && is_over(summary.run.state) &&
         counts[Counter::selected] > 0 && counts[Counter::matched] == 0 &&
         counts[Counter::copied] == 0;
}

int exit_code(const Summary& summary) {
  if (summary.interrupted) return exit_interrupted;
  if (!summary.abandoned.empty() || !summary.waits.empty()) return exit_waits;
  if (summary.run.state == state::RunState::failed ||
      summary.run.state == state::RunState::cancelled)
    return exit_could_not_run;
  const state::Counts& counts = summary.run.counts;
  const bool proved = counts[Counter::proof_none] == 0 || summary.accepts_unverified;
  const bool all_right = counts[Counter::failed] == 0 && proved &&
                         counts[Counter::undetermined] == 0 && summary.left_open.empty() &&
                         !verified_nothing(summary);
  return all_right ? 0 : exit_with_failures;
}

std::string to_json(const Summary& summary) { return write_json(to_object(summary)); }

std::string to_yaml(const Summary& summary) {
  return to_yaml(boost::json::value(to_object(summary)));
}

namespace {

// Collects the summary's lines: a name and what is said of it.
class Lines {
 public:
  explicit Lines(const Summary& summary)
      : summary_(summary),
        counts_(summary.run.counts),
        seconds_(std::max(summary.seconds, 0.001)) {}

  void copied() {
    add("Scanned", count(Counter::scanned));
    if (summary_.dry_run) {
      const std::int64_t would = counts_[Counter::selected] - counts_[Counter::unchanged] -
                                 counts_[Counter::skipped] - counts_[Counter::failed];
      add("To copy",
          options::format_count(would) + " (" + options::format_size_rounded(bytes()) + ")");
    } else {
      add_copied("Copied");
    }
    add("Unchanged", count(Counter::unchanged));
    if (counts_[Counter::skipped]) add("Skipped", count(Counter::skipped) + " archived");
    if (counts_[Counter::deleted_at_source])
      add("Deleted at source", count(Counter::deleted_at_source) + " since they were listed");
    if (summary_.action == options::Action::sync) {
      if (summary_.dry_run) {
        add("To delete", count(Counter::extra) + " that only the destination has");
      } else {
        add("Deleted", count(Counter::deleted) + " of " + count(Counter::extra) +
                           " that only the destination had");
      }
    }
    add("Failed", count(Counter::failed));
    if (summary_.dry_run) return;
    const std::int64_t proved = counts_[Counter::copied] - counts_[Counter::proof_none];
    add("Verified", options::format_count(proved) + " of " + count(Counter::copied) + " copied: " +
                        count(Counter::proof_source_checksum) + " by the source's checksum, " +
                        count(Counter::proof_transit_checksum) + " by one computed in transit" +
                        (counts_[Counter::proof_read_back]
                             ? ", " + count(Counter::proof_read_back) + " by reading them back"
                             : ""));
    if (counts_[Counter::proof_none])
      add("Unverified",
          count(Counter::proof_none) + ": the destination confirms no digest (--unverified)");
  }

  void verified() {
    add("Scanned", count(Counter::scanned));
    const std::int64_t alike = counts_[Counter::proof_equal_etags];
    const std::int64_t stated =
        counts_[Counter::matched] - counts_[Counter::proof_read_back] - alike;
    if (counts_[Counter::copied]) {
      add("Matched", count(Counter::matched));
    } else {
      add("Matched", count(Counter::matched) + ": " + options::format_count(stated) +
                         " by the digests that both sides state, " +
                         (alike > 0 ? options::format_count(alike) + " by equal ETags, " : "") +
                         count(Counter::proof_read_back) + " by reading both");
    }
    if (counts_[Counter::undetermined])
      add("Undetermined", count(Counter::undetermined) + ": nothing known proves or refutes them");
    add("Differ", count(Counter::differs));
    add("Missing", count(Counter::missing) + " at the destination");
    if (counts_[Counter::extra]) add("Extra", count(Counter::extra) + " only at the destination");
    if (counts_[Counter::copied]) add_copied("Repaired");
    if (counts_[Counter::deleted_at_source])
      add("Deleted at source", count(Counter::deleted_at_source) + " since they were listed");
    add("Failed", count(Counter::failed));
  }

  void requests_and_time() {
    if (!summary_.left_open.empty())
      add("Left open", options::format_count(static_cast<std::int64_t>(summary_.left_open.size())) +
                           " multipart uploads that could not be aborted");
    if (!summary_.dry_run) add("Ledger", summary_.ledger);
    add("Requests", count(Counter::requests_get) + " GET, " + count(Counter::requests_put) +
                        " PUT, " + count(Counter::requests_list) + " LIST, " +
                        options::format_count(
                            counts_[Counter::requests_head] + counts_[Counter::requests_delete] +
                            counts_[Counter::requests_other] + counts_[Counter::requests_look]) +
                        " others, " + count(Counter::retries) + " retries");
    char time[32];
    std::snprintf(time, sizeof time, "%.1f s", summary_.seconds);
    add("Time", time);
    if (!summary_.abandoned.empty()) add("Stopped", summary_.abandoned);
    if (!summary_.waits.empty()) add("Waiting", summary_.waits);
    if (!summary_.run.error.empty()) add("Error", summary_.run.error);
  }

  // All values in one column.
  std::string text() const {
    std::size_t width = name_width_min;
    for (const auto& [name, value] : lines_) width = std::max(width, name.size());
    std::string text;
    for (const auto& [name, value] : lines_)
      text += std::string(name).append(width - name.size() + 1, ' ') + value + "\n";
    return text;
  }

 private:
  static constexpr std::size_t name_width_min = 10;

  void add(std::string_view name, std::string value) {
    lines_.emplace_back(name, std::move(value));
  }

  void add_copied(std::string_view name) {
    add(name, count(Counter::copied) + " (" + options::format_size_rounded(bytes()) + ", " +
                  options::format_size_rounded(
                      static_cast<std::uint64_t>(since(Counter::bytes) / seconds_)) +
                  "/s, " + options::format_count(std::llround(since(Counter::copied) / seconds_)) +
                  " objects/s)");
  }

  std::string count(const state::Counter& counter) const {
    return options::format_count(counts_[counter]);
  }
  std::uint64_t bytes() const { return static_cast<std::uint64_t>(counts_[Counter::bytes]); }
  double since(const state::Counter& counter) const {
    return static_cast<double>(counts_[counter] - summary_.before[counter]);
  }

  const Summary& summary_;
  const state::Counts& counts_;
  const double seconds_;
  std::vector<std::pair<std::string_view, std::string>> lines_;
};

// What a dry run would delete, a line each.
std::string preview_of(const Summary& summary) {
  std::string text;
  for (const ledger::Line& line : summary.would_delete) {
    const std::string& key = line.destination_key.empty() ? line.key : line.destination_key;
    text +=
        "would delete " + printable(key) + " (" + options::format_size_rounded(line.size) + ")\n";
  }
  const std::int64_t rest =
      summary.run.counts[Counter::extra] - static_cast<std::int64_t>(summary.would_delete.size());
  if (!summary.would_delete.empty() && rest > 0)
    text += "… and " + options::format_count(rest) + " more\n";
  return text;
}

}  // namespace

std::string to_text(const Summary& summary) {
  Lines lines(summary);
  if (summary.action == options::Action::verify) {
    lines.verified();
  } else {
    lines.copied();
  }
  lines.requests_and_time();
  return preview_of(summary) + lines.text();
}

}  // namespace dth::cli
