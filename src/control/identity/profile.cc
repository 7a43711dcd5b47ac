#include "control/identity/profile.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/plain_text.h"
#include "control/identity/password_rules.h"

namespace dth::control {
namespace {

bool is_word(std::string_view text, std::string_view others, std::size_t size_max) {
  return text.size() <= size_max && std::ranges::all_of(text, [&](char c) {
           const char lower = ascii_lower(c);
           return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ||
                  others.find(c) != others.npos;
         });
}

}  // namespace

std::string normalised_email(std::string_view email) { return ascii_lower(trimmed(email)); }

std::optional<Fault> check_name(std::string_view name) {
  if (is_blank(name)) return Fault{FaultKind::required, "name", "A name is needed."};
  if (name.size() > name_bytes_max)
    return Fault{FaultKind::too_long, "name", "The name is longer than 200 bytes."};
  if (!is_plain_name(name)) {
    return Fault{FaultKind::invalid, "name",
                 "The name has spaces around it or characters that cannot be seen: give another "
                 "one."};
  }
  return std::nullopt;
}

std::optional<Fault> check_email(std::string_view email) {
  if (email.empty()) return Fault{FaultKind::required, "email", "An e-mail address is needed."};
  if (email.size() > email_bytes_max)
    return Fault{FaultKind::too_long, "email", "The e-mail address is longer than 254 bytes."};
  const std::size_t at = email.find('@');
  const bool is_fit = at != email.npos && at > 0 && at + 1 < email.size() &&
                      email.find('@', at + 1) == email.npos && is_plain_line(email) &&
                      email.find_first_of(" ,;:<>()\"\\") == email.npos;
  if (is_fit) return std::nullopt;
  return Fault{FaultKind::invalid, "email",
               "This is not an e-mail address: expected NAME@HOST, such as ann@example.org."};
}

std::optional<Fault> check_new_password(std::string_view password, std::string_view name,
                                        std::string_view email) {
  if (password.empty()) return Fault{FaultKind::required, "password", "A password is needed."};
  auto checked = check_password(password, name, email);
  if (checked.has_value()) return std::nullopt;
  return Fault{FaultKind::weak_password, "password", std::move(checked.error().message)};
}

std::optional<Fault> check_locale(std::string_view locale) {
  if (is_word(locale, "-", 35)) return std::nullopt;
  return Fault{FaultKind::invalid, "locale", "This is not a language tag such as de or zh-CN."};
}

std::optional<Fault> check_time_zone(std::string_view zone) {
  if (is_word(zone, "/_+-", 64)) return std::nullopt;
  return Fault{FaultKind::invalid, "timeZone",
               "This is not the name of a time zone such as Europe/Berlin."};
}

void note(std::vector<Fault>* faults, std::optional<Fault> fault) {
  if (fault) faults->push_back(std::move(*fault));
}

std::optional<Fault> fault_of(const Error& error, std::string_view taken_field) {
  switch (error.code) {
    case ErrorCode::already_exists:
      return Fault{FaultKind::taken, std::string(taken_field), error.message};
    case ErrorCode::not_found:
      return Fault{FaultKind::not_found, "", error.message};
    case ErrorCode::precondition_failed:
      return Fault{FaultKind::wrong_state, "", error.message};
    case ErrorCode::unauthenticated:
      return Fault{FaultKind::expired, "", error.message};
    default:
      return std::nullopt;
  }
}

}  // namespace dth::control
