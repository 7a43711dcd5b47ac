#include "state/sql/sql_worker_registry.h"

#include <algorithm>
#include <cctype>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "state/sql/control/audit_rows.h"
#include "state/sql/job_rows.h"

namespace dth::state::sql {
namespace {

using Mode = Transactor::Mode;

// It may become the name of a file.
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
  // One of a newer version that this one does not know works like any other.
  worker.kind = parse_worker_kind(query.text(12)).value_or(WorkerKind::worker);
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
        "j.worker = ? and r.cancel_requested <> 0",
        worker);
    while (query.next()) cancelled.push_back(query.integer(0));
  }
  // Ready since ever: clocks may differ.
  database.run(
      "update job set state = 0, worker = '', lane = 0, not_before = 0 where state = 1 and worker "
      "= ?",
      worker);
  database.announce_work(Database::Announce::now);
  for (const std::int64_t run : cancelled) drop_free_jobs(database, run, now);
}

}  // namespace

Result<void> SqlWorkerRegistry::register_worker(const NewWorker& worker, TimePoint callers_now) {
  if (!is_usable_id(worker.id)) {
    return Error{
        ErrorCode::invalid_argument,
        "\"" + worker.id + "\" cannot be the id of a worker: give letters, digits, - and _",
        {}};
  }
  // Before the row is there: a row without a sign of life is a dead worker's.
  if (auto begun = liveness_.begin(worker.id); begun.has_error()) return begun.error();
  const std::string what = "registering the worker " + worker.id;
  auto registered =
      transactor_.transact(Mode::write, what, [&](Database& database) -> Result<void> {
        if (database.query("select 1 from worker where id = ?", worker.id).next()) {
          return Error{ErrorCode::already_exists,
                       "there is a worker " + worker.id + " already: register with another id",
                       {}};
        }
        const TimePoint now = database.now(callers_now);
        database.run(
            "insert into worker (id, kind, labels, claims_anybody, host, boot, pid, version, "
            "started_at, "
            "heartbeat_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            worker.id, to_string(worker.kind), labels_text(worker.labels), worker.claims_anybody,
            worker.host.empty() ? host_name() : worker.host, liveness_.mark(), worker.pid,
            worker.version, now, now);
        return {};
      });
  if (registered.has_error())
    liveness_.end(worker.id, registered.error().code == ErrorCode::already_exists);
  return registered;
}

Result<void> SqlWorkerRegistry::heartbeat(const std::string& id, TimePoint now) {
  const std::string what = "the heartbeat of worker " + id;
  return transactor_.transact(Mode::write, what, [&](Database& database) -> Result<void> {
    if (database.run("update worker set heartbeat_at = ? where id = ?", database.now(now), id) == 0)
      return unknown_worker(id);
    return {};
  });
}

Result<void> SqlWorkerRegistry::drain(const std::string& id, const AuditEntry* audit) {
  const std::string what = "draining worker " + id;
  return transactor_.transact(Mode::write, what, [&](Database& database) -> Result<void> {
    if (database.run("update worker set draining = 1 where id = ?", id) == 0)
      return unknown_worker(id);
    if (audit != nullptr) append_audit(database, *audit);
    return {};
  });
}

Result<bool> SqlWorkerRegistry::is_draining(const std::string& id) {
  return transactor_.transact(
      Mode::read, "asking about worker " + id, [&](Database& database) -> Result<bool> {
        Query query = database.query("select draining from worker where id = ?", id);
        if (!query.next()) return unknown_worker(id);
        return query.integer(0) != 0;
      });
}

Result<void> SqlWorkerRegistry::remove(const std::string& id, TimePoint now) {
  const std::string what = "removing worker " + id;
  auto removed = transactor_.transact(Mode::write, what, [&](Database& database) -> Result<void> {
    free_leases(database, id, database.now(now));
    database.run("delete from worker where id = ?", id);
    return {};
  });
  if (removed.has_value() && is_usable_id(id)) liveness_.end(id, false);
  return removed;
}

std::vector<WorkerInfo> SqlWorkerRegistry::read_all(Database& database, TimePoint now) {
  std::vector<WorkerInfo> workers;
  Query query = database.query(
      "select id, labels, claims_anybody, host, pid, version, started_at, heartbeat_at, draining, "
      "boot, (select count(*) from job where state = 1 and job.worker = worker.id), "
      "(select coalesce(max(lease_until), 0) from job where state = 1 and job.worker = worker.id), "
      "kind from worker order by started_at, id");
  while (query.next()) {
    WorkerInfo worker = read_worker(query);
    worker.life = liveness_.life_of(
        {.worker = worker, .mark = query.text(9), .now = now, .leases_until = query.time(11)});
    workers.push_back(std::move(worker));
  }
  return workers;
}

Result<std::vector<WorkerInfo>> SqlWorkerRegistry::list(TimePoint now) {
  return transactor_.transact(Mode::read, "listing the workers",
                              [&](Database& database) -> Result<std::vector<WorkerInfo>> {
                                return read_all(database, database.now(now));
                              });
}

Result<std::vector<std::string>> SqlWorkerRegistry::free_dead(TimePoint callers_now) {
  auto freed = transactor_.transact(Mode::lazy_write, "freeing the leases of dead workers",
                                    [&](Database& database) -> Result<std::vector<std::string>> {
                                      std::vector<std::string> dead;
                                      const TimePoint now = database.now(callers_now);
                                      for (const WorkerInfo& worker : read_all(database, now)) {
                                        if (worker.life == WorkerInfo::Life::dead)
                                          dead.push_back(worker.id);
                                      }
                                      for (const std::string& id : dead) {
                                        free_leases(database, id, now);
                                        database.run("delete from worker where id = ?", id);
                                      }
                                      return dead;
                                    });
  if (freed.has_value()) {
    for (const std::string& id : *freed) liveness_.end(id, false);
  }
  return freed;
}

}  // namespace dth::state::sql
