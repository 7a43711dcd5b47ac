#include "control/audit/audit_reader.h"

#include "base/json_writer.h"

namespace dth::control {
namespace {

constexpr std::size_t page_max = 1000;

Error not_part_of_it(const KnownLink& known) {
  return {ErrorCode::data_corrupted,
          "the audit log is broken: its entry " + std::to_string(known.link) +
              " of the chain had the hash " + known.hash + ", and has another one or is gone",
          {}};
}

}  // namespace

Result<AuditCheck> check_audit(state::AuditLog& audit, const std::optional<KnownLink>& known) {
  AuditCheck check;
  auto start = audit.checkpoint();
  if (start.has_error()) return start.error();
  check.start = *start;
  state::AuditVerifier verifier(*start);
  using Known = AuditCheck::Known;
  const bool is_dropped = known && known->link < start->link;
  if (is_dropped) check.known = Known::dropped;
  if (known && known->link == start->link && known->hash == start->hash) check.known = Known::met;
  for (;;) {
    auto page = audit.chained(verifier.link(), page_max);
    if (page.has_error()) return page.error();
    if (page->empty()) break;
    for (const state::AuditRecord& record : *page) {
      if (auto taken = verifier.take(record); taken.has_error()) {
        // Retention may have dropped entries while they were read.
        auto now = audit.checkpoint();
        if (now.has_value() && now->link > check.start.link) return check_audit(audit, known);
        return taken.error();
      }
      ++check.checked;
      if (known && verifier.link() == known->link) {
        if (verifier.hash() != known->hash) return not_part_of_it(*known);
        check.known = Known::met;
      }
    }
  }
  if (known && check.known == Known::none) return not_part_of_it(*known);
  check.link = verifier.link();
  check.hash = verifier.hash();
  auto unchained = audit.unchained_count();
  if (unchained.has_error()) return unchained.error();
  check.unchained = *unchained;
  return check;
}

std::string audit_line(const state::AuditRecord& record) {
  std::string line;
  JsonObjectWriter writer(&line);
  writer.text("id", record.id);
  writer.text("at", format_time(record.at));
  writer.text("actor_kind", to_string(record.actor_kind));
  writer.text("actor_id", record.actor_id);
  writer.text("actor_name", record.actor_name);
  writer.text("address", record.address);
  writer.text("action", record.action);
  writer.text("target_kind", record.target_kind);
  writer.text("target_id", record.target_id);
  writer.text("target_name", record.target_name);
  writer.text("outcome", to_string(record.outcome));
  writer.begin("changes");
  line += record.changes.empty() ? "[]" : record.changes;
  writer.text("request_id", record.request_id);
  if (record.link) writer.number("link", *record.link);
  writer.text("hash", record.hash);
  writer.end();
  escape_display_controls(&line);
  return line;
}

Result<std::int64_t> export_audit(state::AuditLog& audit, const state::AuditFilter& filter,
                                  const std::function<bool(std::string_view)>& write) {
  std::int64_t count = 0;
  std::optional<state::AuditPosition> after;
  for (;;) {
    auto page = audit.list(filter, after, page_max);
    if (page.has_error()) return page.error();
    for (const state::AuditRecord& record : *page) {
      if (!write(audit_line(record) + "\n")) return count;
      ++count;
    }
    if (page->size() < page_max) return count;
    after = page->back().position();
  }
}

}  // namespace dth::control
