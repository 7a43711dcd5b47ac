#pragma once

#include <string>
#include <vector>

#include "base/error.h"
#include "state/upload.h"

namespace dth::state {

// What a plugin has begun at the outside and has to end or take away: uploads, recorded before they
// are begun. See State for what every method keeps to.
class UploadLog {
 public:
  virtual ~UploadLog() = default;

  virtual Result<UploadRowId> record_upload_intent(const Lease& lease, const NewUpload& upload,
                                                   TimePoint now) = 0;
  virtual Result<void> record_upload_created(const Lease& lease, UploadRowId upload,
                                             const std::string& upload_id) = 0;
  virtual Result<std::vector<Upload>> open_uploads(const std::string& run,
                                                   const std::string& key) = 0;  // key empty: all
  virtual Result<void> close_upload(UploadRowId upload) = 0;
  // It cannot be aborted, for a reason that stays, and nobody will try again: it stays among
  // open_uploads(), for people, and a run that ends with it has completed with failures.
  // `upload_id` as far as it is known.
  virtual Result<void> leave_upload_open(UploadRowId upload, const std::string& upload_id,
                                         const std::string& reason) = 0;
};

}  // namespace dth::state
