#include "state/sql/sql_upload_log.h"

#include "state/sql/job_rows.h"
#include "state/sql/run_rows.h"

namespace dth::state::sql {
namespace {

using Mode = Transactor::Mode;

}  // namespace

Result<UploadRowId> SqlUploadLog::record_upload_intent(const Lease& lease, const NewUpload& upload,
                                                       TimePoint now) {
  return transactor_.transact(
      Mode::write, "recording the intent of an upload",
      [&](Database& database) -> Result<UploadRowId> {
        auto job = require_held(database, lease);
        if (job.has_error()) return job.error();
        return database.insert(
            "insert into upload (run, key, plan, job, intended_at) values (?, ?, ?, ?, ?)", "id",
            job->run, Blob{upload.key}, Blob{upload.plan}, lease.job, now);
      });
}

Result<void> SqlUploadLog::record_upload_created(const Lease& lease, UploadRowId upload,
                                                 const std::string& upload_id) {
  return transactor_.transact(
      Mode::write, "recording the upload " + upload_id, [&](Database& database) -> Result<void> {
        auto job = require_held(database, lease);
        if (job.has_error()) return job.error();
        if (database.run("update upload set upload_id = ? where id = ? and run = ?", upload_id,
                         upload, job->run) == 0) {
          return Error{ErrorCode::not_found,
                       "the intent " + std::to_string(upload) + " is closed, or was never recorded",
                       {}};
        }
        return {};
      });
}

Result<std::vector<Upload>> SqlUploadLog::open_uploads(const std::string& id,
                                                       const std::string& key) {
  return transactor_.transact(
      Mode::read, "reading the open uploads of run " + id,
      [&](Database& database) -> Result<std::vector<Upload>> {
        auto run = require_run(database, id);
        if (run.has_error()) return run.error();
        constexpr std::string_view all =
            "select id, key, plan, upload_id, job, intended_at, left_open from upload "
            "where run = ? order by id";
        constexpr std::string_view of_key =
            "select id, key, plan, upload_id, job, intended_at, left_open from upload "
            "where run = ? and key = ? order by id";
        std::vector<Upload> uploads;
        Query query = key.empty() ? database.query(all, run->number)
                                  : database.query(of_key, run->number, Blob{key});
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

Result<void> SqlUploadLog::close_upload(UploadRowId upload) {
  return transactor_.transact(Mode::write, "closing an upload",
                              [&](Database& database) -> Result<void> {
                                database.run("delete from upload where id = ?", upload);
                                return {};
                              });
}

Result<void> SqlUploadLog::leave_upload_open(UploadRowId upload, const std::string& upload_id,
                                             const std::string& reason) {
  return transactor_.transact(
      Mode::write, "recording that an upload stays open", [&](Database& database) -> Result<void> {
        if (reason.empty())
          return Error{
              ErrorCode::invalid_argument, "an upload is left open for a reason: it is empty", {}};
        database.run("update upload set upload_id = ?, left_open = ? where id = ?", upload_id,
                     reason, upload);
        return {};
      });
}

}  // namespace dth::state::sql
