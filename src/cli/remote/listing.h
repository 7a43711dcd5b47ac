#pragma once

#include <string>
#include <vector>

#include <boost/json.hpp>

#include "cli/command.h"
#include "client/hub_client.h"

namespace dth::cli {

// What a hub answered, as people and programs are shown it.

enum class ListFormat { table, json, yaml, csv };

// A column of a table, or a line of a thing's details.
struct Column {
  enum class As { text, time, count, size, yes, words };
  std::string heading;  // as to_table() takes it
  std::string path;     // of the field: "base.name"
  As as = As::text;
};

// The text of that field: "-" where it is null or missing. What the hub says is made printable.
std::string field_text(const boost::json::object& object, const Column& column);
// The text as it is; empty where it is null or missing.
std::string text_of(const boost::json::object& object, std::string_view path);
// Null where there is none.
const boost::json::value* find_field(const boost::json::object& object, std::string_view path);

struct Page {
  boost::json::array nodes;
  bool has_more = false;  // than were asked for
};
// Reads pages until there are `count_max` items. `connection` is the path of the list in the data,
// such as "runs". Errors: those of HubClient, and data_corrupted.
Result<Page> read_pages(client::HubClient& hub, const client::Document& document,
                        const std::string& connection, boost::json::object variables,
                        std::size_t count_max);

// Prints a list. JSON and YAML have all of what was read, in the API's words.
void print_list(const boost::json::array& nodes, const std::vector<Column>& columns,
                ListFormat format);
// Prints one thing: a line for each field that it has.
void print_details(const boost::json::object& object, const std::vector<Column>& fields,
                   ListFormat format);
void print_value(const boost::json::value& value, ListFormat format);

// A sentence on standard error.
void tell(const std::string& text);

// -o, --output: table, json, yaml or csv.
void add_list_output(Command& command, ListFormat* format);
// Without csv: for one thing.
void add_details_output(Command& command, ListFormat* format);

// `dth X list`: --hub, --limit and --output.
struct ListFlags {
  std::string hub;
  std::size_t count_max = 1000;
  ListFormat format = ListFormat::table;
};
void add_list_options(Command& command, ListFlags* flags, std::size_t count_default = 1000);
// Reads and prints it; tells where there is more. Returns the exit code.
int run_list_command(const ListFlags& flags, const client::Document& document,
                     const std::string& connection, const std::vector<Column>& columns,
                     boost::json::object variables = {});

}  // namespace dth::cli
