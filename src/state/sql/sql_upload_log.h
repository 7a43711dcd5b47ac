#pragma once

#include "state/sql/transactor.h"
#include "state/upload_log.h"

namespace dth::state::sql {

class SqlUploadLog final : public UploadLog {
 public:
  explicit SqlUploadLog(Transactor& transactor) : transactor_(transactor) {}

  Result<UploadRowId> record_upload_intent(const Lease& lease, const NewUpload& upload,
                                           TimePoint now) override;
  Result<void> record_upload_created(const Lease& lease, UploadRowId upload,
                                     const std::string& upload_id) override;
  Result<std::vector<Upload>> open_uploads(const std::string& run, const std::string& key) override;
  Result<void> close_upload(UploadRowId upload) override;
  Result<void> leave_upload_open(UploadRowId upload, const std::string& upload_id,
                                 const std::string& reason) override;

 private:
  Transactor& transactor_;
};

}  // namespace dth::state::sql
