#include "plugins/object_copy/verify/record_result.h"

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/records.h"

namespace dth::object_copy {

void record_result(const CopyOptions& options, const Item& item, const VerifyResult& result,
                   TimePoint at, engine::Finished* finished, std::vector<Item>* repairs) {
  state::Counts& counts = finished->effects.counts;
  ledger::Line line;
  line.key = item.key;
  line.destination_key = options.destination_key_of(item.key);
  line.size = item.size;
  line.source_etag = item.etag;
  line.destination_etag = item.destination_etag;
  line.at = at;
  switch (result.kind) {
    case VerifyResult::Kind::same:
      counts[Counter::matched] += 1;
      counts[counter_of(result.proof.kind)] += 1;
      line.outcome = ledger::Outcome::matched;
      line.proof = result.proof.kind;
      line.algorithm = result.proof.algorithm;
      line.checksum = result.proof.checksum;
      finished->lines.add(line);
      return;
    case VerifyResult::Kind::undetermined:
      counts[Counter::undetermined] += 1;
      line.outcome = ledger::Outcome::undetermined;
      line.error = result.reason;
      finished->lines.add(line);
      return;
    case VerifyResult::Kind::differs:
    case VerifyResult::Kind::missing:
      break;
  }
  const bool missing = result.kind == VerifyResult::Kind::missing;
  counts[missing ? Counter::missing : Counter::differs] += 1;
  if (options.verify.repair) {
    repairs->push_back(item);
    return;
  }
  line.outcome = missing ? ledger::Outcome::missing : ledger::Outcome::differs;
  record_failure(
      std::move(line),
      Error{missing ? ErrorCode::not_found : ErrorCode::data_corrupted, result.reason, ""}, 1,
      finished);
}

}  // namespace dth::object_copy
