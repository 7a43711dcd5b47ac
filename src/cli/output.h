#pragma once

#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

namespace dth::cli {

enum class OutputFormat { table, json, yaml };

// A JSON value as YAML, of mappings, lists and scalars, with a newline at its end.
std::string to_yaml(const boost::json::value& value);

// Rows below their headings, columns aligned. A heading that begins with '>' aligns its column to
// the right.
std::string to_table(const std::vector<std::string>& headings,
                     const std::vector<std::vector<std::string>>& rows);

// One row of CSV (RFC 4180) with its line end. A field that a spreadsheet would take for a formula
// (= + - @, a tab or a carriage return at its beginning), and one that begins with an apostrophe,
// gets an apostrophe before it, so that taking one apostrophe off gives the exact text. Fields must
// be UTF-8.
std::string to_csv(const std::vector<std::string>& fields);

// Writes to standard output; false where that fails. Only those that print without end have to ask:
// finish_output() tells it.
bool put(const std::string& text);

// The exit code of a command whose own is `code`, once all of its output is written: where that
// failed it is an error, which is told on standard error, unless the command has told one already
// (exit_could_not_run).
int finish_output(int code);

}  // namespace dth::cli
