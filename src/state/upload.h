#pragma once

#include <cstdint>
#include <string>

#include "base/clock.h"
#include "state/job.h"

namespace dth::state {

using UploadRowId = std::int64_t;

// An upload that we began, or are about to. Recorded before CreateMultipartUpload is sent.
struct NewUpload {
  std::string key;
  std::string plan;  // the plugin's: source version, size, parts
};

struct Upload {
  UploadRowId id = 0;
  std::string run;
  std::string key;
  std::string plan;
  std::string upload_id;  // empty: intended; whether it was created is not known
  JobId job = 0;          // which recorded the intent
  TimePoint intended_at{};
  std::string left_open = {};  // not empty: it could not be aborted, and why; it is not tried again
};

}  // namespace dth::state
