#include "cli/embedded_worker.h"

#include <algorithm>

#include <boost/asio/post.hpp>

#include "base/async_scope.h"
#include "base/ids.h"
#include "engine/worker_process.h"

namespace dth::cli {
namespace asio = boost::asio;
namespace {

constexpr Duration retry_pause_min = std::chrono::seconds(1),
                   retry_pause_max = std::chrono::seconds(60);
// It worked for that long: its next failure is another one.
constexpr std::chrono::minutes good_time{5};

Async<void> wait_for(WakeableSleep* sleeper, Duration time) {
  auto slept = co_await sleeper->sleep_for(time);
  (void)slept.has_error();
}

}  // namespace

EmbeddedWorker::EmbeddedWorker(engine::Plugin& plugin, Log& log, EmbeddedWorkerOptions options)
    : plugin_(plugin),
      log_(log),
      options_(std::move(options)),
      until_next_look_(context_.get_executor(), clock_) {}

Result<std::unique_ptr<EmbeddedWorker>> EmbeddedWorker::open(engine::Plugin& plugin, Log& log,
                                                             EmbeddedWorkerOptions options) {
  std::unique_ptr<EmbeddedWorker> worker(new EmbeddedWorker(plugin, log, std::move(options)));
  auto working = worker->open_state();
  if (working.has_error()) return working.error();
  worker->working_ = std::move(*working);
  return worker;
}

void EmbeddedWorker::start() {
  thread_ = std::thread([this] { serve(); });
}

EmbeddedWorker::~EmbeddedWorker() {
  request_stop();
  if (thread_.joinable()) thread_.join();
}

void EmbeddedWorker::request_stop() {
  stops_ = true;
  asio::post(context_, [this] { until_next_look_.wake(); });
}

std::optional<std::string> EmbeddedWorker::fault() const {
  const std::lock_guard lock(mutex_);
  return fault_;
}

void EmbeddedWorker::set_fault(std::optional<std::string> fault) {
  const std::lock_guard lock(mutex_);
  fault_ = std::move(fault);
}

Result<EmbeddedWorker::Working> EmbeddedWorker::open_state() {
  id_ = new_id("worker");
  return WorkingState::open(options_.place, id_, *options_.ledgers, options_.signing_key);
}

void EmbeddedWorker::serve() {
  Duration retry_pause = retry_pause_min;
  for (;;) {
    const MonotonicTime began = clock_.monotonic_now();
    const Result<void> worked = try_to_work();
    working_.reset();
    if (stops_) return;
    if (worked.has_value()) {
      set_fault("it was drained, and works again when the hub is started again");
      log_.warning("the worker was drained: no run is executed here until the hub starts again",
                   {{"worker", id_}});
      return;
    }
    if (clock_.monotonic_now() - began > good_time) retry_pause = retry_pause_min;
    set_fault(worked.error().to_string());
    log_.error(
        "the worker failed, and begins again after a pause",
        {{"problem", worked.error().to_string()},
         {"worker", id_},
         {"pause_seconds", std::chrono::duration_cast<std::chrono::seconds>(retry_pause).count()}});
    if (pause(retry_pause)) return;
    retry_pause = std::min(retry_pause * 2, retry_pause_max);
  }
}

Result<void> EmbeddedWorker::try_to_work() {
  try {
    if (!working_) {
      auto opened = open_state();
      if (opened.has_error()) return opened.error();
      working_ = std::move(*opened);
    }
    return work(*working_);
  } catch (const std::exception& problem) {
    return Error{
        ErrorCode::internal, std::string("a bug, please report it: ") + problem.what(), {}};
  }
}

Result<void> EmbeddedWorker::work(WorkingState& working) {
  BlockingPool blocking(1);
  engine::WorkerProcessOptions options{
      .registration = registration_of(id_, state::WorkerKind::hub),
      .lanes = lanes_wanted(options_.lanes),
      .on_change = [this] { asio::post(context_, [this] { until_next_look_.wake(); }); },
      .on_note =
          [this](const std::string& line) {
            log_.warning(line, {{"worker", id_}});
          }};
  options.registration.claims_anybody = true;
  options.registration.labels = options_.labels;
  options.closes_runs = working.has_signing_key();
  engine::Plugin* const plugins[] = {&plugin_};
  engine::EngineServices services{clock_, working.state(), working.ledger(), blocking};
  services.use = &use_;
  auto process =
      engine::WorkerProcess::start(services, working.sealer(), plugins, std::move(options));
  if (process.has_error()) return process.error();
  set_fault(std::nullopt);
  log_.info("the worker works", {{"worker", id_}});
  {
    AsyncScope scope(context_.get_executor());
    scope.spawn(watch(process->get()));
    context_.restart();
    context_.run();
  }
  auto failure = (*process)->failure();
  return failure ? Result<void>(*failure) : Result<void>();
}

Async<void> EmbeddedWorker::watch(engine::WorkerProcess* process) {
  GracefulStop stop(clock_, embedded_stop_grace);
  while (!process->ended()) {
    stop.look(process, stops_);
    co_await wait_for(&until_next_look_,
                      stop.is_stopping() ? Duration(look_when_stopping) : Duration(look_when_idle));
  }
}

bool EmbeddedWorker::pause(Duration time) {
  {
    AsyncScope scope(context_.get_executor());
    if (!stops_) scope.spawn(wait_for(&until_next_look_, time));
    context_.restart();
    context_.run();
  }
  return stops_;
}

}  // namespace dth::cli
