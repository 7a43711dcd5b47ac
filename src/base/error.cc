#include "base/error.h"

#include <array>
#include <stdexcept>

namespace dth {
namespace {

constexpr std::array<std::string_view, 13> code_names = {
    "cancelled",       "timeout",           "throttled",           "unavailable",
    "not_found",       "already_exists",    "precondition_failed", "invalid_argument",
    "unauthenticated", "permission_denied", "data_corrupted",      "unsupported",
    "internal",
};

constexpr std::array<std::string_view, 21> reason_names = {
    "unspecified",    "object_missing",   "version_missing",     "bucket_missing",
    "upload_missing", "part_missing",     "object_archived",     "restore_in_progress",
    "bucket_owned",   "foreign_answer",   "unconfirmed_absence", "listed_but_missing",
    "unreachable",    "destination_full", "file_too_large",      "name_not_kept",
    "answer_lost",    "header_name",      "aid_refused",         "state_unreachable",
    "state_full",
};
static_assert(reason_names.size() == static_cast<std::size_t>(ErrorReason::state_full) + 1);

}  // namespace

std::string_view to_string(ErrorCode code) { return code_names.at(static_cast<std::size_t>(code)); }

std::string_view to_string(ErrorReason reason) {
  return reason_names.at(static_cast<std::size_t>(reason));
}

std::optional<ErrorCode> parse_error_code(std::string_view text) {
  for (std::size_t i = 0; i < code_names.size(); ++i) {
    if (code_names[i] == text) return static_cast<ErrorCode>(i);
  }
  return std::nullopt;
}

bool is_retryable(ErrorCode code) {
  return code == ErrorCode::timeout || code == ErrorCode::throttled ||
         code == ErrorCode::unavailable;
}

Error::Error() = default;
Error::Error(ErrorCode the_code, std::string the_message, std::string the_detail,
             std::optional<std::chrono::milliseconds> after)
    : code(the_code),
      message(std::move(the_message)),
      detail(std::move(the_detail)),
      retry_after(after) {}
Error::Error(ErrorCode the_code, ErrorReason the_reason, std::string the_message,
             std::string the_detail)
    : code(the_code),
      reason(the_reason),
      message(std::move(the_message)),
      detail(std::move(the_detail)) {}
Error::Error(const Error&) = default;
Error::Error(Error&&) noexcept = default;
Error& Error::operator=(const Error&) = default;
Error& Error::operator=(Error&&) noexcept = default;
Error::~Error() = default;

std::string Error::to_string() const {
  std::string text = message.empty() ? std::string(dth::to_string(code)) : message;
  if (!detail.empty()) text += " (" + detail + ")";
  return text;
}

Error Error::with_context(std::string_view context) const& {
  return Error(*this).with_context(context);
}

Error Error::with_context(std::string_view context) && {
  message = std::string(context) + ": " + message;
  return std::move(*this);
}

void throw_exception_from_error(const Error& error, const boost::source_location& where) {
  throw std::logic_error("value() of a failed Result in " + std::string(where.function_name()) +
                         ": " + error.to_string());
}

}  // namespace dth
