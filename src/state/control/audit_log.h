#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "state/control/hub_leases.h"

namespace dth::state {

// Who did something.
enum class ActorKind {
  user,
  token,
  scheduler,
  worker,
  host,       // somebody on the hub's own host: `dth admin`
  system,     // the hub itself
  anonymous,  // nobody that is known: a sign-in that was refused
};
std::string_view to_string(ActorKind kind);
std::optional<ActorKind> parse_actor_kind(std::string_view text);

enum class AuditOutcome { ok, refused };
std::string_view to_string(AuditOutcome outcome);

// What somebody did, or was refused. It never holds a secret. Texts are cut at audit_text_max
// bytes, and bytes that are not UTF-8 are shown as \xNN.
struct AuditEntry {
  TimePoint at{};  // the caller's clock; the database's own decides where it has one
  ActorKind actor_kind = ActorKind::system;
  std::string actor_id;
  std::string actor_name;
  std::string address;  // where the request came from; empty: this host
  std::string action;   // the mutation's name: "createUser"; "signIn"
  std::string target_kind;
  std::string target_id;
  std::string target_name;
  AuditOutcome outcome = AuditOutcome::ok;
  // A JSON array of {"field", "before", "after"}; a secret is "changed". AuditChanges writes it.
  std::string changes = "[]";
  std::string request_id;
};

inline constexpr std::size_t audit_text_max = 1024;
inline constexpr std::size_t audit_changes_max = 32 * 1024;

// Writes AuditEntry::changes.
class AuditChanges {
 public:
  // Nothing where both are equal.
  void add(std::string_view field, std::string_view before, std::string_view after);
  // "changed", and neither value.
  void add_secret(std::string_view field);
  bool empty() const { return text_.empty(); }
  std::string to_json() const { return "[" + text_ + "]"; }

 private:
  std::string text_;
};

// Where an entry stands in the log, the newest first.
struct AuditPosition {
  TimePoint at{};
  std::int64_t number = 0;
  bool operator==(const AuditPosition&) const = default;
};

// An entry as it was kept.
struct AuditRecord : AuditEntry {
  std::string id;  // audit_…
  std::int64_t number = 0;
  // Its place in the chain of hashes, from 1, and the hash of all up to it, in hexadecimal digits.
  // Nothing yet: the chain is made afterwards.
  std::optional<std::int64_t> link;
  std::string hash;
  AuditPosition position() const { return {.at = at, .number = number}; }
};

// Those that all given fields fit; what is empty fits everything.
struct AuditFilter {
  std::string actor_id = {};
  std::string action = {};
  std::string target_kind = {};
  std::string target_id = {};
  std::optional<AuditOutcome> outcome = {};
  std::optional<TimePoint> since = {};  // from then on
  std::optional<TimePoint> until = {};  // before then
};

// What replaces entries that retention dropped: the last of them.
struct AuditCheckpoint {
  std::int64_t link = 0;  // 0: nothing was dropped
  std::string hash = {};
  TimePoint dropped_at{};
};

// The lease whose holder makes the chain.
inline constexpr std::string_view audit_lease = "audit_chain";

// Who did what. It only grows; what retention drops is replaced by a checkpoint of the chain.
// Methods of other roles write their entry in the transaction of their change
// (sql::append_audit()). See State for what every method keeps to.
class AuditLog {
 public:
  virtual ~AuditLog() = default;

  // An entry of which nothing in state changes: a sign-in that was refused.
  virtual Result<void> append(const AuditEntry& entry) = 0;
  // The newest first, those after `after`: one page of at most `count_max`.
  virtual Result<std::vector<AuditRecord>> list(const AuditFilter& filter,
                                                const std::optional<AuditPosition>& after,
                                                std::size_t count_max) = 0;
  // not_found.
  virtual Result<AuditRecord> find(const std::string& id) = 0;

  // --- the chain of hashes (audit_chain.h)
  // Those that are chained, in the chain's order, after that link.
  virtual Result<std::vector<AuditRecord>> chained(std::int64_t after, std::size_t count_max) = 0;
  virtual Result<AuditCheckpoint> checkpoint() = 0;
  virtual Result<std::int64_t> unchained_count() = 0;
  // By the holder of audit_lease; precondition_failed where it was lost. Chains the next entries,
  // at most so many, and returns how many.
  virtual Result<std::size_t> chain(const HubLease& lease, TimePoint now,
                                    std::size_t count_max) = 0;
  // By the same: drops the first entries of the chain that are older than `before`, at most so
  // many, and keeps a checkpoint. How many.
  virtual Result<std::size_t> drop(const HubLease& lease, TimePoint before, TimePoint now,
                                   std::size_t count_max) = 0;
};

}  // namespace dth::state
