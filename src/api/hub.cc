#include "api/hub.h"

#include <array>

#include "api/console.h"
#include "api/graphql_service.h"
#include "api/health.h"
#include "api/identity_service.h"
#include "api/queue_depths.h"
#include "api/request_check.h"
#include "api/resolvers.h"
#include "base/async_scope.h"
#include "base/json_writer.h"

namespace dth::api {
namespace {

constexpr std::array<std::string_view, 7> routes_known = {
    "/", "/graphql", "/graphql/stream", "/healthz", "/readyz", "/version", "/metrics"};

constexpr std::size_t logged_bytes_max = 256;  // of what a client wrote

// Paths that clients made up are one route.
std::string_view route_of(std::string_view path) {
  const auto* found = std::find(routes_known.begin(), routes_known.end(), path);
  return found == routes_known.end() ? std::string_view("other") : *found;
}

std::string path_text(const std::vector<graphql::PathSegment>& path) {
  std::string text;
  for (const auto& segment : path) {
    const auto* name = std::get_if<std::string>(&segment);
    text += (text.empty() ? "" : ".") +
            (name != nullptr ? *name : std::to_string(std::get<std::uint64_t>(segment)));
  }
  return text;
}

class RunningHub final : public Hub {
 public:
  using Answering = Async<void> (RunningHub::*)(net::ServerExchange&);

  RunningHub(Executor executor, HubServices services, HubOptions options, TrustedProxies proxies)
      : executor_(executor),
        log_(services.log),
        options_(std::move(options)),
        started_at_(services.clock.now()),
        metrics_(options_.version, started_at_),
        admission_(executor, services.clock, options_.admission),
        runs_(services.state, services.clock, services.blocking, admission_.state_reads()),
        health_(services.health_state, services.health_blocking, services.clock, services.log),
        depths_(services.health_state, services.health_blocking, services.clock),
        clock_(services.clock),
        worker_fault_(services.worker_fault),
        worker_use_(services.worker_use),
        watchers_(executor, runs_, services.clock),
        run_control_(services.state, services.plugins, services.clock),
        idempotency_(runs_.state(), services.clock),
        sampler_(runs_.state(), services.clock),
        authenticator_(services.state.control(), services.clock, services.blocking,
                       admission_.state_reads()),
        check_(HostCheck(options_.host_names, options_.is_public), std::move(proxies),
               authenticator_, admission_),
        identity_(executor, services.state.control(), services.clock, services.blocking,
                  admission_.state_reads(), services.hashing, services.accounts, authenticator_),
        engine_(make_engine(services, options_.introspection)),
        anonymous_engine_(make_engine(services, false)),
        service_(*engine_, *anonymous_engine_, metrics_, admission_, services.clock,
                 {.message_bytes_max = options_.request_bytes_max,
                  .host_places = {options_.state_path, options_.data_directory}}) {}

  Result<void> listen() {
    auto console = make_console(embedded_console());
    if (console.has_error()) return console.error();
    console_ = std::move(*console);
    net::ServerOptions& server = options_.server;
    server.routes = api_routes();
    server.memory_of = [this](const std::string& client) { return admission_.memory_of(client); };
    server.on_access = [this](const net::AccessRecord& record) { on_access(record); };
    server.on_problem = [this](std::string_view message) {
      log_.error("server", {{"problem", message}});
    };
    if (options_.metrics_server) {
      net::ServerOptions& metrics = *options_.metrics_server;
      // Who listens elsewhere for metrics is asked by other machines, by any name.
      net::Route page = route("/metrics", {"GET"}, &RunningHub::metrics_page);
      page.admit = nullptr;
      metrics.routes.push_back(std::move(page));
      metrics.on_problem = server.on_problem;
      auto listening = net::HttpServer::listen(executor_, std::move(metrics));
      if (listening.has_error())
        return std::move(listening.error()).with_context("--metrics-listen");
      metrics_server_ = std::move(*listening);
    }
    auto listening = net::HttpServer::listen(executor_, std::move(server));
    if (listening.has_error()) return listening.error();
    server_ = std::move(*listening);
    metrics_.set_connections([this] { return server_->connections(); });
    metrics_.set_budgets([this] { return budgets(); });
    if (worker_fault_) metrics_.set_worker([this] { return !worker_fault_(); });
    return Result<void>();
  }

  std::uint16_t port() const override { return server_->port(); }
  std::optional<std::uint16_t> metrics_port() const override {
    return metrics_server_ ? std::optional(metrics_server_->port()) : std::nullopt;
  }

