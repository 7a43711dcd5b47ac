#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <thread>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/signal_set.hpp>
#include <unistd.h>

#include "api/hub.h"
#include "base/async_scope.h"
#include "base/exclusive_lock.h"
#include "cli/database.h"
#include "cli/embedded_worker.h"
#include "cli/exit_code.h"
#include "cli/hub_control.h"
#include "cli/hub_settings.h"
#include "cli/hub_state.h"
#include "cli/output.h"
#include "control/identity/accounts.h"

namespace dth::cli {
namespace asio = boost::asio;
namespace fs = std::filesystem;
namespace {

using SignalSet = asio::basic_signal_set<Executor>;

constexpr unsigned blocking_threads = 2;
constexpr unsigned hashing_threads = 2;  // of 64 MiB each

net::ServerOptions server_options(const options::Address& address, std::uint64_t connections_max) {
  net::ServerOptions server;
  server.host = address.host == "localhost" ? "127.0.0.1" : address.host;
  server.port = address.port;
  server.limits.connections_max = connections_max;
  return server;
}

api::SettingView::Source shown_source(config::Source source) {
  switch (source) {
    case config::Source::default_:
      break;
    case config::Source::file:
      return api::SettingView::Source::file;
    case config::Source::variable:
      return api::SettingView::Source::variable;
    case config::Source::flag:
      return api::SettingView::Source::flag;
  }
  return api::SettingView::Source::default_;
}

std::vector<api::SettingView> setting_views(const config::Resolution& resolution) {
  std::vector<api::SettingView> views;
  for (const config::EffectiveValue& value : resolution.effective) {
    api::SettingView view;
    view.setting = value.setting;
    if (!value.setting->secret) view.value = value.text;
    view.source = shown_source(value.source);
    if (value.source != config::Source::default_) view.place = value.where;
    views.push_back(std::move(view));
  }
  return views;
}

api::HubOptions hub_options(const config::Resolution& resolution, const StatePlace& place) {
  const config::HubSettings& settings = resolution.settings;
  api::HubOptions options;
  options.settings = setting_views(resolution);
  options.version = DTH_VERSION;
  options.data_directory = settings.data_dir;
  options.state_path = place.to_string();
  options.server = server_options(settings.listen, settings.connections_max);
  if (!settings.tls_certificate.empty())
    options.server.tls = net::ServerTls{settings.tls_certificate, settings.tls_key};
  if (settings.metrics_listen)
    options.metrics_server = server_options(*settings.metrics_listen, 100);
  options.host_names = settings.host_names;
  options.server.limits.connections_per_client_max = settings.client_connections_max;
  options.server.limits.stop_timeout = std::chrono::seconds(5);
  options.is_public = !settings.listen.is_loopback();
  options.trusted_proxies = settings.trusted_proxies;
  options.introspection = settings.introspection;
  options.request_bytes_max = settings.request_bytes_max;
  options.limits.depth_max = settings.graphql_depth_max;
  options.limits.cost_max = settings.graphql_cost_max;
  api::AdmissionLimits& admission = options.admission;
  admission.memory_bytes_max = settings.api_memory_max;
  admission.operations.inside_per_client_max = settings.client_operations_max;
  admission.operations.inside_max =
      std::max<std::size_t>(admission.operations.inside_max, settings.client_operations_max);
  admission.subscriptions_per_client_max = settings.client_subscriptions_max;
  admission.subscriptions_max =
      std::max<std::size_t>(admission.subscriptions_max, 2 * settings.client_subscriptions_max);
  admission.cost_per_second = settings.client_cost_per_second;
  return options;
}

// Ends the process where stopping takes too long, whatever it is at. What a transaction had not
// committed did not happen; what the worker was at is done again.
class StopWatchdog {
 public:
  explicit StopWatchdog(Log& log) : log_(log), thread_([this] { watch(); }) {}
  ~StopWatchdog() {
    {
      const std::lock_guard lock(mutex_);
      has_stopped_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  StopWatchdog(const StopWatchdog&) = delete;
  StopWatchdog& operator=(const StopWatchdog&) = delete;

 private:
  void watch() {
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, stop_time_max, [this] { return has_stopped_; })) return;
    log_.warning("stopped in the middle of what was under way: it took too long");
    std::_Exit(0);
  }

