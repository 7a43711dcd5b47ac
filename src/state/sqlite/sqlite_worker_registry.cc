#include "state/sqlite/sqlite_worker_registry.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>

#include <sys/stat.h>
#include <unistd.h>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "state/sqlite/job_rows.h"

namespace dth::state::sqlite {
namespace {

using Mode = SqliteConnection::Mode;

constexpr std::string_view worker_columns =
    "id, labels, claims_anybody, host, pid, version, started_at, heartbeat_at, draining, boot, "
    "(select count(*) from job where state = 1 and job.worker = worker.id)";

// The id of this start of the kernel: locks say something of the processes of this one only.
std::string read_boot_id() {
  std::string id;
  std::ifstream("/proc/sys/kernel/random/boot_id") >> id;
  return id;
}

const std::string& boot_id() {
  static const std::string id = read_boot_id();
  return id;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data())
                                                          : std::string();
}

LockedThing locked_worker(const std::string& id) {
  return {"the worker " + id, "register with another id"};
}

// It becomes the name of a file.
bool is_usable_id(const std::string& id) {
  return !id.empty() && id.size() <= 128 && id.front() != '.' &&
         std::all_of(id.begin(), id.end(), [](unsigned char c) {
           return std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.';
         });
}

std::string labels_text(const std::vector<std::string>& labels) {
  boost::json::array array;
  for (const std::string& label : labels) array.emplace_back(label);
  return write_json(array);
}

std::vector<std::string> labels_of(const std::string& text) {
  std::vector<std::string> labels;
  const auto parsed = parse_json(text, "the labels of a worker");
  if (parsed.has_error() || !parsed->is_array()) return labels;
  for (const auto& label : parsed->get_array()) {
    if (label.is_string()) labels.emplace_back(label.get_string().c_str());
  }
  return labels;
}

WorkerInfo read_worker(const Query& query) {
  WorkerInfo worker;
  worker.id = query.text(0);
  worker.labels = labels_of(query.text(1));
  worker.claims_anybody = query.integer(2) != 0;
  worker.host = query.text(3);
  worker.pid = static_cast<int>(query.integer(4));
  worker.version = query.text(5);
  worker.started_at = query.time(6);
  worker.heartbeat_at = query.time(7);
  worker.draining = query.integer(8) != 0;
  worker.jobs_held = query.integer(10);
  return worker;
}

Error unknown_worker(const std::string& id) {
  return {ErrorCode::not_found,
          "the worker " + id +
              " is not registered any more: it was taken for dead; register again, with another id",
          {}};
}

// Its jobs are ready again; those of cancelled runs are dropped.
// What it did of them is not known, so these attempts count.
void free_leases(Database& database, const std::string& worker, TimePoint now) {
  std::vector<std::int64_t> cancelled;
  {
    Query query = database.query(
        "select distinct j.run from job j join run r on r.number = j.run where j.state = 1 and "
        "j.worker = ? and r.cancel_requested",
        worker);
    while (query.next()) cancelled.push_back(query.integer(0));
  }
  // Ready since ever: clocks may differ.
  database.run(
      "update job set state = 0, worker = '', lane = 0, not_before = 0 where state = 1 and worker "
      "= ?",
      worker);
  for (const std::int64_t run : cancelled) drop_free_jobs(database, run, now);
}

}  // namespace

std::string SqliteWorkerRegistry::lock_path(const std::string& worker) const {
  return lock_directory_ + "/" + worker + ".lock";
}

Result<std::unique_ptr<ExclusiveLock>> SqliteWorkerRegistry::lock(const std::string& worker) const {
  if (lock_directory_.empty()) return std::unique_ptr<ExclusiveLock>();
  if (::mkdir(lock_directory_.c_str(), 0700) != 0 && errno != EEXIST) {
    const int error = errno;
    const bool denied = error == EACCES || error == EPERM || error == EROFS;
    return Error{denied ? ErrorCode::permission_denied : ErrorCode::unavailable,
                 "cannot create the directory " + lock_directory_ +
                     ", which shows who works on the state: check that you may write there",
                 std::strerror(error)};
  }
  return ExclusiveLock::take(lock_path(worker), locked_worker(worker));
}

bool SqliteWorkerRegistry::is_ours(const std::string& worker) {
  std::lock_guard guard(mutex_);
  return locks_.count(worker) != 0;
}

void SqliteWorkerRegistry::forget(const std::string& worker) {
  std::lock_guard guard(mutex_);
  // The file goes first: a process that finds it finds it locked.
  if (!lock_directory_.empty()) ::unlink(lock_path(worker).c_str());
  locks_.erase(worker);
}

