// `dth user …` and `dth token …`.
#include <memory>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/remote/find_id.h"
#include "cli/remote/hub_connection.h"
#include "cli/remote/listing.h"
#include "cli/remote/session.h"

namespace dth::cli {
namespace {

namespace json = boost::json;
namespace documents = client::documents;
using client::HubClient;

const std::vector<Column> user_columns = {{"E-MAIL", "email"},
                                          {"NAME", "name"},
                                          {"ROLE", "role"},
                                          {"DISABLED", "isDisabled", Column::As::yes},
                                          {"LAST SIGN-IN", "lastSignInAt", Column::As::time},
                                          {"ID", "id"}};
const std::vector<Column> token_columns = {{"NAME", "name"},
                                           {"OWNER", "ownerName"},
                                           {"SCOPE", "scope"},
                                           {"ENDS IN", "lastFour"},
                                           {"EXPIRES", "expiresAt", Column::As::time},
                                           {"LAST USED", "lastUsedAt", Column::As::time},
                                           {"FROM", "lastUsedFrom"},
                                           {"ID", "id"}};

std::string upper(std::string word) {
  for (char& c : word) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return word;
}

// The link is the answer, and alone on standard output.
void print_link(const HubClient& hub, const json::object& payload) {
  put(hub.address().url() +
      "/set-password#token=" + printable(text_of(payload, "setPasswordToken")) + "\n");
}

struct UserFlags {
  std::string hub, user, name, email, role;
  bool disables = false, enables = false, is_certain = false;
};

Result<void> create_user(const UserFlags& flags) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  json::object input;
  input["email"] = flags.email;
  input["name"] = flags.name.empty() ? flags.email.substr(0, flags.email.find('@')) : flags.name;
  input["role"] = upper(flags.role.empty() ? "viewer" : flags.role);
  auto made = (*hub)->change(documents::create_user, std::move(input));
  if (made.has_error()) return made.error();
  print_link(**hub, *made);
  tell("created " + printable(text_of(*made, "user.email")) +
       ". Give them the link above: it sets their password, once, within three days");
  return {};
}

Result<void> update_user(const UserFlags& flags) {
  if (flags.disables && flags.enables) {
    return Error{ErrorCode::invalid_argument, "--disable and --enable exclude each other", ""};
  }
  json::object input;
  if (!flags.name.empty()) input["name"] = flags.name;
  if (!flags.email.empty()) input["email"] = flags.email;
  if (!flags.role.empty()) input["role"] = upper(flags.role);
  if (flags.disables || flags.enables) input["isDisabled"] = flags.disables;
  if (input.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "nothing is to be changed: give --name, --email, --role, --disable or --enable",
                 ""};
  }
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  auto id = find_id(**hub, users_by_email, flags.user);
  if (id.has_error()) return id.error();
  input["id"] = *id;
  auto done = (*hub)->change(documents::update_user, std::move(input));
  if (done.has_error()) return done.error();
  tell("changed " + printable(text_of(*done, "user.email")));
  return {};
}

Result<void> delete_user(const UserFlags& flags) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  auto id = find_id(**hub, users_by_email, flags.user);
  if (id.has_error()) return id.error();
  auto done = (*hub)->change(documents::delete_user, json::object{{"id", *id}});
  if (done.has_error()) return done.error();
  tell("deleted " + printable(flags.user) + ", with their sessions and tokens");
  return {};
}

// A token may not make what outlives it.
Result<void> reset_password(const UserFlags& flags) {
  auto known = find_hub(flags.hub);
  if (known.has_error()) return known.error();
  auto client = open_hub_signed_out(*known);
  if (client.has_error()) return client.error();
  return do_in_session(
      **client, flags.email, [&](HubClient& hub, const std::string&) -> Result<void> {
        auto id = find_id(hub, users_by_email, flags.user);
        if (id.has_error()) return id.error();
        auto made = hub.change(documents::reset_password, json::object{{"id", *id}});
        if (made.has_error()) return made.error();
        print_link(hub, *made);
        tell("the link above sets a password for " + printable(text_of(*made, "user.email")) +
             ", once, within three days. The old password holds until then");
        return {};
      });
}

struct TokenFlags {
  std::string hub, email, name, scope = "READ", token;
  std::uint64_t days = 90;
  bool never_expires = false;
};

Result<void> create_token(const TokenFlags& flags) {
  auto known = find_hub(flags.hub);
  if (known.has_error()) return known.error();
  auto client = open_hub_signed_out(*known);
  if (client.has_error()) return client.error();
  return do_in_session(**client, flags.email,
                       [&](HubClient& hub, const std::string&) -> Result<void> {
                         json::object input;
                         input["name"] = flags.name;
                         input["scope"] = flags.scope;
                         if (flags.never_expires) {
                           input["neverExpires"] = true;
                         } else {
                           input["expiresInDays"] = flags.days;
                         }
                         auto made = hub.change(documents::create_api_token, std::move(input));
                         if (made.has_error()) return made.error();
                         put(printable(text_of(*made, "secret")) + "\n");
                         tell("keep the token above now: the hub shows it only once");
                         return {};
                       });
}