  static constexpr std::chrono::seconds stop_time_max{9};
  Log& log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool has_stopped_ = false;
  std::thread thread_;
};

// What the process does about signals while the hub runs.
class Signals {
 public:
  // `worker` may be null. `watchdog` is set when stopping begins.
  Signals(Executor executor, api::Hub& hub, HubControl& control, EmbeddedWorker* worker, Log& log,
          const HubFlags& flags, std::optional<StopWatchdog>* watchdog)
      : hub_(hub),
        control_(control),
        worker_(worker),
        log_(log),
        flags_(flags),
        signals_(executor, SIGINT, SIGTERM, SIGHUP),
        watchdog_(watchdog) {}

  Async<void> listen() {
    for (;;) {
      boost::system::error_code failure;
      const int number = co_await signals_.async_wait(asio::redirect_error(use_async, failure));
      if (failure) co_return;
      if (number == SIGHUP) {
        reload();
      } else {
        stop();
      }
    }
  }
  void cancel() { signals_.cancel(); }

 private:
  void stop() {
    if (std::exchange(is_stopping_, true)) std::_Exit(exit_interrupted);
    watchdog_->emplace(log_);
    log_.info(
        "stopping: what is under way has some seconds to end; a second signal ends it at once");
    if (worker_) worker_->request_stop();
    control_.request_stop();  // before the hub waits for answers that stores may never give
    hub_.request_stop();
  }

  void reload() {
    const config::Resolution resolution = resolve_settings(flags_);
    for (const config::Problem& problem : resolution.problems)
      log_.error("the configuration is wrong, and nothing was changed",
                 {{"problem", problem.to_string()}});
    if (!resolution.problems.empty()) return;
    log_.set_level(resolution.settings.log_level);
    if (resolution.settings.tls_certificate.empty()) {
      log_.info("the log level was read again",
                {{"level", to_string(resolution.settings.log_level)}});
      return;
    }
    if (auto reloaded = hub_.reload_tls(); reloaded.has_error()) {
      log_.error("the certificate was not changed", {{"problem", reloaded.error().to_string()}});
    } else {
      log_.info("certificate, key and log level were read again",
                {{"level", to_string(resolution.settings.log_level)}});
    }
  }