  Async<void> run() override {
    AsyncScope servers(executor_), rechecks(executor_);
    rechecks.spawn(authenticator_.recheck());
    rechecks.spawn(identity_.keep_refusals());
    if (metrics_server_) servers.spawn(metrics_server_->run());
    servers.spawn(server_->run());
    AsyncScope sampling(executor_);
    sampling.spawn(sampler_.run());
    co_await servers.join();
    co_await sampling.stop();
    co_await rechecks.stop();
    co_await watchers_.stop();
  }

  void request_stop() override {
    is_stopping_ = true;
    server_->request_stop();
    if (metrics_server_) metrics_server_->request_stop();
  }

  Result<void> reload_tls() override { return server_->reload_tls(); }

 private:
  std::unique_ptr<graphql::Engine> make_engine(const HubServices& services, bool introspection) {
    graphql::EngineOptions engine;
    engine.limits = options_.limits;
    engine.introspection = introspection;
    engine.on_exception = [this](const std::string& text,
                                 const std::vector<graphql::PathSegment>& path) {
      log_.error("a resolver threw: a bug, please report it",
                 {{"exception", text}, {"path", path_text(path)}});
    };
    return make_api_engine(
        {options_.version, options_.data_directory, options_.state_path, started_at_,
         services.plugins, runs_, watchers_, run_control_, idempotency_, sampler_, identity_,
         services.clock, services.credentials, services.endpoints, services.endpoint_lane,
         services.tasks, options_.settings},
        std::move(engine));
  }

  Budgets budgets() const {
    return {.memory_held = admission_.memory().held_bytes(),
            .memory_max = admission_.memory().bytes_max(),
            .memory_refused = admission_.memory().refused(),
            .operations = admission_.operations().inside(),
            .operations_waiting = admission_.operations().waiting(),
            .operations_refused = admission_.operations().refused(),
            .operations_dropped = admission_.operations().dropped(),
            .state_reads_waiting = admission_.state_reads_waiting(),
            .subscriptions = admission_.subscriptions(),
            .cost_refused = admission_.refused_for_cost(),
            .clients = admission_.clients(),
            .documents_prepared =
                engine_->documents_prepared() + anonymous_engine_->documents_prepared(),
            .document_cache_bytes =
                engine_->cache().memory_bytes() + anonymous_engine_->cache().memory_bytes()};
  }

  net::Route route(std::string path, std::vector<std::string> methods, Answering answering,
                   std::size_t body_bytes_max = 0) {
    net::Route route;
    route.path = std::move(path);
    route.methods = std::move(methods);
    route.handler = [this, answering](net::ServerExchange& exchange) {
      return (this->*answering)(exchange);
    };
    const bool is_api = route.path.starts_with("/graphql");
    route.admit = [this, is_api](net::ServerRequest& request) {
      return is_api ? check_.check_api(&request) : check_host(&request);
    };
    route.body_bytes_max = body_bytes_max;
    return route;
  }

  std::vector<net::Route> api_routes() {
    const std::size_t body = options_.request_bytes_max;
    std::vector<net::Route> routes;
    routes.push_back(route("/graphql", {"GET", "POST"}, &RunningHub::serve_api, body));
    routes.push_back(route("/graphql/stream", {"GET", "POST"}, &RunningHub::serve_stream, body));
    routes.push_back(route("/healthz", {"GET"}, &RunningHub::healthz));
    routes.push_back(route("/readyz", {"GET"}, &RunningHub::readyz));
    routes.push_back(route("/version", {"GET"}, &RunningHub::version));
    routes.push_back(route("/", {"GET"}, &RunningHub::console));
    routes.back().prefix = console_ != nullptr;
    // Addresses of the API that do not exist are no pages of the console.
    routes.push_back(route("/graphql/", {"GET", "POST"}, &RunningHub::not_found));
    routes.back().prefix = true;
    if (!options_.metrics_server)
      routes.push_back(route("/metrics", {"GET"}, &RunningHub::metrics_page));
    for (net::Route& route : routes) {
      const std::string_view path = route.path;
      route.is_reserved = path == "/healthz" || path == "/readyz" || path == "/metrics";
    }
    return routes;
  }

  Async<std::optional<net::ServerResponse>> check_host(net::ServerRequest* request) {
    co_return check_.check_host(request);
  }

  Async<void> serve_api(net::ServerExchange& exchange) {
    if (!exchange.wants_websocket()) {
      co_await api::serve_graphql(&service_, exchange);
    } else {
      co_await serve_websocket(&service_, exchange);
    }
  }
  Async<void> serve_stream(net::ServerExchange& exchange) {
    co_await serve_event_stream(&service_, exchange);
  }

