#include "cli/hub_control.h"

#include <cstdlib>
#include <filesystem>

#include "base/ids.h"

namespace dth::cli {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

control::AuditKeeperOptions keeper_options(const config::HubSettings& settings, Log& log) {
  control::AuditKeeperOptions options;
  options.holder = new_id("hub");
  options.retention = settings.audit_retention;
  options.on_problem = [&log](const Error& error) {
    log.warning("the audit log was not chained; the next turn tries again",
                {{"problem", error.to_string()}});
  };
  return options;
}

control::SchedulerOptions scheduler_options(Log& log) {
  control::SchedulerOptions options;
  options.holder = new_id("hub");
  options.on_decision = [&log](const control::SlotReport& report) {
    const LogFields fields = {{"task", report.task},
                              {"name", report.name},
                              {"decision", to_string(report.what)},
                              {"slots", static_cast<std::int64_t>(report.slots)},
                              {"missed", static_cast<std::int64_t>(report.missed)},
                              {"run", report.run},
                              {"reason", report.why}};
    const bool has_failed = report.what == control::SlotReport::What::failed;
    log.write(has_failed ? LogLevel::warning : LogLevel::info, "a task was due", fields);
  };
  options.on_problem = [&log](const Error& error) {
    log.warning("the schedules of tasks were not looked at; the next turn tries again",
                {{"problem", error.to_string()}});
  };
  return options;
}

}  // namespace

control::KeySource master_keys_of(const config::HubSettings& settings) {
  control::KeyPlaces places;
  places.file = settings.master_key;
  places.environment = variable("DTH_MASTER_KEY_BASE64");
  places.credentials_directory = variable("CREDENTIALS_DIRECTORY");
  places.default_file = (std::filesystem::path(settings.data_dir) / "master.key").string();
  return control::KeySource::find(std::move(places));
}

Result<std::unique_ptr<HubControl>> HubControl::open(const config::HubSettings& settings,
                                                     const Services& services) {
  auto vault = control::Vault::open(
      master_keys_of(settings), services.state.control().credentials(), control::Vault::Begin::yes);
  if (vault.has_error()) return vault.error();
  auto stores_vault =
      control::Vault::open(master_keys_of(settings), services.stores_state.control().credentials(),
                           control::Vault::Begin::no);
  if (stores_vault.has_error()) return stores_vault.error();
  return std::unique_ptr<HubControl>(
      new HubControl(settings, services, std::move(*vault), std::move(*stores_vault)));
}

HubControl::HubControl(const config::HubSettings& settings, const Services& services,
                       std::unique_ptr<control::Vault> vault,
                       std::unique_ptr<control::Vault> stores_vault)
    : services_(services),
      vault_(std::move(vault)),
      stores_vault_(std::move(stores_vault)),
      service_(services.state.control().credentials(), *vault_, services.clock),
      endpoints_(services.state.control(), services.stores.kinds(), services.clock),
      endpoint_lane_(services.stores, services.clock),
      task_endpoints_(services.state.control().endpoints(), services.stores.kinds()),
      tasks_(services.state.control().tasks(), task_endpoints_, services.plugins, services.clock),
      keeper_(services.state.control().audit(), services.state.control().leases(), services.clock,
              services.blocking, keeper_options(settings, services.log)),
      scheduler_(services.state.control().tasks(), services.state.control().leases(),
                 tasks_.rules(), services.clock, services.blocking,
                 scheduler_options(services.log)) {
  services_.found.restrict({.allows_private = settings.private_endpoints,
                            .allows_loopback = settings.loopback_endpoints},
                           settings.credential_process);
  services_.found.attach(
      {services.stores_state.control().credentials(), *stores_vault_, services.clock});
}

HubControl::~HubControl() { services_.found.detach(); }

void HubControl::start(Executor executor) {
  scope_.emplace(executor);
  scope_->spawn(keeper_.run());
  scope_->spawn(scheduler_.run());
}

Async<void> HubControl::stop() {
  request_stop();
  co_await scope_->stop();
}

}  // namespace dth::cli
