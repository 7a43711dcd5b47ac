#include "cli/remote/login.h"

#include <cstdio>
#include <fstream>

#include <boost/json.hpp>
#include <unistd.h>

#include "base/encoding.h"
#include "cli/exit_code.h"
#include "cli/remote/hub_connection.h"
#include "cli/remote/listing.h"
#include "cli/remote/secret_input.h"
#include "cli/remote/session.h"
#include "cli/terminal.h"

namespace dth::cli {
namespace {

namespace json = boost::json;
namespace documents = client::documents;
using client::HubClient;
using client::KeptToken;

std::string host_name() {
  char name[256] = {};
  if (::gethostname(name, sizeof(name) - 1) != 0 || name[0] == '\0') return "this host";
  return name;
}

Error needs_context(const KnownHub& hub) {
  return {ErrorCode::invalid_argument,
          "give the hub a name first: dth context add NAME " + hub.url +
              ". Programs need no sign-in: they set DTH_HUB and DTH_HUB_TOKEN",
          ""};
}

Result<KnownHub> find_context(const std::string& named) {
  auto hub = find_hub(named);
  if (hub.has_error()) return hub;
  if (hub->context.empty()) return needs_context(*hub);
  return hub;
}

Result<void> keep(const KnownHub& hub, KeptToken token) {
  auto store = context_store();
  if (store.has_error()) return store.error();
  token.url = hub.url;
  return store->keep_token(hub.context, token);
}

void tell_signed_in(const KnownHub& hub, const std::string& who) {
  std::fprintf(stderr, "dth: signed in at %s (%s) as %s\n", hub.context.c_str(), hub.url.c_str(),
               who.c_str());
}

// Within a session: makes a token in place of the one that was kept before.
Result<void> exchange_for_token(HubClient& client, const KnownHub& hub, const LoginFlags& flags) {
  json::object input;
  input["name"] = "dth on " + host_name();
  input["scope"] = flags.scope;
  input["expiresInDays"] = flags.days;
  auto made = client.change(documents::create_api_token, std::move(input));
  if (made.has_error()) return made.error();
  KeptToken token;
  token.secret = text_of(*made, "secret");
  token.id = text_of(*made, "apiToken.id");
  if (token.secret.empty()) {
    return Error{ErrorCode::data_corrupted, hub.name() + ": its answer lacks the token", ""};
  }
  auto kept = keep(hub, token);
  if (kept.has_error()) {
    // Nobody else would know of it.
    (void)client.change(documents::revoke_api_token, json::object{{"id", token.id}}).has_value();
    return kept;
  }
  // It may be gone already, and expires by itself.
  if (!hub.token_id.empty())
    (void)client.change(documents::revoke_api_token, json::object{{"id", hub.token_id}})
        .has_value();
  return {};
}

Result<json::object> ask_first_administrator(const LoginFlags& flags) {
  json::object input;
  auto token = ask("Setup token, which the hub printed at its start", Echo::secret);
  if (token.has_error()) return token.error();
  input["setupToken"] = *token;
  auto name = ask("Your name", Echo::shown);
  if (name.has_error()) return name.error();
  input["name"] = *name;
  if (flags.email.empty()) {
    auto email = ask("Your e-mail address", Echo::shown);
    if (email.has_error()) return email.error();
    input["email"] = *email;
  } else {
    input["email"] = flags.email;
  }
  auto password = ask_new_password();
  if (password.has_error()) return password.error();
  input["password"] = *password;
  return input;
}

Result<void> login_with_password(const KnownHub& hub, const LoginFlags& flags) {
  auto client = open_hub_signed_out(hub);
  if (client.has_error()) return client.error();
  std::string who;
  const InSession work = [&](HubClient& signed_in, const std::string& user) {
    who = user;
    return exchange_for_token(signed_in, hub, flags);
  };
  Result<void> done;
  if (flags.uses_setup_token) {
    auto input = ask_first_administrator(flags);
    if (input.has_error()) return input.error();
    done = do_in_session(**client, documents::first_administrator, std::move(*input), work);
  } else {
    done = do_in_session(**client, flags.email, work);
  }
  if (done.has_value()) tell_signed_in(hub, who);
  return done;
}

Result<void> login_with_token(KnownHub hub, const LoginFlags& flags) {
  auto secret = read_secret("API token", flags.token_file.empty() ? "-" : flags.token_file);
  if (secret.has_error()) return secret.error();
  hub.token = *secret;
  auto client = open_hub_as(hub);
  if (client.has_error()) return client.error();
  auto data = (*client)->ask(documents::viewer, {});
  if (data.has_error()) return data.error();
  if (find_field(*data, "viewer") == nullptr)
    return Error{ErrorCode::unauthenticated, hub.name() + " does not know this token", ""};
  KeptToken token;
  token.secret = hub.token;
  token.id = text_of(*data, "viewer.tokenId");
  auto kept = keep(hub, token);
  if (kept.has_error()) return kept;
  const std::string owner = text_of(*data, "viewer.user.name");
  tell_signed_in(hub, owner.empty()
                          ? "the token \"" + printable(text_of(*data, "viewer.tokenName")) +
                                "\" of the hub's host"
                          : printable(owner));
  return {};
}

Result<void> sign_in(const LoginFlags& flags) {
  const bool has_token = !flags.token.empty() || !flags.token_file.empty();
  if (has_token && flags.uses_setup_token) {
    return Error{ErrorCode::invalid_argument,
                 "--token and --setup-token exclude each other: an API token needs no setup", ""};
  }
  if (!flags.token.empty() && flags.token != "-") {
    return Error{ErrorCode::invalid_argument,
                 "--token takes no token, because other users of this machine see command lines. "
                 "Give --token - and the token on standard input, or --token-file FILE",
                 ""};
  }
  auto hub = find_context(flags.context);
  if (hub.has_error()) return hub.error();
  return has_token ? login_with_token(std::move(*hub), flags) : login_with_password(*hub, flags);
}

// Already gone is as good.
Result<void> revoke(const KnownHub& hub) {
  if (hub.token_id.empty()) {
    return Error{ErrorCode::unsupported,
                 "the token at " + hub.name() +
                     " cannot be revoked by itself, because its id is not known. Revoke it with "
                     "`dth token revoke`; dth logout --local forgets it here",
                 ""};
  }
  auto client = open_hub_as(hub);
  if (client.has_error()) return client.error();
  auto revoked = (*client)->change(documents::revoke_api_token, json::object{{"id", hub.token_id}});
  if (revoked.has_error() && revoked.error().code != ErrorCode::unauthenticated)
    return std::move(revoked.error())
        .with_context("the token was not revoked, and is kept (dth logout --local forgets it)");
  return {};
}

Result<std::string> sign_out(const std::string& context, bool is_local) {
  auto hub = find_context(context);
  if (hub.has_error()) return hub.error();
  auto store = context_store();
  if (store.has_error()) return store.error();
  // Not that of DTH_HUB_TOKEN, which is somebody else's to revoke.
  auto token = store->token(hub->context, hub->url);
  if (token.has_error()) return token.error();
  if (*token && !is_local) {
    hub->token = (*token)->secret;
    hub->token_id = (*token)->id;
    auto revoked = revoke(*hub);
    if (revoked.has_error()) return revoked.error();
  }
  auto forgotten = store->forget_token(hub->context);
  if (forgotten.has_error()) return forgotten.error();
  if (!*token) return "there was no sign-in at " + hub->context;
  return is_local ? "the token of " + hub->context + " is forgotten here; it still works"
                  : "signed out of " + hub->context + "; its token is revoked";
}

}  // namespace

int login(const LoginFlags& flags) {
  auto done = sign_in(flags);
  return done.has_error() ? print_error(done.error()) : 0;
}

int logout(const std::string& context, bool is_local) {
  auto done = sign_out(context, is_local);
  if (done.has_error()) return print_error(done.error());
  std::fprintf(stderr, "dth: %s\n", done->c_str());
  return 0;
}

}  // namespace dth::cli
