#pragma once

#include <string>

#include "cli/hub_command.h"

// `dth admin ...`: what is done on the hub's host, with its state and not through its API. All
// return the exit code.
namespace dth::cli {

// `creates`: where there is no state, it is made; elsewhere that is an error, so that a mistyped
// directory does not become a new hub.
struct AdminUserFlags {
  bool creates = false;
  std::string email;
  std::string name;
  std::string role = "viewer";
};
// The password is asked for.
int admin_create_user(const HubFlags& hub, const AdminUserFlags& flags);
int admin_reset_password(const HubFlags& hub, const std::string& email);

struct AdminTokenFlags {
  bool creates = false;
  std::string name;
  std::string role = "viewer";
  std::string days;  // empty: the default; "never"
};
// Prints the token, and nothing else, on standard output.
int admin_create_token(const HubFlags& hub, const AdminTokenFlags& flags);

}  // namespace dth::cli
