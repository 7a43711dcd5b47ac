#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "control/identity/outcome.h"

namespace dth::control {

inline constexpr std::size_t name_bytes_max = 200;
inline constexpr std::size_t email_bytes_max = 254;

// As addresses are kept and compared: without spaces around it, ASCII in lower case.
std::string normalised_email(std::string_view email);

// What is wrong with the name of a user or a token; nothing: it is fit.
std::optional<Fault> check_name(std::string_view name);
// Of a normalised address. It says where mail would go; none is sent to find out.
std::optional<Fault> check_email(std::string_view email);
// Of a password, as check_password() says.
std::optional<Fault> check_new_password(std::string_view password, std::string_view name,
                                        std::string_view email);
// BCP 47 and the tz database, by their form: what neither can be is refused.
std::optional<Fault> check_locale(std::string_view locale);
std::optional<Fault> check_time_zone(std::string_view zone);

// Adds what is wrong.
void note(std::vector<Fault>* faults, std::optional<Fault> fault);

}  // namespace dth::control
