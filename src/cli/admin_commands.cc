#include <memory>

#include "cli/admin_command.h"
#include "cli/command_line.h"
#include "config/setting_table.h"

namespace dth::cli {
namespace {

const std::vector<std::string> roles = {"viewer", "operator", "admin"};

// Which hub: the settings that say where its state is.
void add_hub_options(Command& command, HubFlags* flags) {
  add_value(command, "--config", &flags->config,
            "settings in a file of YAML, as dth serve takes it")
      .placeholder = "FILE";
  for (const std::string_view name : {"data_dir", "database", "database_password_file"}) {
    const options::Option* setting = config::find_setting(name);
    CommandOption& option =
        add_value(command, config::flag_of(*setting), &flags->values[std::string(name)],
                  std::string(setting->help));
    option.placeholder = std::string(setting->placeholder);
  }
}

void add_create(Command& command, bool* creates) {
  add_flag(command, "--create", creates, "begin a new hub's state where there is none");
}

void add_role(Command& command, std::string* role) {
  add_choice(command, "--role", "what it may do [viewer]", roles,
             [role](const std::string& word) { *role = word; });
}

}  // namespace

void add_admin_commands(CommandLine& line) {
  Command& admin = add_command(line.root, "admin",
                               "Users and tokens of a hub, on its own host, without its API");

  Command& create = add_command(admin, "create-user", "Create a user; the password is asked for");
  struct UserFlags {
    HubFlags hub;
    AdminUserFlags user;
  };
  auto created = std::make_shared<UserFlags>();
  add_value(create, "--email", &created->user.email, "e-mail address, by which the user signs in")
      .is_required = true;
  add_value(create, "--name", &created->user.name, "name [the address before the @]");
  add_role(create, &created->user.role);
  add_create(create, &created->user.creates);
  add_hub_options(create, &created->hub);
  create.run = [created] { return admin_create_user(created->hub, created->user); };

  Command& reset = add_command(admin, "reset-password",
                               "Set a user's password, which is asked for; ends all sessions");
  struct ResetFlags {
    HubFlags hub;
    std::string email;
  };
  auto given = std::make_shared<ResetFlags>();
  add_value(reset, "--email", &given->email, "the user's e-mail address").is_required = true;
  add_hub_options(reset, &given->hub);
  reset.run = [given] { return admin_reset_password(given->hub, given->email); };

  Command& token = add_command(admin, "token", "API tokens");
  Command& make = add_command(token, "create", "Make an API token, and print it");
  struct TokenFlags {
    HubFlags hub;
    AdminTokenFlags token;
  };
  auto wanted = std::make_shared<TokenFlags>();
  add_value(make, "--name", &wanted->token.name, "what it is for").is_required = true;
  add_role(make, &wanted->token.role);
  add_value(make, "--expires-days", &wanted->token.days, "days until it expires, or never [90]")
      .placeholder = "DAYS";
  add_create(make, &wanted->token.creates);
  add_hub_options(make, &wanted->hub);
  make.run = [wanted] { return admin_create_token(wanted->hub, wanted->token); };
}

}  // namespace dth::cli
