// `dth credential …`. Secrets come from files, standard input or the terminal: no option takes one.
#include <memory>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/remote/find_id.h"
#include "cli/remote/hub_connection.h"
#include "cli/remote/listing.h"
#include "cli/remote/named_values.h"
#include "cli/remote/secret_input.h"

namespace dth::cli {
namespace {

namespace json = boost::json;
namespace documents = client::documents;
using client::HubClient;

const std::vector<Column> credential_columns = {{"NAME", "name"},
                                                {"KIND", "kind"},
                                                {"BASE", "base.name"},
                                                {"ROTATED", "rotatedAt", Column::As::time},
                                                {"LAST USED", "lastUsedAt", Column::As::time},
                                                {"EXPIRES", "expiresAt", Column::As::time},
                                                {"ID", "id"}};
const std::vector<Column> credential_fields = {{"Credential", "name"},
                                               {"Id", "id"},
                                               {"Kind", "kind"},
                                               {"Options", "options", Column::As::words},
                                               {"Base", "base.name"},
                                               {"Created", "createdAt", Column::As::time},
                                               {"Secrets given", "rotatedAt", Column::As::time},
                                               {"Last used", "lastUsedAt", Column::As::time},
                                               {"Expires", "expiresAt", Column::As::time},
                                               {"Used by", "usedBy", Column::As::words},
                                               {"Revision", "revision"}};
const std::vector<Column> credential_kind_columns = {{"KIND", "name"},
                                                     {"OPTIONS", "options", Column::As::words},
                                                     {"SECRETS", "secrets", Column::As::words},
                                                     {"NEEDS BASE", "needsBase", Column::As::yes},
                                                     {"WHAT", "help"}};

struct CredentialFlags {
  std::string hub, name, new_name, kind, base, expires, file;
  std::vector<std::string> options, secret_files;
  ListFormat format = ListFormat::table;
};

Result<json::object> find_kind(HubClient& hub, const std::string& name) {
  auto data = hub.ask(documents::credential_kinds, {});
  if (data.has_error()) return data.error();
  const json::value* kinds = find_field(*data, "credentialKinds");
  std::string known;
  if (kinds != nullptr && kinds->is_array()) {
    for (const json::value& kind : kinds->get_array()) {
      if (!kind.is_object()) continue;
      const std::string called = text_of(kind.get_object(), "name");
      if (called == name) return kind.get_object();
      known += (known.empty() ? "" : ", ") + printable(called);
    }
  }
  return Error{ErrorCode::invalid_argument,
               "invalid value \"" + printable(name) + "\" for --kind: this hub knows " + known, ""};
}

// Of `--secret-file NAME=FILE`: the file of that field, or nothing.
std::optional<std::string> file_of(const CredentialFlags& flags, const std::string& field) {
  for (const std::string& given : flags.secret_files) {
    if (given.starts_with(field + "=")) return given.substr(field.size() + 1);
  }
  return std::nullopt;
}

// All secrets of the kind: from their files, else asked for in the order that the kind has them.
Result<json::array> read_secrets(const json::object& kind, const CredentialFlags& flags) {
  json::array secrets;
  auto typed = named_values("--secret-file", flags.secret_files);
  if (typed.has_error()) return typed.error();
  std::size_t used = 0;
  const json::value* wanted = find_field(kind, "secrets");
  if (wanted != nullptr && wanted->is_array()) {
    for (const json::value& field : wanted->get_array()) {
      if (!field.is_object()) continue;
      const std::string name = text_of(field.get_object(), "name");
      const auto file = file_of(flags, name);
      const json::value* required = find_field(field.get_object(), "isRequired");
      if (!file && !(required != nullptr && required->is_bool() && required->get_bool())) continue;
      if (file) ++used;
      auto secret = read_secret(printable(name), file.value_or("-"));
      if (secret.has_error()) return secret.error();
      secrets.push_back(json::object{{"name", name}, {"value", *secret}});
    }
  }
  if (used == typed->size()) return secrets;
  return Error{ErrorCode::invalid_argument,
               "--secret-file names a field that is not a secret of this kind; `dth credential "
               "kinds` shows them",
               ""};
}

Result<void> add_base_and_end(HubClient& hub, const CredentialFlags& flags, json::object* input) {
  if (!flags.base.empty()) {
    auto base = find_id(hub, credentials_by_name, flags.base);
    if (base.has_error()) return base.error();
    (*input)["baseId"] = *base;
  }
  if (!flags.expires.empty())
    (*input)["expiresAt"] =
        flags.expires.size() == 10 ? flags.expires + "T00:00:00Z" : flags.expires;
  return {};
}

Result<void> create(const CredentialFlags& flags) {
  auto options = named_values("--option", flags.options);
  if (options.has_error()) return options.error();
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  auto kind = find_kind(**hub, flags.kind);
  if (kind.has_error()) return kind.error();
  json::object input;
  input["name"] = flags.name;
  input["kind"] = flags.kind;
  input["options"] = std::move(*options);
  auto added = add_base_and_end(**hub, flags, &input);
  if (added.has_error()) return added;
  auto secrets = read_secrets(*kind, flags);
  if (secrets.has_error()) return secrets.error();
  input["secrets"] = std::move(*secrets);
  auto made = (*hub)->change(documents::create_credential, std::move(input));
  if (made.has_error()) return made.error();
  tell("created credential " + printable(text_of(*made, "credential.name")) + " (" +
       printable(text_of(*made, "credential.id")) + ")");
  return {};
}

Result<json::object> read_credential(HubClient& hub, const std::string& called) {
  return read_named(hub, credentials_by_name, documents::credential, called);
}

Result<void> show(const CredentialFlags& flags) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  auto credential = read_credential(**hub, flags.name);
  if (credential.has_error()) return credential.error();
  print_details(*credential, credential_fields, flags.format);
  return {};
}

Result<void> update(const CredentialFlags& flags) {
  auto options = named_values("--option", flags.options);
  if (options.has_error()) return options.error();
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  json::object input;
  if (!flags.new_name.empty()) input["name"] = flags.new_name;
  if (!flags.options.empty()) input["options"] = std::move(*options);
  auto added = add_base_and_end(**hub, flags, &input);
  if (added.has_error()) return added;
  if (input.empty()) {
    return Error{
        ErrorCode::invalid_argument,
        "nothing is to be changed: give --name, --option, --base or --expires. New secrets: "
        "dth credential rotate",
        ""};
  }
  auto id = find_id(**hub, credentials_by_name, flags.name);
  if (id.has_error()) return id.error();
  input["id"] = *id;
  auto done = (*hub)->change(documents::update_credential, std::move(input));
  if (done.has_error()) return done.error();
  tell("changed credential " + printable(text_of(*done, "credential.name")));
  return {};
}

Result<void> rotate(const CredentialFlags& flags) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  auto credential = read_credential(**hub, flags.name);
  if (credential.has_error()) return credential.error();
  auto kind = find_kind(**hub, text_of(*credential, "kind"));
  if (kind.has_error()) return kind.error();
  json::object input;
  auto added = add_base_and_end(**hub, flags, &input);
  if (added.has_error()) return added;
  auto secrets = read_secrets(*kind, flags);
  if (secrets.has_error()) return secrets.error();
  input["id"] = text_of(*credential, "id");
  input["secrets"] = std::move(*secrets);
  auto done = (*hub)->change(documents::rotate_credential, std::move(input));
  if (done.has_error()) return done.error();
  tell("credential " + printable(text_of(*done, "credential.name")) +
       " has new secrets; what runs uses them from now on");
  return {};
}

