#include "state/sqlite/sqlite_upload_log.h"

#include "state/sqlite/job_rows.h"
#include "state/sqlite/run_rows.h"

namespace dth::state::sqlite {
namespace {

using Mode = SqliteConnection::Mode;

}  // namespace

Result<UploadRowId> SqliteUploadLog::record_upload_intent(const Lease& lease,
                                                          const NewUpload& upload, TimePoint now) {
  return connection_.transact(
      Mode::write, "recording the intent of an upload", [&]() -> Result<UploadRowId> {
        auto job = require_held(database_, lease);
        if (job.has_error()) return job.error();
        database_.run(
            "insert into upload (run, key, plan, job, intended_at) values (?, ?, ?, ?, ?)",
            job->run, Blob{upload.key}, Blob{upload.plan}, lease.job, now);
        return database_.last_insert_id();
      });
}

Result<void> SqliteUploadLog::record_upload_created(const Lease& lease, UploadRowId upload,
                                                    const std::string& upload_id) {
  return connection_.transact(
      Mode::write, "recording the upload " + upload_id, [&]() -> Result<void> {
        auto job = require_held(database_, lease);
        if (job.has_error()) return job.error();
        if (database_.run("update upload set upload_id = ? where id = ? and run = ?", upload_id,
                          upload, job->run) == 0) {
          return Error{ErrorCode::not_found,
                       "the intent " + std::to_string(upload) + " is closed, or was never recorded",
                       {}};
        }
        return {};
      });
}

Result<std::vector<Upload>> SqliteUploadLog::open_uploads(const std::string& id,
                                                          const std::string& key) {
  return connection_.transact(
      Mode::read, "reading the open uploads of run " + id, [&]() -> Result<std::vector<Upload>> {
        auto run = require_run(database_, id);
        if (run.has_error()) return run.error();
        constexpr std::string_view all =
            "select id, key, plan, upload_id, job, intended_at, left_open from upload "
            "where run = ? order by id";
        constexpr std::string_view of_key =
            "select id, key, plan, upload_id, job, intended_at, left_open from upload "
            "where run = ? and key = ? order by id";
        std::vector<Upload> uploads;
        Query query = key.empty() ? database_.query(all, run->number)
                                  : database_.query(of_key, run->number, Blob{key});
        while (query.next()) {
          uploads.push_back({.id = query.integer(0),
                             .run = id,
                             .key = query.text(1),
                             .plan = query.text(2),
                             .upload_id = query.text(3),
                             .job = query.integer(4),
                             .intended_at = query.time(5),
                             .left_open = query.text(6)});
        }
        return uploads;
      });
}

Result<void> SqliteUploadLog::close_upload(UploadRowId upload) {
  return connection_.transact(Mode::write, "closing an upload", [&]() -> Result<void> {
    database_.run("delete from upload where id = ?", upload);
    return {};
  });
}

Result<void> SqliteUploadLog::leave_upload_open(UploadRowId upload, const std::string& upload_id,
                                                const std::string& reason) {
  return connection_.transact(
      Mode::write, "recording that an upload stays open", [&]() -> Result<void> {
        if (reason.empty())
          return Error{
              ErrorCode::invalid_argument, "an upload is left open for a reason: it is empty", {}};
        database_.run("update upload set upload_id = ?, left_open = ? where id = ?", upload_id,
                      reason, upload);
        return {};
      });
}

}  // namespace dth::state::sqlite
