// `dth vault …` and `dth audit …`: on the hub's host, with its state and not through its API.
#include <charconv>
#include <cstdio>

#include "base/encoding.h"
#include "base/zoned_time.h"
#include "cli/exit_code.h"
#include "cli/hub_command.h"
#include "cli/hub_control.h"
#include "cli/hub_settings.h"
#include "cli/hub_state.h"
#include "cli/output.h"
#include "control/audit/audit_reader.h"
#include "control/vault/rotation.h"
#include "options/amounts.h"

namespace dth::cli {
namespace {

// The hub's settings and state.
struct HostHub {
  config::HubSettings settings;
  std::unique_ptr<state::State> state;

  static Result<HostHub> open(const HubFlags& flags, StatePlace::Access access) {
    config::Resolution resolution = resolve_settings(flags);
    if (!resolution.problems.empty()) {
      return Error{ErrorCode::invalid_argument, resolution.problems.front().to_string(), ""};
    }
    auto place = hub_state_place(resolution.settings);
    if (place.has_error()) return place.error();
    auto state = place->open(access);
    if (state.has_error()) return state.error();
    return HostHub{std::move(resolution.settings), std::move(*state)};
  }
};

state::AuditEntry by_host() {
  state::AuditEntry entry;
  entry.at = SystemClock().now();
  entry.actor_kind = state::ActorKind::host;
  entry.actor_name = "dth vault";
  return entry;
}

Result<std::optional<control::KnownLink>> parse_known(const std::string& text) {
  if (text.empty()) return std::optional<control::KnownLink>();
  control::KnownLink known;
  const std::size_t colon = std::min(text.find(':'), text.size());
  const auto parsed = std::from_chars(text.data(), text.data() + colon, known.link);
  known.hash = text.substr(std::min(colon + 1, text.size()));
  if (parsed.ec == std::errc() && parsed.ptr == text.data() + colon && known.link > 0 &&
      known.hash.size() == 64)
    return std::optional<control::KnownLink>(std::move(known));
  return Error{ErrorCode::invalid_argument,
               "invalid value \"" + text +
                   "\" for --expect: expected ENTRY:HASH, as an earlier `dth audit verify` printed "
                   "it",
               ""};
}

Result<std::optional<TimePoint>> parse_bound(const std::string& text, const std::string& option) {
  if (text.empty()) return std::optional<TimePoint>();
  const auto time = parse_zoned_time(text.size() == 10 ? text + "T00:00:00Z" : text);
  if (time) return time;
  return Error{ErrorCode::invalid_argument,
               "invalid value \"" + text + "\" for " + option +
                   ": expected a time such as 2026-11-01 or 2026-11-01T09:30:00Z",
               ""};
}

Result<std::int64_t> write_entries(const HubFlags& flags, const AuditExport& given) {
  state::AuditFilter filter;
  filter.actor_id = given.actor;
  filter.action = given.action;
  auto since = parse_bound(given.since, "--since");
  if (since.has_error()) return since.error();
  auto until = parse_bound(given.until, "--until");
  if (until.has_error()) return until.error();
  filter.since = *since;
  filter.until = *until;
  auto hub = HostHub::open(flags, StatePlace::Access::read_newest);
  if (hub.has_error()) return hub.error();
  return control::export_audit(hub->state->control().audit(), filter, [](std::string_view line) {
    put(std::string(line));
    return std::ferror(stdout) == 0;
  });
}

}  // namespace

int vault_rotate(const HubFlags& flags, bool keeps_old_keys) {
  auto hub = HostHub::open(flags, StatePlace::Access::work);
  if (hub.has_error()) return print_error(hub.error());
  control::RotationOptions options;
  options.keeps_old_keys = keeps_old_keys;
  const auto rotated = control::rotate_master_key(
      master_keys_of(hub->settings), hub->state->control().credentials(), by_host(), options);
  if (rotated.has_error()) return print_error(rotated.error());
  for (const std::string& damaged : rotated->damaged)
    std::fprintf(stderr, "dth: not sealed again: %s\n", printable(damaged).c_str());
  put("Master key  " + rotated->key +
      (rotated->resumed ? " (of a rotation that was interrupted)" : "") + "\nSealed      " +
      options::format_count(rotated->resealed) + " credentials\nOld keys    " +
      (rotated->dropped_old_keys ? "removed" : "kept") + "\n");
  return rotated->damaged.empty() ? 0 : exit_with_failures;
}

int audit_verify(const HubFlags& flags, const std::string& text) {
  auto known = parse_known(text);
  if (known.has_error()) {
    print_error(known.error());
    return exit_usage;
  }
  auto hub = HostHub::open(flags, StatePlace::Access::read_newest);
  if (hub.has_error()) return print_error(hub.error());
  const auto check = control::check_audit(hub->state->control().audit(), *known);
  if (check.has_error()) return print_error(check.error());
  std::string out =
      "Checked    " + options::format_count(check->checked) + " entries; none was changed\n";
  if (check->start.link > 0) {
    out += "Dropped    " + options::format_count(check->start.link) + " older entries, up to " +
           format_time(check->start.dropped_at) + "\n";
  }
  if (check->unchained > 0)
    out += "Not yet    " + options::format_count(check->unchained) +
           " newer entries are not chained\n";
  if (check->link > 0)
    out += "End        " + std::to_string(check->link) + ":" + check->hash +
           "\nKeep the end elsewhere: dth audit verify --expect proves that nothing before it was "
           "changed since.\n";
  put(out);
  if (check->known != control::AuditCheck::Known::dropped) return 0;
  std::fprintf(stderr,
               "dth: --expect %s cannot be checked any more: retention dropped the entries up to "
               "%lld. Keep the end that is printed now, and verify more often than "
               "audit_retention.\n",
               text.c_str(), static_cast<long long>(check->start.link));
  return exit_cannot_check;
}

int audit_export(const HubFlags& flags, const AuditExport& filter) {
  const auto written = write_entries(flags, filter);
  if (written.has_error()) return print_error(written.error());
  std::fprintf(stderr, "dth: %s entries\n", options::format_count(*written).c_str());
  return 0;
}

}  // namespace dth::cli