Result<void> remove(const CredentialFlags& flags) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  auto id = find_id(**hub, credentials_by_name, flags.name);
  if (id.has_error()) return id.error();
  auto done = (*hub)->change(documents::delete_credential, json::object{{"id", *id}});
  if (done.has_error()) return done.error();
  tell("deleted credential " + printable(flags.name));
  return {};
}

Result<void> list_kinds(const CredentialFlags& flags) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  auto data = (*hub)->ask(documents::credential_kinds, {});
  if (data.has_error()) return data.error();
  const json::value* kinds = find_field(*data, "credentialKinds");
  print_list(kinds != nullptr && kinds->is_array() ? kinds->get_array() : json::array(),
             credential_kind_columns, flags.format);
  return {};
}

// A command of these, which takes the credential's name where it is `named`.
Command& add(Command& parent, const std::string& name, const std::string& help,
             std::shared_ptr<CredentialFlags> flags, Result<void> (*work)(const CredentialFlags&),
             bool is_named = true) {
  Command& app = add_command(parent, name, help);
  if (is_named) {
    add_place(app, "CREDENTIAL", &flags->name, name == "create" ? "its name" : "its name or id")
        .is_required = true;
  }
  add_hub_option(app, &flags->hub);
  app.run = [flags, work] {
    auto done = work(*flags);
    return done.has_error() ? print_error(done.error()) : 0;
  };
  return app;
}

void add_options(Command& app, CredentialFlags* flags) {
  add_values(app, "--option", &flags->options, "a public option of the credential").placeholder =
      "NAME=VALUE";
  add_value(app, "--base", &flags->base, "the credential that it builds on: name or id")
      .placeholder = "NAME";
}

void add_secrets(Command& app, CredentialFlags* flags) {
  add_values(app, "--secret-file", &flags->secret_files,
             "take a secret from a file; \"-\": a line of standard input [asked]")
      .placeholder = "NAME=FILE";
  app.footer =
      "Secrets that no --secret-file names are asked for; where standard input is not a terminal, "
      "each is a line of it.";
}

void add_expires(Command& app, CredentialFlags* flags) {
  add_value(app, "--expires", &flags->expires, "when its secrets end").placeholder = "TIME";
}

}  // namespace

void add_credential_commands(CommandLine& line) {
  Command& parent = add_command(line.root, "credential", "The credentials in a hub's vault");
  Command& list = add_command(parent, "list", "List credentials; secrets are never shown");
  auto list_flags = std::make_shared<ListFlags>();
  add_list_options(list, list_flags.get());
  list.run = [list_flags] {
    return run_list_command(*list_flags, documents::credentials, "credentials", credential_columns);
  };
  const auto fresh = [] { return std::make_shared<CredentialFlags>(); };
  auto flags = fresh();
  add_details_output(add(parent, "show", "Show a credential without its secrets", flags, show),
                     &flags->format);
  flags = fresh();
  Command& make =
      add(parent, "create", "Create a credential; its secrets are asked for", flags, create);
  add_value(make, "--kind", &flags->kind, "its kind (dth credential kinds)").is_required = true;
  add_options(make, flags.get());
  add_expires(make, flags.get());
  add_secrets(make, flags.get());
  flags = fresh();
  Command& change =
      add(parent, "update", "Change what is public about a credential", flags, update);
  add_value(change, "--name", &flags->new_name, "its new name");
  add_options(change, flags.get());
  add_expires(change, flags.get());
  flags = fresh();
  Command& turn = add(parent, "rotate", "Replace the secrets of a credential", flags, rotate);
  add_expires(turn, flags.get());
  add_secrets(turn, flags.get());
  add(parent, "delete", "Delete a credential that nothing uses", fresh(), remove);
  flags = fresh();
  add_list_output(add(parent, "kinds", "List the kinds of credential that the hub knows", flags,
                      list_kinds, false),
                  &flags->format);
}

}  // namespace dth::cli
