#pragma once

#include <string>

#include "plugins/object_copy/copy/copy_attempt.h"
#include "plugins/object_copy/lane_context.h"

namespace dth::object_copy {

// Does a destination that is not known to keep every name keep this one?
class NameChecks {
 public:
  explicit NameChecks(LaneContext& lane) : lane_(lane) {}

  struct ListedName {
    bool exact = false;
    std::string etag;   // of that
    std::string other;  // another key of the ETag that was asked for
  };

  // Before an awkward name is written: is it free? An object that answers to it, and is not listed
  // under it, is another's. So is one that was written since the run listed the key.
  Async<Result<void>> check_name_is_free(CopyAttempt* attempt);

  // An object of that ETag answers to `key`: how is it listed? `name_not_kept` where it is
  // another's, which is listed under another name.
  Async<Result<ListedName>> find_own(std::string key, std::string etag);

  // After it was written: is it listed under its name?
  Async<Result<void>> check_name_was_kept(std::string key, std::string etag);

  // Looks through the listing of what begins with `prefix`: is there exactly that key, or another
  // one of that ETag?
  Async<Result<ListedName>> find_listed(std::string prefix, std::string etag);

 private:
  Async<Result<std::string>> find_made_name(std::string key, std::string etag);

  LaneContext& lane_;
};

}  // namespace dth::object_copy
