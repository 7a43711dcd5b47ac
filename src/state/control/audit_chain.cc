#include "state/control/audit_chain.h"

#include "base/hash.h"

namespace dth::state {
namespace {

// Lengths tell texts apart that are one after the other.
void append_field(std::string_view field, std::string* text) {
  *text += std::to_string(field.size());
  *text += ':';
  *text += field;
}

}  // namespace

std::string audit_hash(const std::string& before, const AuditRecord& record) {
  std::string text = "dth audit 1\n";
  append_field(before, &text);
  append_field(std::to_string(record.link.value_or(0)), &text);
  append_field(record.id, &text);
  append_field(std::to_string(record.at.time_since_epoch().count()), &text);
  append_field(to_string(record.actor_kind), &text);
  for (const std::string* field :
       {&record.actor_id, &record.actor_name, &record.address, &record.action, &record.target_kind,
        &record.target_id, &record.target_name})
    append_field(*field, &text);
  append_field(to_string(record.outcome), &text);
  append_field(record.changes, &text);
  append_field(record.request_id, &text);
  return hash(HashAlgorithm::sha256, as_bytes(text)).hex();
}

Result<void> AuditVerifier::take(const AuditRecord& record) {
  if (!record.link || *record.link != link_ + 1) {
    return Error{ErrorCode::data_corrupted,
                 "the audit log is broken: entry " + std::to_string(link_ + 1) +
                     " of the chain is missing, before " + record.id,
                 {}};
  }
  if (audit_hash(hash_, record) != record.hash) {
    return Error{ErrorCode::data_corrupted,
                 "the audit log is broken: " + record.id + ", entry " +
                     std::to_string(*record.link) +
                     " of the chain, was changed, or one before it was replaced",
                 {}};
  }
  link_ = *record.link;
  hash_ = record.hash;
  return {};
}

}  // namespace dth::state