  api::Hub& hub_;
  HubControl& control_;
  EmbeddedWorker* const worker_;  // null: none
  Log& log_;
  const HubFlags& flags_;
  SignalSet signals_;
  bool is_stopping_ = false;
  std::optional<StopWatchdog>* watchdog_;
};

Async<void> run_then(api::Hub* hub, HubControl* control, Signals* signals) {
  co_await hub->run();
  co_await control->stop();
  signals->cancel();
}

void tell_where(const api::Hub& hub, const config::HubSettings& settings, Log& log) {
  const std::string scheme = settings.tls_certificate.empty() ? "http://" : "https://";
  const std::string url = scheme + options::Address{settings.listen.host, hub.port()}.to_string();
  put("listening on " + url + "\n");
  log.info("listening", {{"url", url},
                         {"version", DTH_VERSION},
                         {"data_dir", settings.data_dir},
                         {"pid", static_cast<std::int64_t>(::getpid())}});
  if (const auto port = hub.metrics_port()) {
    const std::string metrics_url =
        "http://" + options::Address{settings.metrics_listen->host, *port}.to_string() + "/metrics";
    put("metrics on " + metrics_url + "\n");
    log.info("listening for metrics", {{"url", metrics_url}});
  }
}

// Null where there is to be none.
Result<std::unique_ptr<EmbeddedWorker>> open_worker(engine::Plugin& plugin,
                                                    const LedgerPlaces& ledgers,
                                                    const config::HubSettings& settings,
                                                    const StatePlace& place, Log& log) {
  if (settings.no_worker) return std::unique_ptr<EmbeddedWorker>();
  auto opened = EmbeddedWorker::open(plugin, log,
                                     {.place = place,
                                      .ledgers = &ledgers,
                                      .lanes = settings.worker_lanes,
                                      .signing_key = settings.signing_key,
                                      .labels = settings.worker_labels});
  if (opened.has_error())
    return std::move(opened.error()).with_context("the worker of the hub (--no-worker: none)");
  return opened;
}

// While the hub has no administrator: how to become one. The token is behind the #, so that no
// proxy and no log of requests sees it.
void tell_setup(control::Accounts& accounts, const api::Hub& hub,
                const config::HubSettings& settings, Log& log) {
  state::AuditEntry audit;
  audit.actor_kind = state::ActorKind::system;
  auto token = accounts.new_setup_token(std::move(audit));
  if (token.has_error()) {
    log.error("no setup token could be made", {{"problem", token.error().to_string()}});
    return;
  }
  if (!*token) return;
  const std::string scheme = settings.tls_certificate.empty() ? "http://" : "https://";
  const std::string host =
      settings.host_names.empty() ? settings.listen.host : settings.host_names.front();
  const std::string url =
      scheme + options::Address{host, hub.port()}.to_string() + "/setup#token=" + **token;
  put("this hub has no administrator yet: open " + url + " within 60 minutes\n");
  log.info("this hub has no administrator yet: open the link within 60 minutes", {{"url", url}});
}

}  // namespace

int serve(engine::Plugin& plugin, control::HubCredentials& credentials, const LedgerPlaces& ledgers,
          const HubFlags& flags) {
  const config::Resolution resolution = resolve_settings(flags);
  if (!resolution.problems.empty()) return print_error(resolution.problems);
  const config::HubSettings& settings = resolution.settings;
  const fs::path directory = settings.data_dir;
  if (auto made = make_data_directory(directory); made.has_error())
    return print_error(made.error());
  auto lock =
      ExclusiveLock::take((directory / "hub.lock").string(),
                          {"the data directory " + directory.string(),
                           "another hub serves it; stop that one, or give another --data-dir"});
  if (lock.has_error()) return print_error(lock.error());
  auto place = hub_state_place(settings);
  if (place.has_error()) return print_error(place.error());
  auto state = open_hub_state(*place);
  if (state.has_error()) return print_error(state.error());
  // Beside whatever clients ask.
  auto health_state = place->open(StatePlace::Access::read);
  if (health_state.has_error()) return print_error(health_state.error());
  auto stores_state = place->open(StatePlace::Access::work);
  if (stores_state.has_error()) return print_error(stores_state.error());

  Log log({.format = settings.log_format, .level = settings.log_level});
  std::optional<StopWatchdog> watchdog;  // outlives what it watches
  SystemClock clock;
  asio::io_context context(1);
  const control::PasswordHasher hasher;
  control::SignInThrottle throttle;
  control::Accounts accounts((*state)->control(), clock, hasher, throttle, {}, &log);
  BlockingPool blocking(blocking_threads), health_blocking(1), hashing(hashing_threads);
  engine::Plugin* const plugins[] = {&plugin};
  auto control = HubControl::open(settings, {**state, **stores_state, credentials, ledgers.opener(),
                                             plugins, clock, blocking, log});
  if (control.has_error()) return print_error(control.error());
  auto worker = open_worker(plugin, ledgers, settings, *place, log);
  if (worker.has_error()) return print_error(worker.error());
  api::HubServices services{**state,
                            plugins,
                            clock,
                            blocking,
                            log,
                            **health_state,
                            health_blocking,
                            accounts,
                            hashing,
                            &(*control)->credentials(),
                            &(*control)->endpoints(),
                            &(*control)->endpoint_lane(),
                            &(*control)->tasks()};
  if (*worker) services.worker_fault = [&worker] { return (*worker)->fault(); };
  if (*worker) services.worker_use = &(*worker)->use();
  auto hub = api::Hub::listen(context.get_executor(), std::move(services),
                              hub_options(resolution, *place));
  if (hub.has_error()) {
    print_error(hub.error());
    return exit_could_not_run;
  }
  Signals signals(context.get_executor(), **hub, **control, worker->get(), log, flags,
                  &watchdog);  // before it tells where it listens: who reads that may stop it
  tell_where(**hub, settings, log);
  tell_setup(accounts, **hub, settings, log);
  if (*worker) (*worker)->start();
  if (const int told = finish_output(0); told != 0) return told;
  {
    AsyncScope scope(context.get_executor());
    (*control)->start(context.get_executor());
    scope.spawn(run_then(hub->get(), control->get(), &signals));
    scope.spawn(signals.listen());
    context.run();
  }
  worker->reset();  // waits for what is in flight
  log.info("stopped");
  return 0;
}

}  // namespace dth::cli