Result<void> SqliteWorkerRegistry::register_worker(const NewWorker& worker, TimePoint now) {
  if (!is_usable_id(worker.id)) {
    return Error{
        ErrorCode::invalid_argument,
        "\"" + worker.id + "\" cannot be the id of a worker: give letters, digits, - and _",
        {}};
  }
  // The lock before the row: a row without a lock is a dead worker's.
  auto taken = lock(worker.id);
  if (taken.has_error()) return taken.error();
  auto registered = connection_.transact(
      Mode::write, "registering the worker " + worker.id, [&]() -> Result<void> {
        if (database_.query("select 1 from worker where id = ?", worker.id).next()) {
          return Error{ErrorCode::already_exists,
                       "there is a worker " + worker.id + " already: register with another id",
                       {}};
        }
        database_.run(
            "insert into worker (id, labels, claims_anybody, host, boot, pid, version, started_at, "
            "heartbeat_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            worker.id, labels_text(worker.labels), worker.claims_anybody,
            worker.host.empty() ? host_name() : worker.host, boot_id(), worker.pid, worker.version,
            now, now);
        return {};
      });
  if (registered.has_error()) {
    // Another's row may be why: its file stays.
    if (registered.error().code != ErrorCode::already_exists && !lock_directory_.empty())
      ::unlink(lock_path(worker.id).c_str());
    return registered;
  }
  std::lock_guard guard(mutex_);
  locks_.emplace(worker.id, std::move(*taken));
  return {};
}

Result<void> SqliteWorkerRegistry::heartbeat(const std::string& id, TimePoint now) {
  return connection_.transact(Mode::write, "the heartbeat of worker " + id, [&]() -> Result<void> {
    if (database_.run("update worker set heartbeat_at = ? where id = ?", now, id) == 0)
      return unknown_worker(id);
    return {};
  });
}

Result<void> SqliteWorkerRegistry::drain(const std::string& id) {
  return connection_.transact(Mode::write, "draining worker " + id, [&]() -> Result<void> {
    if (database_.run("update worker set draining = 1 where id = ?", id) == 0)
      return unknown_worker(id);
    return {};
  });
}

Result<void> SqliteWorkerRegistry::remove(const std::string& id, TimePoint now) {
  auto removed = connection_.transact(Mode::write, "removing worker " + id, [&]() -> Result<void> {
    free_leases(database_, id, now);
    database_.run("delete from worker where id = ?", id);
    return {};
  });
  if (removed.has_value() && is_usable_id(id)) forget(id);
  return removed;
}

WorkerInfo::Life SqliteWorkerRegistry::life_of(const WorkerInfo& worker, const std::string& boot,
                                               TimePoint now) {
  using Life = WorkerInfo::Life;
  if (is_ours(worker.id)) return Life::alive;
  if (lock_directory_.empty()) return Life::dead;
  if (!boot.empty() && boot == boot_id()) {
    const auto held = ExclusiveLock::is_held(lock_path(worker.id), locked_worker(worker.id));
    if (held.has_error()) return Life::unknown;
    return *held ? Life::alive : Life::dead;
  }
  // Clocks may differ, so a heartbeat to come says nothing either.
  const auto age = now - worker.heartbeat_at;
  const bool is_fresh = age < heartbeat_age_max && -age < heartbeat_age_max;
  if (is_fresh) return Life::alive;
  // This host has started again since.
  return !boot.empty() && worker.host == host_name() ? Life::dead : Life::unknown;
}

Result<std::vector<WorkerInfo>> SqliteWorkerRegistry::list(TimePoint now) {
  static const std::string sql =
      "select " + std::string(worker_columns) + " from worker order by started_at, id";
  return connection_.transact(Mode::read, "listing the workers",
                              [&]() -> Result<std::vector<WorkerInfo>> {
                                std::vector<WorkerInfo> workers;
                                Query query = database_.query(sql);
                                while (query.next()) {
                                  WorkerInfo worker = read_worker(query);
                                  worker.life = life_of(worker, query.text(9), now);
                                  workers.push_back(std::move(worker));
                                }
                                return workers;
                              });
}

Result<std::vector<std::string>> SqliteWorkerRegistry::free_dead(TimePoint now) {
  static const std::string sql = "select " + std::string(worker_columns) + " from worker";
  auto freed =
      connection_.transact(Mode::lazy_write, "freeing the leases of dead workers",
                           [&]() -> Result<std::vector<std::string>> {
                             std::vector<std::string> dead;
                             {
                               Query query = database_.query(sql);
                               while (query.next()) {
                                 const WorkerInfo worker = read_worker(query);
                                 if (life_of(worker, query.text(9), now) == WorkerInfo::Life::dead)
                                   dead.push_back(worker.id);
                               }
                             }
                             for (const std::string& id : dead) {
                               free_leases(database_, id, now);
                               database_.run("delete from worker where id = ?", id);
                             }
                             return dead;
                           });
  if (freed.has_value()) {
    for (const std::string& id : *freed) forget(id);
  }
  return freed;
}

}  // namespace dth::state::sqlite
