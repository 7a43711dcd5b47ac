#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dth::config {

enum class SettingType {
  text,
  path,
  toggle,   // on or off (also true, false, yes, no)
  choice,   // one of `choices`
  count,    // a whole number, 1 or more
  size,     // bytes: "1MiB"
  address,  // HOST:PORT, [IPv6]:PORT
  names,    // host names: a list in YAML, elsewhere separated by commas
};

// A setting of the hub, declared once: flags, environment variables, keys of the file, `dth config
// check` and the reference (docs/serve.md) are made from this.
struct Setting {
  std::string_view name;  // "tls_certificate": the key in the file
  SettingType type = SettingType::text;
  std::string_view default_text = {};
  std::string_view placeholder = {};
  std::string_view help = {};  // one sentence
  std::span<const std::string_view> choices = {};
  bool secret = false;  // shown as *** wherever it is shown
};

std::span<const Setting> all_settings();
const Setting* find_setting(std::string_view name);

std::string flag_of(const Setting& setting);      // "--tls-certificate"
std::string variable_of(const Setting& setting);  // "DTH_TLS_CERTIFICATE"

// The reference: a table in Markdown, a row a setting, with its newline.
std::string reference_table();

}  // namespace dth::config
