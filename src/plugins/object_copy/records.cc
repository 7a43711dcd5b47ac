#include "plugins/object_copy/records.h"

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/mirror/mirror_payloads.h"

namespace dth::object_copy {

void record_failure(const std::string& key, std::uint64_t size, const Error& error, int attempts,
                    TimePoint at, engine::Finished* finished, const std::string& version) {
  ledger::Line line;
  line.key = key;
  line.outcome = ledger::Outcome::failed;
  line.size = size;
  line.source_version = version;
  line.at = at;
  record_failure(std::move(line), error, attempts, finished);
}

void record_failure(ledger::Line line, const Error& error, int attempts,
                    engine::Finished* finished) {
  finished->effects.counts[Counter::failed] += 1;
  state::Failure failure;
  failure.key = line.key;
  failure.version_id = line.source_version;
  failure.size = line.size;
  failure.code = to_string(error.code);
  if (error.reason != ErrorReason::unspecified) failure.reason = to_string(error.reason);
  failure.message = error.message;
  failure.detail = error.detail;
  failure.attempts = attempts;
  failure.at = line.at;
  if (error.reason == ErrorReason::listed_but_missing) failure.step = step_listing;
  if (error.reason == ErrorReason::name_not_kept) failure.step = step_name;
  finished->effects.failures.push_back(std::move(failure));
  line.error = error.to_string();
  finished->lines.add(line);
}

void record_hidden(const CopyOptions& options, const objects::ObjectInfo& source, TimePoint at,
                   engine::Finished* finished) {
  const std::string key(source.hidden());
  const bool folder = key.ends_with('/');
  if (!folder && !options.selection.takes_key(options.relative_key(key))) return;
  finished->effects.counts[Counter::scanned] += 1;
  finished->effects.counts[Counter::selected] += 1;
  const Error error{ErrorCode::permission_denied,
                    std::string(folder ? "the directory " : "the file ") +
                        std::string(source.obstacle) +
                        (folder ? ". Nothing in it was copied" : "") +
                        ". Make it readable and run again, or exclude it",
                    ""};
  record_failure(key, 0, error, 1, at, finished);
  if (folder) finished->effects.failures.back().step = step_list;
}

void record_archived(const objects::ObjectInfo& source, TimePoint at, engine::Finished* finished) {
  finished->effects.counts[Counter::skipped] += 1;
  ledger::Line line;
  line.key = source.key;
  line.outcome = ledger::Outcome::skipped;
  line.size = source.size.value_or(0);
  line.source_etag = source.etag;
  line.error = "archived (" + source.storage_class + ")";
  line.at = at;
  finished->lines.add(line);
}

void record_deleted_at_source(const Item& item, TimePoint at, engine::Finished* finished) {
  finished->effects.counts[Counter::deleted_at_source] += 1;
  ledger::Line line;
  line.key = item.key;
  line.outcome = ledger::Outcome::deleted_at_source;
  line.size = item.size;
  line.source_etag = item.etag;
  line.at = at;
  finished->lines.add(line);
}

void record_copied(const CopyOptions& options, const objects::ObjectInfo& source,
                   const objects::PutResult& stored, const Proof& proof, const CopyTimes& times,
                   engine::Finished* finished) {
  state::Counts& counts = finished->effects.counts;
  counts[Counter::copied] += 1;
  counts[Counter::bytes] += static_cast<std::int64_t>(source.size.value_or(0));
  counts[counter_of(proof.kind)] += 1;
  ledger::Line line;
  line.key = source.key;
  line.destination_key = options.destination_key_of(source.key);
  if (line.destination_key == line.key) line.destination_key.clear();
  line.outcome = ledger::Outcome::copied;
  line.size = source.size.value_or(0);
  line.source_etag = source.etag;
  line.source_version = source.version_id;
  line.destination_etag = stored.etag;
  line.destination_version = stored.version_id;
  line.proof = proof.kind;
  line.algorithm = proof.algorithm;
  line.checksum = proof.checksum;
  line.at = times.at;
  if (times.read_from.known()) line.read_from = times.read_from.value();
  finished->lines.add(line);
}

}  // namespace dth::object_copy