  Async<void> healthz(net::ServerExchange& exchange) {
    auto answer = text_answer(200, "ok\n");
    co_await exchange.answer(std::move(answer));
  }

  Async<void> readyz(net::ServerExchange& exchange) {
    HealthCheck stopping{"running"}, state{"state"};
    if (is_stopping_) stopping.fault = "the hub stops";
    state.fault = co_await health_.state_fault();
    std::vector<HealthCheck> checks;
    checks.push_back(std::move(stopping));
    checks.push_back(std::move(state));
    // The API is of use without it, and tells what is wrong.
    if (worker_fault_) checks.push_back({"worker", worker_fault_(), HealthCheck::Kind::note});
    auto answer = readiness(checks, has_parameter(exchange.request().query, "verbose"));
    co_await exchange.answer(std::move(answer));
  }

  Async<void> version(net::ServerExchange& exchange) {
    const boost::json::object version{{"version", options_.version}};
    auto answer = text_answer(200, write_json(version) + "\n");
    answer.headers.set("Content-Type", "application/json; charset=utf-8");
    co_await exchange.answer(std::move(answer));
  }

  Async<void> metrics_page(net::ServerExchange& exchange) {
    const auto depths = co_await depths_.read();
    std::optional<std::vector<state::QueueDepth>> jobs;
    if (depths) jobs = depths->jobs;
    metrics_.jobs().set_queue(jobs);
    metrics_.runs().set_depths(depths);
    metrics_.runs().set_totals(sampler_.totals());
    if (worker_use_) metrics_.jobs().set_use(worker_use_->all(clock_.monotonic_now()));
    auto answer = text_answer(200, metrics_.text());
    answer.headers.set("Content-Type", std::string(Metrics::content_type));
    co_await exchange.answer(std::move(answer));
  }

  Async<void> console(net::ServerExchange& exchange) {
    auto answer = console_ != nullptr ? console_->answer(exchange.request())
                                      : no_console_page(options_.version);
    co_await exchange.answer(std::move(answer));
  }

  Async<void> not_found(net::ServerExchange& exchange) {
    auto answer = text_answer(404, "404 Not Found\n");
    co_await exchange.answer(std::move(answer));
  }

  // Queries are in the URLs of some requests, and may hold what is nobody's business: paths only.
  void on_access(const net::AccessRecord& record) {
    metrics_.count_request(route_of(record.path), record.status, record.duration);
    if (!log_.writes(LogLevel::info)) return;
    log_.info("request", {{"request_id", record.id},
                          {"method", record.method},
                          {"path", std::string_view(record.path).substr(0, logged_bytes_max)},
                          {"status", static_cast<std::int64_t>(record.status)},
                          {"bytes", static_cast<std::int64_t>(record.body_bytes)},
                          {"microseconds", static_cast<std::int64_t>(record.duration.count())},
                          {"from", record.remote_address}});
  }

  Executor executor_;
  Log& log_;
  HubOptions options_;
  TimePoint started_at_;
  Metrics metrics_;
  Admission admission_;
  RunReader runs_;
  StateHealth health_;
  QueueDepths depths_;
  Clock& clock_;
  const std::function<std::optional<std::string>()> worker_fault_;
  const engine::JobUse* const worker_use_;
  RunWatchers watchers_;
  runs::RunControl run_control_;
  Idempotency idempotency_;
  RunSampler sampler_;
  Authenticator authenticator_;
  RequestCheck check_;
  IdentityService identity_;
  std::unique_ptr<graphql::Engine> engine_;
  std::unique_ptr<graphql::Engine> anonymous_engine_;
  GraphqlService service_;
  std::shared_ptr<const net::StaticAssets> console_;  // null: the program has none
  bool is_stopping_ = false;
  std::unique_ptr<net::HttpServer> metrics_server_;
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace

Result<std::unique_ptr<Hub>> Hub::listen(Executor executor, HubServices services,
                                         HubOptions options) {
  auto proxies = TrustedProxies::parse(options.trusted_proxies);
  if (proxies.has_error()) return std::move(proxies.error()).with_context("--trusted-proxies");
  auto hub =
      std::make_unique<RunningHub>(executor, services, std::move(options), std::move(*proxies));
  auto listening = hub->listen();
  if (listening.has_error()) return listening.error();
  return std::unique_ptr<Hub>(std::move(hub));
}

}  // namespace dth::api
