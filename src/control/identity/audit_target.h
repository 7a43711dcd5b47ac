#pragma once

#include "state/control/audit_log.h"
#include "state/control/identity.h"

namespace dth::control {

// What an entry of the audit log is about.
inline void about_user(state::AuditEntry* audit, const state::User& user) {
  audit->target_kind = "user";
  audit->target_id = user.id;
  audit->target_name = user.name;
}
inline void about_token(state::AuditEntry* audit, const state::ApiToken& token) {
  audit->target_kind = "token";
  audit->target_id = token.id;
  audit->target_name = token.name;
}

}  // namespace dth::control
