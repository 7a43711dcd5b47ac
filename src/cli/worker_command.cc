#include "cli/worker_command.h"

#include <cstdio>

#include "base/ids.h"
#include "cli/database.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/process_stop.h"
#include "cli/working_state.h"
#include "engine/worker_process.h"

namespace dth::cli {
namespace asio = boost::asio;
namespace {

Async<void> watch(engine::WorkerProcess* process, ProcessStop* stop) {
  while (!process->ended()) {
    stop->look(process, false);
    auto slept = co_await stop->wait(stop->is_stopping() ? Duration(look_when_stopping)
                                                         : Duration(look_when_idle));
    if (slept.has_error()) co_return;
  }
  stop->end();
}

void tell_interrupt() {
  std::fprintf(stderr,
               "dth: stopping: what is in flight may end (%d s); once more to stop at once\n",
               static_cast<int>(stop_grace.count()));
}

// Credentials of the hub's vault, for as long as this lives.
class OpenVault {
 public:
  OpenVault(state::State& state, control::HubCredentials& found, Clock& clock,
            const WorkerCommand& command)
      : state_(state), found_(found), clock_(clock) {
    // Who asks for runs may be a user of a hub, of whom this host knows nothing.
    found_.restrict({.allows_private = command.private_endpoints,
                     .allows_loopback = command.loopback_endpoints},
                    command.credential_process);
  }
  ~OpenVault() { found_.detach(); }
  OpenVault(const OpenVault&) = delete;
  OpenVault& operator=(const OpenVault&) = delete;

  Result<void> open(const std::string& master_key) {
    auto vault = control::Vault::open(control::KeySource::find({.file = master_key}),
                                      state_.control().credentials(), control::Vault::Begin::no);
    if (vault.has_error()) return vault.error();
    vault_ = std::move(*vault);
    found_.attach({state_.control().credentials(), *vault_, clock_});
    return {};
  }

 private:
  state::State& state_;
  control::HubCredentials& found_;
  Clock& clock_;
  std::unique_ptr<control::Vault> vault_;
};

Result<void> work(engine::Plugin& plugin, control::HubCredentials& credentials,
                  const WorkerCommand& command) {
  auto place = find_state(command.database);
  if (place.has_error()) return place.error();
  SystemClock clock;
  const std::string id = new_id("worker");
  auto working = WorkingState::open(*place, id, *command.ledgers, command.signing_key);
  if (working.has_error()) return working.error();
  OpenVault vault((*working)->state(), credentials, clock, command);
  if (!command.master_key.empty()) {
    if (auto opened = vault.open(command.master_key); opened.has_error()) return opened.error();
  }
  BlockingPool blocking(1);
  asio::io_context context(1);
  ProcessStop stop(context.get_executor(), clock, tell_interrupt);
  engine::WorkerProcessOptions options{
      .registration = registration_of(id, state::WorkerKind::worker),
      .lanes = lanes_wanted(command.lanes),
      .on_change = [&] { asio::post(context, [&] { stop.wake(); }); }};
  options.on_note = [](const std::string& line) {
    std::fprintf(stderr, "dth: %s\n", line.c_str());
  };
  options.registration.claims_anybody = true;
  options.closes_runs = (*working)->has_signing_key();
  options.registration.labels = command.labels;
  engine::Plugin* const plugins[] = {&plugin};
  auto process =
      engine::WorkerProcess::start({clock, (*working)->state(), (*working)->ledger(), blocking},
                                   (*working)->sealer(), plugins, std::move(options));
  if (process.has_error()) return process.error();
  std::fprintf(stderr, "dth: worker %s works on %s\n", id.c_str(), place->to_string().c_str());
  {
    AsyncScope scope(context.get_executor());
    scope.spawn(watch(process->get(), &stop));
    scope.spawn(stop.listen());
    context.run();
  }
  auto failure = (*process)->failure();
  return failure ? Result<void>(*failure) : Result<void>();
}

}  // namespace

int run_worker(engine::Plugin& plugin, control::HubCredentials& credentials,
               const WorkerCommand& command) {
  auto worked = work(plugin, credentials, command);
  return worked.has_error() ? print_error(worked.error()) : 0;
}

}  // namespace dth::cli
