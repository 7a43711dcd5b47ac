#include "state/control/audit_log.h"

#include <array>

#include "base/json_writer.h"

namespace dth::state {
namespace {

constexpr std::array<std::string_view, 7> actor_kinds = {"user", "token",  "scheduler", "worker",
                                                         "host", "system", "anonymous"};

}  // namespace

std::string_view to_string(ActorKind kind) { return actor_kinds[static_cast<std::size_t>(kind)]; }

std::optional<ActorKind> parse_actor_kind(std::string_view text) {
  for (std::size_t i = 0; i < actor_kinds.size(); ++i) {
    if (actor_kinds[i] == text) return static_cast<ActorKind>(i);
  }
  return std::nullopt;
}

std::string_view to_string(AuditOutcome outcome) {
  return outcome == AuditOutcome::ok ? "ok" : "refused";
}

void AuditChanges::add(std::string_view field, std::string_view before, std::string_view after) {
  if (before == after) return;
  if (!text_.empty()) text_ += ',';
  JsonObjectWriter writer(&text_);
  writer.text("field", field);
  writer.text("before", before);
  writer.text("after", after);
  writer.end();
}

void AuditChanges::add_secret(std::string_view field) {
  if (!text_.empty()) text_ += ',';
  JsonObjectWriter writer(&text_);
  writer.text("field", field);
  writer.text("after", "changed");
  writer.end();
}

}  // namespace dth::state
