#pragma once

#include <map>
#include <string>

#include "cli/ledger_places.h"
#include "cli/output.h"
#include "control/vault/hub_credentials.h"
#include "engine/plugin.h"

// `dth serve` and `dth config …`. All return the exit code.
namespace dth::cli {

// The settings that were given on the command line.
struct HubFlags {
  std::string config;                         // the file; empty: none
  std::map<std::string, std::string> values;  // by the setting's name; empty: not given
};

// Serves, and executes runs (EmbeddedWorker), until SIGTERM or SIGINT; a second one ends the
// process at once. SIGHUP reads certificate, key and log level again.
int serve(engine::Plugin& plugin, control::HubCredentials& credentials, const LedgerPlaces& ledgers,
          const HubFlags& flags);

// Tells every problem of the configuration, or the values in effect and where each came from.
int config_check(const HubFlags& flags, OutputFormat output);

// `dth vault rotate`: a new master key, and every credential sealed with it, while the hub runs.
int vault_rotate(const HubFlags& flags, bool keeps_old_keys);

// `dth audit verify`: `known` is LINK:HASH, as an earlier call printed it; empty: none.
int audit_verify(const HubFlags& flags, const std::string& known);
// `dth audit export`: lines of JSON on standard output.
struct AuditExport {
  std::string actor, action, since, until;
};
int audit_export(const HubFlags& flags, const AuditExport& filter);

}  // namespace dth::cli
