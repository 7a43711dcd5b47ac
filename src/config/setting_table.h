#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/log.h"
#include "options/parsed_values.h"

namespace dth::config {

inline constexpr options::Choice<LogFormat> log_formats[] = {{"console", LogFormat::console},
                                                             {"json", LogFormat::json}};
inline constexpr options::Choice<LogLevel> log_levels[] = {{"debug", LogLevel::debug},
                                                           {"info", LogLevel::info},
                                                           {"warning", LogLevel::warning},
                                                           {"error", LogLevel::error}};

// A setting of the hub is an option: flags, environment variables, keys of the file, `dth config
// check` and the reference (docs/serve.md) are made from this one table.
std::span<const options::Option> all_settings();
const options::Option* find_setting(std::string_view name);

std::string flag_of(const options::Option& setting);      // "--tls-certificate"
std::string variable_of(const options::Option& setting);  // "DTH_TLS_CERTIFICATE"

// The reference: a table in Markdown, a row a setting, with its newline.
std::string reference_table();

}  // namespace dth::config
