// `dth context …`, `dth login` and `dth logout`.
#include <filesystem>
#include <memory>

#include <boost/json.hpp>

#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/remote/hub_connection.h"
#include "cli/remote/listing.h"
#include "cli/remote/login.h"

namespace dth::cli {
namespace {

namespace json = boost::json;

int finish(const Result<void>& done, const std::string& text) {
  if (done.has_error()) return print_error(done.error());
  std::fprintf(stderr, "dth: %s\n", text.c_str());
  return 0;
}

Result<void> add_context(const std::string& name, const std::string& url, std::string ca_bundle) {
  auto address = client::parse_hub_address(url);
  if (address.has_error()) return address.error();
  if (!ca_bundle.empty()) {
    std::error_code unknown;
    ca_bundle = std::filesystem::absolute(ca_bundle, unknown).string();
    auto readable = net::make_tls_client_context({ca_bundle});
    if (readable.has_error()) return readable.error();
  }
  auto store = context_store();
  if (store.has_error()) return store.error();
  return store->add(name, {address->url(), ca_bundle});
}

Result<json::array> read_contexts() {
  auto store = context_store();
  if (store.has_error()) return store.error();
  auto contexts = store->read();
  if (contexts.has_error()) return contexts.error();
  json::array array;
  for (const auto& [name, context] : contexts->by_name) {
    auto token = store->token(name, context.url);
    if (token.has_error()) return token.error();
    json::object object;
    object["name"] = name;
    object["url"] = context.url;
    object["caBundle"] = context.ca_bundle.empty() ? json::value() : json::value(context.ca_bundle);
    object["isCurrent"] = name == contexts->current;
    object["isSignedIn"] = token->has_value();
    array.push_back(std::move(object));
  }
  return array;
}

int list_contexts(ListFormat format) {
  auto contexts = read_contexts();
  if (contexts.has_error()) return print_error(contexts.error());
  print_list(*contexts,
             {{"NAME", "name"},
              {"URL", "url"},
              {"CURRENT", "isCurrent", Column::As::yes},
              {"SIGNED IN", "isSignedIn", Column::As::yes}},
             format);
  return 0;
}

// Also who is signed in there, as the hub says.
Result<json::object> describe(const std::string& named) {
  auto hub = find_hub(named);
  if (hub.has_error()) return hub.error();
  json::object object;
  object["name"] = hub->context.empty() ? json::value() : json::value(hub->context);
  object["url"] = hub->url;
  object["caBundle"] = hub->ca_bundle.empty() ? json::value() : json::value(hub->ca_bundle);
  auto client = hub->token.empty() ? open_hub_signed_out(*hub) : open_hub_as(*hub);
  if (client.has_error()) return client.error();
  auto answer = (*client)->ask(client::documents::hub, {});
  if (answer.has_error()) return answer.error();
  object["version"] = text_of(*answer, "hub.version");
  auto viewer = (*client)->ask(client::documents::viewer, {});
  if (viewer.has_error()) return viewer.error();
  const json::value* who = find_field(*viewer, "viewer");
  object["viewer"] = who == nullptr ? json::value() : *who;
  return object;
}

int show_context(const std::string& named, ListFormat format) {
  auto object = describe(named);
  if (object.has_error()) return print_error(object.error());
  print_details(*object,
                {{"Context", "name"},
                 {"URL", "url"},
                 {"CA bundle", "caBundle"},
                 {"Hub version", "version"},
                 {"Signed in as", "viewer.user.name"},
                 {"E-mail", "viewer.user.email"},
                 {"Role", "viewer.role"},
                 {"Token", "viewer.tokenName"},
                 {"Token scope", "viewer.scope"}},
                format);
  return 0;
}

void add_add(Command& parent) {
  Command& app = add_command(parent, "add", "Remember a hub by a name");
  struct Flags {
    std::string name, url, ca_bundle;
  };
  auto flags = std::make_shared<Flags>();
  add_place(app, "NAME", &flags->name, "how commands call the hub").is_required = true;
  add_place(app, "URL", &flags->url, "its address: https://HOST[:PORT]").is_required = true;
  add_value(app, "--ca-bundle", &flags->ca_bundle,
            "PEM file of the certificate authorities to trust [the system's]")
      .placeholder = "FILE";
  app.footer = "Plain http:// is accepted for this machine only (localhost).";
  app.run = [flags] {
    return finish(add_context(flags->name, flags->url, flags->ca_bundle),
                  "added " + flags->name + ". Sign in: dth login " + flags->name);
  };
}

void add_change(Command& parent, const std::string& name, const std::string& help,
                Result<void> (client::ContextStore::*change)(const std::string&),
                const std::string& done) {
  Command& app = add_command(parent, name, help);
  auto context = std::make_shared<std::string>();
  add_place(app, "NAME", context.get(), "the context's name").is_required = true;
  app.run = [context, change, done] {
    auto store = context_store();
    if (store.has_error()) return print_error(store.error());
    return finish(((*store).*change)(*context), *context + " " + done);
  };
}

void add_login(CommandLine& line) {
  Command& app = add_command(line.root, "login", "Sign in at a hub, and keep an API token");
  auto flags = std::make_shared<LoginFlags>();
  add_place(app, "CONTEXT", &flags->context, "the hub's name [DTH_HUB, else the current context]");
  add_value(app, "--email", &flags->email, "e-mail address to sign in with [asked]").placeholder =
      "ADDRESS";
  add_value(app, "--token", &flags->token,
            "\"-\": sign in with an API token from standard input, or asked for")
      .placeholder = "-";
  add_value(app, "--token-file", &flags->token_file, "sign in with the API token in this file")
      .placeholder = "FILE";
  add_flag(app, "--setup-token", &flags->uses_setup_token,
           "make the first administrator, with the setup token that the hub prints");
  add_choice(app, "--scope", "what the token may do: read, operate or admin [admin]",
             {"read", "operate", "admin"}, [flags](const std::string& word) {
               flags->scope = word == "read" ? "READ" : word == "operate" ? "OPERATE" : "ADMIN";
             });
  add_number(app, "--expires-days", "days until the token expires [90]", {1, 3660},
             [flags](std::uint64_t days) { flags->days = days; });
  app.footer =
      "Asks for e-mail address and password, makes an API token named \"dth on HOST\", keeps it in "
      "tokens.yaml\n(~/.config/dth, mode 0600), and ends the session. The password is not kept.";
  app.run = [flags] { return login(*flags); };
}

void add_logout(CommandLine& line) {
  Command& app = add_command(line.root, "logout", "Revoke the token of dth login, and forget it");
  struct Flags {
    std::string context;
    bool is_local = false;
  };
  auto flags = std::make_shared<Flags>();
  add_place(app, "CONTEXT", &flags->context, "the hub's name [DTH_HUB, else the current context]");
  add_flag(app, "--local", &flags->is_local, "forget the token, and do not revoke it");
  app.run = [flags] { return logout(flags->context, flags->is_local); };
}

}  // namespace

void add_context_commands(CommandLine& line) {
  Command& app = add_command(line.root, "context", "The hubs that commands can ask");
  add_add(app);
  Command& list = add_command(app, "list", "List the hubs that have a name here");
  auto list_format = std::make_shared<ListFormat>(ListFormat::table);
  add_list_output(list, list_format.get());
  list.run = [list_format] { return list_contexts(*list_format); };
  Command& show = add_command(app, "show", "Ask a hub who is signed in, and for its version");
  struct ShowFlags {
    std::string name;
    ListFormat format = ListFormat::table;
  };
  auto flags = std::make_shared<ShowFlags>();
  add_place(show, "NAME", &flags->name, "a context or an address [DTH_HUB, else the current one]");
  add_details_output(show, &flags->format);
  show.run = [flags] { return show_context(flags->name, flags->format); };
  add_change(app, "use", "Make a hub the one that is asked where none is named",
             &client::ContextStore::use, "is the current context");
  add_change(app, "remove", "Forget a hub and its token (dth logout revokes the token first)",
             &client::ContextStore::remove, "is removed");
  add_login(line);
  add_logout(line);
}

}  // namespace dth::cli
