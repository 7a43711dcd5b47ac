#pragma once

#include <memory>
#include <string>

#include "cli/command.h"
#include "cli/database.h"
#include "client/contexts.h"
#include "client/hub_client.h"

namespace dth::cli {

// The contexts of this user: in DTH_CONFIG_DIR, else in $XDG_CONFIG_HOME/dth, else in
// ~/.config/dth. Errors: invalid_argument where none of them is set.
Result<client::ContextStore> context_store();

// A hub as commands find it.
struct KnownHub {
  std::string context;  // its name on this machine; empty: it was named by its address
  client::HubAddress address;
  std::string ca_bundle = {};
  std::string token = {};  // empty: not signed in
  std::string token_id = {};

  // What messages call it.
  const std::string& name() const { return context.empty() ? url : context; }
  std::string url = {};
};

// The hub that is meant: `named` (--hub), else DTH_HUB, else the current context. A name is a
// context or an address. DTH_HUB_TOKEN is the token of the hub that DTH_HUB names, or of any hub
// where that is not set; other hubs have the tokens of `dth login`. Errors: invalid_argument,
// not_found, and those of ContextStore.
Result<KnownHub> find_hub(const std::string& named);

// Errors of open_hub(): also unauthenticated, where nobody has signed in.
Result<std::unique_ptr<client::HubClient>> open_hub(const std::string& named);
// With the token of `hub`, and without one.
Result<std::unique_ptr<client::HubClient>> open_hub_as(const KnownHub& hub);
Result<std::unique_ptr<client::HubClient>> open_hub_signed_out(const KnownHub& hub);

// --hub, of commands that need a hub.
CommandOption& add_hub_option(Command& command, std::string* hub);
// --hub, of commands that are for this machine without it.
CommandOption& add_hub_option(Command& command, DatabaseFlags* flags);

// The hub that such a command is for: --hub, or DTH_HUB unless a database is named; empty: this
// machine. Errors: invalid_argument where both are named.
Result<std::string> hub_of(const DatabaseFlags& flags);

}  // namespace dth::cli
