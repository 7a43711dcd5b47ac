#pragma once

#include <memory>

#include "base/async_scope.h"
#include "base/blocking.h"
#include "base/log.h"
#include "config/resolve.h"
#include "control/audit/audit_keeper.h"
#include "control/endpoints/endpoint_lane.h"
#include "control/endpoints/endpoint_service.h"
#include "control/tasks/scheduler.h"
#include "control/tasks/stored_endpoints.h"
#include "control/tasks/task_service.h"
#include "control/vault/credential_service.h"
#include "control/vault/hub_credentials.h"
#include "state/state.h"

namespace dth::cli {

// Where the master keys of the hub with these settings come from.
control::KeySource master_keys_of(const config::HubSettings& settings);

// What a hub holds and does besides answering: its vault, the chain of its audit log, and the runs
// of schedules.
class HubControl {
 public:
  struct Services {
    state::State& state;
    // What stores of this process find credentials with: a connection of its own, so that lanes and
    // clients of the API do not wait for each other.
    state::State& stores_state;
    control::HubCredentials& found;  // where stores look for credentials
    objects::StoreOpener& stores;
    std::span<engine::Plugin* const> plugins;
    Clock& clock;
    BlockingExecutor& blocking;
    Log& log;
  };
  // Opens the vault and lets stores of this process find what is in it. Errors: those of
  // control::Vault::open(): a hub with a wrong master key does not start. Services outlive it.
  static Result<std::unique_ptr<HubControl>> open(const config::HubSettings& settings,
                                                  const Services& services);
  ~HubControl();
  HubControl(const HubControl&) = delete;
  HubControl& operator=(const HubControl&) = delete;

  control::CredentialService& credentials() { return service_; }
  control::EndpointService& endpoints() { return endpoints_; }
  control::EndpointLane& endpoint_lane() { return endpoint_lane_; }
  control::TaskService& tasks() { return tasks_; }

  // What asks stores for people is cancelled: nobody waits for them any more.
  void request_stop() { endpoint_lane_.request_stop(); }

  // On that executor until stop().
  void start(Executor executor);
  Async<void> stop();

 private:
  HubControl(const config::HubSettings& settings, const Services& services,
             std::unique_ptr<control::Vault> vault, std::unique_ptr<control::Vault> stores_vault);

  Services services_;
  std::unique_ptr<control::Vault> vault_, stores_vault_;
  control::CredentialService service_;
  control::EndpointService endpoints_;
  control::EndpointLane endpoint_lane_;
  control::StoredEndpoints task_endpoints_;
  control::TaskService tasks_;
  control::AuditKeeper keeper_;
  control::Scheduler scheduler_;
  std::optional<AsyncScope> scope_;
};

}  // namespace dth::cli
