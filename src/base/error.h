#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include <boost/system/result.hpp>

namespace dth {

// What a failure means to whoever has to decide what to do next. The list is closed: a vendor's own
// code goes into Error::detail.
enum class ErrorCode {
  cancelled,            // we were asked to stop
  timeout,              // a deadline passed
  throttled,            // the other side asks us to slow down
  unavailable,          // the other side or the way to it is broken just now
  not_found,            // the thing named does not exist
  already_exists,       // the thing named exists and must not
  precondition_failed,  // If-Match and its like: the thing is not what it was thought to be
  invalid_argument,     // the request is wrong and stays wrong
  unauthenticated,      // who we are was not accepted
  permission_denied,    // who we are may not do this
  data_corrupted,       // bytes are not what they should be
  unsupported,          // the other side does not know how
  internal,             // a bug, here or there
};

// What exactly is the matter, where code has to tell it apart from other failures of the same
// ErrorCode. It is set where an answer is understood; nobody matches the text of a message. Closed,
// like ErrorCode.
enum class ErrorReason {
  unspecified,
  object_missing,   // the store itself says that it has no such object: more than a bare 404
  version_missing,  // the same of one version of an object
  bucket_missing,   // the bucket, or the directory that stands for it
  upload_missing,   // the multipart upload: it was completed, aborted, or never begun
  part_missing,  // CompleteMultipartUpload names a part that the upload does not have, or has with
                 // another ETag
  object_archived,      // the object must be restored before it can be read
  restore_in_progress,  // a restore of it was requested before
  bucket_owned,         // the bucket exists already, and is ours
  foreign_answer,  // the answer is not one of the store's: a proxy's or a portal's page, or not
                   // what the operation answers
  unconfirmed_absence,  // a 404 without the store's word for it (an answer to HEAD has no body)
  listed_but_missing,   // the store lists the object, and answers that it does not exist: its
                        // listings cannot be relied on
  unreachable,          // no connection: refused, no such host, no route
  destination_full,     // no space, or a quota is used up: nothing more can be stored
  file_too_large,       // larger than the file system or a limit of this process allows
  name_not_kept,        // the store keeps the object under another name than it was given
  answer_lost,  // the whole request went out, and no answer came: it may have been carried out
  header_name,  // an answer's head has a line whose name no header may have
  aid_refused,  // the store may not know an aid of the request: the next try leaves it out
                // (AidTrial)
  state_unreachable,  // our own state is locked by another process, or cannot be reached now: the
                      // same call may succeed later
  state_full,         // our own state cannot grow: its disk is full
};

std::string_view to_string(ErrorCode code);

// "object_missing", ...; "unspecified".
std::string_view to_string(ErrorReason reason);

// The inverse of to_string(); nothing for a word that is no code.
std::optional<ErrorCode> parse_error_code(std::string_view text);

// May the same request succeed if it is sent again later, unchanged?
bool is_retryable(ErrorCode code);

// A failure. `message` is for a person: what was tried, on what, what went wrong, what to do.
// `detail` carries the vendor's own words: its code, its request id. Neither ever holds a secret.
//
// Whatever makes, hands on or destroys one is out of line and marked as cold, so that compilers
// keep the hundreds of places that do so out of the way of those that run.
struct Error {
  [[gnu::cold]] Error();
  [[gnu::cold]] Error(ErrorCode the_code, std::string the_message, std::string the_detail,
                      std::optional<std::chrono::milliseconds> after = {});
  [[gnu::cold]] Error(ErrorCode the_code, ErrorReason the_reason, std::string the_message,
                      std::string the_detail);
  [[gnu::cold]] Error(const Error&);
  [[gnu::cold]] Error(Error&&) noexcept;
  [[gnu::cold]] Error& operator=(const Error&);
  [[gnu::cold]] Error& operator=(Error&&) noexcept;
  [[gnu::cold]] ~Error();

  ErrorCode code = ErrorCode::internal;
  ErrorReason reason = ErrorReason::unspecified;
  std::string message;
  std::string detail;
  // What Retry-After said, where the other side said it.
  std::optional<std::chrono::milliseconds> retry_after = {};

  // The message with the detail in parentheses, on one line.
  std::string to_string() const;

  // The same error with `context + ": "` before its message.
  Error with_context(std::string_view context) const&;
  Error with_context(std::string_view context) &&;
};

template <class T>
using Result = boost::system::result<T, Error>;

// Called by boost::system::result when value() is asked of a failure: a bug of the caller.
[[noreturn]] void throw_exception_from_error(const Error& error,
                                             const boost::source_location& where);

}  // namespace dth
