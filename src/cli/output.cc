#include "cli/output.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "cli/exit_code.h"

namespace dth::cli {
namespace {

int output_errno = 0;  // of the last write to standard output that failed; the main thread's

// Every JSON scalar is YAML; only mappings and lists need writing.
void append_yaml(const boost::json::value& value, const std::string& indent, std::string* out);

void append_member(const boost::json::value& value, const std::string& indent, std::string* out) {
  const bool nested = (value.is_object() && !value.get_object().empty()) ||
                      (value.is_array() && !value.get_array().empty());
  if (nested) {
    *out += "\n";
    append_yaml(value, indent, out);
  } else {
    *out += " " + write_json(value) + "\n";
  }
}

void append_yaml(const boost::json::value& value, const std::string& indent, std::string* out) {
  if (const auto* object = value.if_object()) {
    for (const auto& [name, member] : *object) {
      *out += indent + std::string(name) + ":";
      append_member(member, indent + "  ", out);
    }
  } else if (const auto* array = value.if_array()) {
    for (const auto& element : *array) {
      *out += indent + "-";
      append_member(element, indent + "  ", out);
    }
  }
}

// Characters, as far as UTF-8 tells.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

}  // namespace

std::string to_yaml(const boost::json::value& value) {
  const bool empty = (value.is_array() && value.get_array().empty()) ||
                     (value.is_object() && value.get_object().empty());
  if (empty || value.is_primitive()) return write_json(value) + "\n";
  std::string text;
  append_yaml(value, "", &text);
  return text;
}

std::string to_table(const std::vector<std::string>& headings,
                     const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::vector<std::string>> all = {headings};
  std::vector<bool> to_the_right;
  for (std::string& heading : all.front()) {
    to_the_right.push_back(heading.starts_with('>'));
    if (to_the_right.back()) heading.erase(0, 1);
  }
  all.insert(all.end(), rows.begin(), rows.end());
  std::vector<std::size_t> widths(headings.size(), 0);
  for (const auto& row : all) {
    for (std::size_t i = 0; i < widths.size(); ++i)
      widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const auto& row : all) {
    std::string line;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      const std::string padding(widths[i] - width_of(row[i]), ' ');
      if (i > 0) line += "  ";
      line += to_the_right[i] ? padding + row[i] : row[i] + padding;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string to_csv(const std::vector<std::string>& fields) {
  std::string row;
  for (const std::string& field : fields) {
    if (!row.empty() || &field != &fields.front()) row += ',';
    const bool guarded = !field.empty() && std::string_view("=+-@\t\r'").find(field.front()) !=
                                               std::string_view::npos;
    const std::string text = without_display_controls(guarded ? "'" + field : field);
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
      row += text;
      continue;
    }
    row += '"';
    for (const char c : text) row += c == '"' ? "\"\"" : std::string(1, c);
    row += '"';
  }
  return row + "\r\n";
}

bool put(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size()) return true;
  output_errno = errno;
  return false;
}

int finish_output(int code) {
  if (std::fflush(stdout) != 0) output_errno = errno;
  if (!std::ferror(stdout) && output_errno == 0) return code;
  if (code == exit_could_not_run) return code;
  print_error({ErrorCode::unavailable,
               "standard output cannot be written: check the disk or the program that reads it",
               output_errno ? std::strerror(output_errno) : ""});
  return code == 0 ? exit_could_not_run : code;
}

}  // namespace dth::cli
