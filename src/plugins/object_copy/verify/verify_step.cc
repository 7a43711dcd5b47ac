#include "plugins/object_copy/verify/verify_step.h"

#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/job_errors.h"
#include "plugins/object_copy/records.h"
#include "plugins/object_copy/verify/record_result.h"

namespace dth::object_copy {

void VerifyStep::see(const std::string& prefix, std::string_view key,
                     const objects::ObjectInfo* source, const objects::ObjectInfo* destination,
                     TimePoint now) {
  ++keys_;
  const bool seen_before = cursor_.size() == prefix.size() + key.size() &&
                           cursor_.starts_with(prefix) && cursor_.ends_with(key);
  cursor_.assign(prefix).append(key);
  if (source && source->hidden_size > 0) {
    // What the destination has there is neither extra nor compared.
    const bool is_it = std::string_view(source->key).substr(prefix.size()) == key;
    if (is_it && !seen_before) record_hidden(options_, *source, now, &finished_);
  } else if (!source && destination->hidden_size > 0) {
    // What it may hold of the source fails with its own keys.
  } else if (source) {
    see_source(*source, destination, now);
  } else {
    see_extra(*destination, now);
  }
}

engine::Finished VerifyStep::take() {
  close_batch();
  close_repairs();
  keys_ = 0;
  return std::exchange(finished_, {});
}

void VerifyStep::see_source(const objects::ObjectInfo& source,
                            const objects::ObjectInfo* destination, TimePoint now) {
  state::Counts& counts = finished_.effects.counts;
  counts[Counter::scanned] += 1;
  if (!options_.selection.takes(options_.relative_key(source.key), source)) return;
  counts[Counter::selected] += 1;
  if (destination && destination->hidden_size > 0) {
    record_failure(source.key, source.size.value_or(0), hidden_at_destination(*destination), 0, now,
                   &finished_);
    return;
  }
  Item item;
  item.key = source.key;
  item.size = source.size.value_or(0);
  item.etag = source.etag;
  item.modified = source.last_modified;
  if (destination) item.destination_etag = destination->etag;
  const VerifyResult result =
      destination ? compare_listed(source, *destination, source_limits_, destination_limits_)
                  : VerifyResult::missing();
  if (is_settled_by(result, item.key)) {
    record_result(options_, item, result, now, &finished_, &repairs_);
    if (repairs_.size() >= tuning_.batch_items_max) close_repairs();
    return;
  }
  batch_bytes_ += options_.verify.method == VerifyMethod::read_back ? item.size : 0;
  batch_.push_back(std::move(item));
  if (batch_.size() >= tuning_.batch_items_max || batch_bytes_ >= tuning_.batch_bytes_max)
    close_batch();
}

bool VerifyStep::is_settled_by(const VerifyResult& result, const std::string& key) const {
  const VerifyRules& rules = options_.verify;
  if (result.kind == VerifyResult::Kind::differs || result.kind == VerifyResult::Kind::missing)
    return true;
  if (rules.method == VerifyMethod::listing) return true;
  if (rules.method == VerifyMethod::read_back && is_sampled(key, rules.sample_percent))
    return false;
  return result.kind == VerifyResult::Kind::same &&
         result.proof.kind == ledger::ProofKind::equal_etags;
}

void VerifyStep::see_extra(const objects::ObjectInfo& destination, TimePoint now) {
  const std::string key =
      options_.source_key + destination.key.substr(options_.destination_key.size());
  if (!options_.selection.takes_key(options_.relative_key(key))) return;
  finished_.effects.counts[Counter::extra] += 1;
  if (!options_.verify.report_extra) return;
  ledger::Line line;
  line.key = key;
  line.destination_key = destination.key;
  line.outcome = ledger::Outcome::extra;
  line.size = destination.size.value_or(0);
  line.destination_etag = destination.etag;
  line.at = now;
  finished_.lines.add(line);
}

void VerifyStep::close_repairs() {
  std::vector<Item> small;
  for (Item& item : std::exchange(repairs_, {})) {
    if (item.size > options_.multipart_threshold_bytes) {
      finished_.effects.jobs.push_back(copy_job({std::move(item)}));
    } else {
      small.push_back(std::move(item));
    }
  }
  if (!small.empty()) finished_.effects.jobs.push_back(copy_job(std::move(small)));
}

}  // namespace dth::object_copy
