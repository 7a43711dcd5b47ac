#include "plugins/object_copy/job_errors.h"

#include "base/encoding.h"

namespace dth::object_copy {

bool is_for_another_try(const engine::JobContext& context, const Error& error) {
  return error.code == ErrorCode::cancelled || engine::stops_run(error) ||
         (is_retryable(error.code) && !context.last_try());
}

Error damage_may_pass(Error error) {
  if (error.code == ErrorCode::data_corrupted) error.code = ErrorCode::unavailable;
  return error;
}

Error other_size(std::uint64_t expected, std::uint64_t answered) {
  return Error{
      ErrorCode::unavailable,
      "the source answered an object of " + std::to_string(answered) +
          " bytes under the ETag of one of " + std::to_string(expected) +
          "; something on the way changes it (a proxy, or a store that unpacks gzip), or a file "
          "system tells its size wrongly",
      ""};
}

Error hidden_at_destination(const objects::ObjectInfo& hiding) {
  return Error{ErrorCode::permission_denied,
               "\"" + printable(hiding.hidden()) + "\" at the destination " +
                   std::string(hiding.obstacle) +
                   ", so that nobody knows what is there; it was left as it is. Make it readable "
                   "and run again",
               ""};
}

Error written_by_another(const std::string& etag) {
  return Error{ErrorCode::precondition_failed,
               "somebody else wrote the object at the destination after it was listed; it was left "
               "as it is; run again to compare",
               "destination ETag " + etag};
}

}  // namespace dth::object_copy
