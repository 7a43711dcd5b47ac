#include "cli/remote/hub_connection.h"

#include <cstdlib>

#include "base/encoding.h"
#include "credentials/process_environment.h"

namespace dth::cli {
namespace {

namespace fs = std::filesystem;
using client::ContextStore;
using client::HubAddress;
using client::HubClient;

std::string environment_value(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

Error no_hub() {
  return {
      ErrorCode::invalid_argument,
      "no hub is named. Add one with `dth context add NAME URL` and sign in with `dth login`, or "
      "give --hub or DTH_HUB",
      ""};
}

Error not_signed_in(const KnownHub& hub) {
  const std::string how = hub.context.empty() ? "Set DTH_HUB_TOKEN to an API token"
                                              : "Sign in: dth login " + hub.context;
  return {ErrorCode::unauthenticated, "you are not signed in at " + hub.name() + ". " + how, ""};
}

Result<KnownHub> by_address(const std::string& url) {
  auto address = client::parse_hub_address(url);
  if (address.has_error()) return address.error();
  KnownHub hub{.context = {}, .address = std::move(*address)};
  hub.ca_bundle = environment_value("DTH_HUB_CA_BUNDLE");
  hub.url = hub.address.url();
  return hub;
}

Result<KnownHub> by_context(const std::string& name, const client::Contexts& contexts,
                            const ContextStore& store) {
  const auto found = contexts.by_name.find(name);
  if (found == contexts.by_name.end()) {
    return Error{
        ErrorCode::invalid_argument,
        "there is no context \"" + printable(name) +
            "\"; `dth context list` shows those that there are, `dth context add` adds one",
        ""};
  }
  auto address = client::parse_hub_address(found->second.url);
  if (address.has_error()) return std::move(address.error()).with_context(store.file());
  KnownHub hub{.context = name, .address = std::move(*address)};
  hub.url = hub.address.url();
  hub.ca_bundle = found->second.ca_bundle;
  auto token = store.token(name, hub.url);
  if (token.has_error()) return token.error();
  if (*token) {
    hub.token = (*token)->secret;
    hub.token_id = (*token)->id;
  }
  return hub;
}

bool is_address(const std::string& text) { return text.find("://") != text.npos; }

Result<std::unique_ptr<HubClient>> open_client(const KnownHub& hub, const std::string& token) {
  client::HubClientOptions options{.address = hub.address, .name = hub.name()};
  options.ca_bundle = hub.ca_bundle;
  options.token = token;
  options.proxies = net::ProxyRules::of_environment(credentials::process_environment());
  return HubClient::open(std::move(options));
}

}  // namespace

Result<ContextStore> context_store() {
  if (const std::string directory = environment_value("DTH_CONFIG_DIR"); !directory.empty())
    return ContextStore(directory);
  if (const std::string directory = environment_value("XDG_CONFIG_HOME");
      directory.starts_with('/'))
    return ContextStore(fs::path(directory) / "dth");
  if (const std::string home = environment_value("HOME"); !home.empty())
    return ContextStore(fs::path(home) / ".config" / "dth");
  return Error{
      ErrorCode::invalid_argument,
      "neither DTH_CONFIG_DIR nor XDG_CONFIG_HOME nor HOME is set, so there is no place for "
      "the hubs that you know; set DTH_CONFIG_DIR to a directory",
      ""};
}

Result<KnownHub> find_hub(const std::string& named) {
  auto store = context_store();
  if (store.has_error()) return store.error();
  auto contexts = store->read();
  if (contexts.has_error()) return contexts.error();
  const std::string by_variable = environment_value("DTH_HUB");
  std::string wanted = named.empty() ? by_variable : named;
  if (wanted.empty()) wanted = contexts->current;
  if (wanted.empty()) return no_hub();
  auto hub = is_address(wanted) ? by_address(wanted) : by_context(wanted, *contexts, *store);
  if (hub.has_error()) return hub;
  // A token for one hub is not to reach another one.
  const std::string token = environment_value("DTH_HUB_TOKEN");
  if (!token.empty() && (by_variable.empty() || by_variable == wanted)) {
    hub->token = token;
    hub->token_id.clear();
  }
  return hub;
}

Result<std::unique_ptr<HubClient>> open_hub(const std::string& named) {
  auto hub = find_hub(named);
  if (hub.has_error()) return hub.error();
  if (hub->token.empty()) return not_signed_in(*hub);
  return open_client(*hub, hub->token);
}

Result<std::unique_ptr<HubClient>> open_hub_as(const KnownHub& hub) {
  return open_client(hub, hub.token);
}

Result<std::unique_ptr<HubClient>> open_hub_signed_out(const KnownHub& hub) {
  return open_client(hub, "");
}

CommandOption& add_hub_option(Command& command, std::string* hub) {
  CommandOption& option = add_value(command, "--hub", hub,
                                    "the hub: a context or an address [DTH_HUB, else the current "
                                    "context]");
  option.placeholder = "NAME";
  return option;
}

CommandOption& add_hub_option(Command& command, DatabaseFlags* flags) {
  CommandOption& option =
      add_value(command, "--hub", &flags->hub,
                "ask this hub, a context or an address, and not this machine [DTH_HUB]");
  option.placeholder = "NAME";
  return option;
}

Result<std::string> hub_of(const DatabaseFlags& flags) {
  if (!flags.hub.empty() && !flags.database.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "--hub and --database exclude each other: a hub has its own database", ""};
  }
  if (!flags.database.empty()) return std::string();
  return flags.hub.empty() ? environment_value("DTH_HUB") : flags.hub;
}

}  // namespace dth::cli