// The id of the token of that name, or an id. Names need not be unique.
Result<std::string> find_token(HubClient& hub, const std::string& called) {
  if (called.starts_with("token_")) return called;
  auto page = read_pages(hub, documents::api_tokens, "apiTokens", {}, 100'000);
  if (page.has_error()) return page.error();
  std::string id;
  for (const json::value& node : page->nodes) {
    if (text_of(node.as_object(), "name") != called) continue;
    if (!id.empty()) {
      return Error{
          ErrorCode::invalid_argument,
          "several tokens are called " + printable(called) + ": give the id (dth token list)", ""};
    }
    id = text_of(node.as_object(), "id");
  }
  if (!id.empty()) return id;
  return Error{ErrorCode::invalid_argument,
               "there is no token " + printable(called) + " at " + hub.name() +
                   "; `dth token list` shows those that there are",
               ""};
}

Result<void> revoke_token(const TokenFlags& flags) {
  auto known = find_hub(flags.hub);
  if (known.has_error()) return known.error();
  auto client = open_hub_signed_out(*known);
  if (client.has_error()) return client.error();
  return do_in_session(
      **client, flags.email, [&](HubClient& hub, const std::string&) -> Result<void> {
        auto id = find_token(hub, flags.token);
        if (id.has_error()) return id.error();
        auto done = hub.change(documents::revoke_api_token, json::object{{"id", *id}});
        if (done.has_error()) return done.error();
        tell("revoked " + printable(text_of(*done, "apiToken.name")));
        return {};
      });
}

template <class Flags>
void run_with(Command& app, std::shared_ptr<Flags> flags, Result<void> (*work)(const Flags&)) {
  app.run = [flags, work] {
    auto done = work(*flags);
    return done.has_error() ? print_error(done.error()) : 0;
  };
}

void add_list(Command& parent, const std::string& help, const client::Document& document,
              const std::string& connection, const std::vector<Column>& columns) {
  Command& app = add_command(parent, "list", help);
  auto flags = std::make_shared<ListFlags>();
  add_list_options(app, flags.get());
  app.run = [flags, &document, connection, &columns] {
    return run_list_command(*flags, document, connection, columns);
  };
}

void add_role(Command& app, std::string* role, const std::string& help) {
  add_choice(app, "--role", help, {"viewer", "operator", "admin"},
             [role](const std::string& word) { *role = word; });
}

void add_email(Command& app, std::string* email) {
  add_value(app, "--email", email, "your own e-mail address: a token does not do for this [asked]")
      .placeholder = "ADDRESS";
}

void add_users(Command& parent) {
  add_list(parent, "List users", documents::users, "users", user_columns);

  Command& create =
      add_command(parent, "create", "Create a user, and print a link that sets the password");
  auto created = std::make_shared<UserFlags>();
  add_place(create, "EMAIL", &created->email, "e-mail address").is_required = true;
  add_value(create, "--name", &created->name, "name [the address before the @]");
  add_role(create, &created->role, "viewer, operator or admin [viewer]");
  add_hub_option(create, &created->hub);
  run_with(create, created, create_user);

  Command& update = add_command(parent, "update", "Change a user");
  auto updated = std::make_shared<UserFlags>();
  add_place(update, "USER", &updated->user, "e-mail address or id").is_required = true;
  add_value(update, "--name", &updated->name, "the new name");
  add_value(update, "--email", &updated->email, "the new e-mail address").placeholder = "ADDRESS";
  add_role(update, &updated->role, "viewer, operator or admin");
  add_flag(update, "--disable", &updated->disables, "the user may not sign in any more");
  add_flag(update, "--enable", &updated->enables, "the user may sign in again");
  add_hub_option(update, &updated->hub);
  run_with(update, updated, update_user);

  Command& remove = add_command(parent, "delete", "Delete a user, with their sessions and tokens");
  auto removed = std::make_shared<UserFlags>();
  add_place(remove, "USER", &removed->user, "e-mail address or id").is_required = true;
  add_hub_option(remove, &removed->hub);
  run_with(remove, removed, delete_user);

  Command& reset = add_command(parent, "reset-password",
                               "Print a link that sets a user's password; asks for your own");
  auto given = std::make_shared<UserFlags>();
  add_place(reset, "USER", &given->user, "e-mail address or id").is_required = true;
  add_email(reset, &given->email);
  add_hub_option(reset, &given->hub);
  run_with(reset, given, reset_password);
}

void add_tokens(Command& parent) {
  add_list(parent, "List API tokens: all for administrators, your own otherwise",
           documents::api_tokens, "apiTokens", token_columns);

  Command& create =
      add_command(parent, "create", "Make an API token and print it; asks for your password");
  auto created = std::make_shared<TokenFlags>();
  add_place(create, "NAME", &created->name, "what it is for").is_required = true;
  add_choice(create, "--scope", "what it may do: read, operate or admin [read]",
             {"read", "operate", "admin"},
             [created](const std::string& word) { created->scope = upper(word); });
  add_number(create, "--expires-days", "days until it expires [90]", {1, 3660},
             [created](std::uint64_t days) { created->days = days; });
  add_flag(create, "--never-expires", &created->never_expires,
           "it does not expire; for administrators");
  add_email(create, &created->email);
  add_hub_option(create, &created->hub);
  run_with(create, created, create_token);

  Command& revoke = add_command(parent, "revoke", "Revoke an API token; asks for your password");
  auto revoked = std::make_shared<TokenFlags>();
  add_place(revoke, "TOKEN", &revoked->token, "its name or id").is_required = true;
  add_email(revoke, &revoked->email);
  add_hub_option(revoke, &revoked->hub);
  run_with(revoke, revoked, revoke_token);
}

}  // namespace

void add_user_commands(CommandLine& line) {
  Command& users = add_command(line.root, "user", "The users of a hub");
  add_users(users);
  Command& tokens = add_command(line.root, "token", "API tokens, with which programs ask a hub");
  add_tokens(tokens);
}

}  // namespace dth::cli
