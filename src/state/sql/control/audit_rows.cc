#include "state/sql/control/audit_rows.h"

#include "base/encoding.h"
#include "base/ids.h"

namespace dth::state::sql {
namespace {

// Text that every engine takes, of a bounded size: what clients send gets here.
std::string kept(const std::string& text) {
  const bool is_plain = text.find('\0') == std::string::npos && is_valid_utf8(text);
  std::string cleaned = is_plain ? text : printable(text);
  if (cleaned.size() <= audit_text_max) return cleaned;
  std::size_t end = audit_text_max;
  while (end > 0 && (static_cast<unsigned char>(cleaned[end]) & 0xc0) == 0x80) --end;
  cleaned.resize(end);
  return cleaned;
}

std::string kept_changes(const std::string& changes) {
  if (changes.size() > audit_changes_max) return R"([{"field":"*","after":"too large to keep"}])";
  const bool is_plain = changes.find('\0') == std::string::npos && is_valid_utf8(changes);
  return is_plain ? changes : R"([{"field":"*","after":"not UTF-8"}])";
}

}  // namespace

void append_audit(Database& database, const AuditEntry& entry) {
  const TimePoint now = database.now(entry.at);
  database.run(
      "insert into audit_event (id, at, actor_kind, actor_id, actor_name, address, action, "
      "target_kind, target_id, target_name, outcome, changes, request_id) values (?, ?, ?, ?, ?, "
      "?, ?, ?, ?, ?, ?, ?, ?)",
      new_id("audit"), now, to_string(entry.actor_kind), kept(entry.actor_id),
      kept(entry.actor_name), kept(entry.address), kept(entry.action), kept(entry.target_kind),
      kept(entry.target_id), kept(entry.target_name), to_string(entry.outcome),
      kept_changes(entry.changes), kept(entry.request_id));
}

}  // namespace dth::state::sql
