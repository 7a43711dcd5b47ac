#pragma once

#include <string>

#include "plugins/object_copy/copy/copy_attempt.h"
#include "plugins/object_copy/lane_context.h"

namespace dth::object_copy {

// Does a destination that is not known to keep every name keep this one?
class NameChecks {
 public:
  explicit NameChecks(LaneContext& lane) : lane_(lane) {}

  // Before an awkward name is written: is it free? An object that answers to it, and is not listed
  // under it, is another's. So is one that was written since the run listed the key.
  Async<Result<void>> check_name_is_free(CopyAttempt* attempt);

  // After it was written: is it listed under its name?
  Async<Result<void>> check_name_was_kept(std::string key, std::string etag);

  struct ListedName {
    bool exact = false;
    std::string etag;   // of that
    std::string other;  // another key of the ETag that was asked for
  };
  // Looks through the listing of what begins with `prefix`: is there exactly that key, or another
  // one of that ETag?
  Async<Result<ListedName>> find_listed(std::string prefix, std::string etag);

 private:
  Async<Result<std::string>> find_made_name(std::string key, std::string etag);

  LaneContext& lane_;
};

}  // namespace dth::object_copy
