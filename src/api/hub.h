#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "api/admission.h"
#include "api/setting_view.h"
#include "base/blocking.h"
#include "base/log.h"
#include "control/endpoints/endpoint_lane.h"
#include "control/endpoints/endpoint_service.h"
#include "control/identity/accounts.h"
#include "control/tasks/task_service.h"
#include "control/vault/credential_service.h"
#include "engine/job_use.h"
#include "engine/plugin.h"
#include "graphql/syntax/limits.h"
#include "net/server/http_server.h"
#include "state/state.h"

namespace dth::api {

struct HubOptions {
  std::string version;
  std::string data_directory;
  std::string state_path;
  net::ServerOptions server;  // where it listens and its limits; routes and hooks are the hub's
  std::optional<net::ServerOptions> metrics_server;  // where /metrics is served instead
  std::vector<std::string> host_names;
  // Others can reach it: by any address, and where no names are given by any name.
  bool is_public = false;
  // Proxies in front of it, whose word is taken for where requests come from (TrustedProxies).
  std::string trusted_proxies;
  // Of those who have signed in; nobody else may ask for the schema.
  bool introspection = true;
  std::size_t request_bytes_max = 1 << 20;
  graphql::GraphqlLimits limits = {};
  AdmissionLimits admission = {};
  std::vector<SettingView> settings = {};  // to be shown to administrators
};

struct HubServices {
  state::State& state;
  std::span<engine::Plugin* const> plugins;
  Clock& clock;
  BlockingExecutor& blocking;
  Log& log;
  // For /readyz alone, so that no work of clients is before it.
  state::State& health_state;
  BlockingExecutor& health_blocking;
  control::Accounts& accounts;
  BlockingExecutor& hashing;                          // for hashes of passwords, and nothing else
  control::CredentialService* credentials = nullptr;  // null: there is no vault
  control::EndpointService* endpoints = nullptr;      // null: there are no kinds of store
  control::EndpointLane* endpoint_lane = nullptr;     // null: endpoints are not looked at
  control::TaskService* tasks = nullptr;              // null: there are no tasks
  // Why the worker of this process does not work, if so; null: there is none.
  std::function<std::optional<std::string>()> worker_fault = {};
  const engine::JobUse* worker_use = nullptr;  // the same
};

// The hub: the API over its transports, health, metrics, and the web console. For one executor's
// thread.
class Hub {
 public:
  // Binds and listens; errors are those of HttpServer::listen(). Services outlive it.
  static Result<std::unique_ptr<Hub>> listen(Executor executor, HubServices services,
                                             HubOptions options);
  virtual ~Hub() = default;

  virtual std::uint16_t port() const = 0;
  virtual std::optional<std::uint16_t> metrics_port() const = 0;
  // Serves until request_stop(); returns when everything has ended.
  virtual Async<void> run() = 0;
  virtual void request_stop() = 0;
  virtual Result<void> reload_tls() = 0;
};

}  // namespace dth::api
