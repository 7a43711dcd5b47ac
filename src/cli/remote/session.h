#pragma once

#include <functional>
#include <string>

#include "client/hub_client.h"

namespace dth::cli {

// What needs a session and no token will do for: making tokens and links. Asks for e-mail address
// (unless `email` is it) and password, signs in, does it, and ends the session, however it went.
using InSession = std::function<Result<void>(client::HubClient& hub, const std::string& user)>;
Result<void> do_in_session(client::HubClient& hub, const std::string& email, const InSession& work);

// The same for the session that `begin` begins: signIn, createFirstAdministrator. `input` holds
// what it takes.
Result<void> do_in_session(client::HubClient& hub, const client::Document& begin,
                           boost::json::object input, const InSession& work);

}  // namespace dth::cli
