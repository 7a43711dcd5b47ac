#include "cli/remote/listing.h"

#include <algorithm>
#include <charconv>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "cli/exit_code.h"
#include "cli/output.h"
#include "cli/remote/hub_connection.h"
#include "options/amounts.h"

namespace dth::cli {
namespace {

namespace json = boost::json;

constexpr std::size_t page_size_max = 500;

Error unexpected(const client::HubClient& hub, const std::string& what) {
  return {ErrorCode::data_corrupted, ErrorReason::foreign_answer,
          hub.name() + ": its answer cannot be used: " + what, ""};
}

// Numbers of 64 bits come as texts.
std::optional<std::int64_t> number_of(const json::value& value) {
  if (value.is_int64()) return value.get_int64();
  if (value.is_uint64()) return static_cast<std::int64_t>(value.get_uint64());
  if (!value.is_string()) return std::nullopt;
  const auto& text = value.get_string();
  std::int64_t number = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string scalar_text(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_bool()) return value.get_bool() ? "yes" : "no";
  return write_json(value);
}

// "region=eu-central-1, vendor=aws" of options; "a, b" of texts.
std::string words_text(const json::array& values) {
  std::string text;
  for (const json::value& value : values) {
    text += text.empty() ? "" : ", ";
    if (value.is_object()) {
      const std::string amount = text_of(value.get_object(), "value");
      text += text_of(value.get_object(), "name") + (amount.empty() ? "" : "=" + amount);
    } else {
      text += scalar_text(value);
    }
  }
  return text;
}

std::string time_text(const std::string& time) {
  return time.size() >= 19 ? time.substr(0, 10) + " " + time.substr(11, 8) : time;
}

}  // namespace

const json::value* find_field(const json::object& object, std::string_view path) {
  const std::size_t dot = path.find('.');
  const json::value* value = object.if_contains(path.substr(0, dot));
  if (value == nullptr || value->is_null() || dot == path.npos)
    return value == nullptr || value->is_null() ? nullptr : value;
  return value->is_object() ? find_field(value->get_object(), path.substr(dot + 1)) : nullptr;
}

std::string text_of(const json::object& object, std::string_view path) {
  const json::value* value = find_field(object, path);
  return value == nullptr ? "" : scalar_text(*value);
}

std::string field_text(const json::object& object, const Column& column) {
  const json::value* value = find_field(object, column.path);
  if (value == nullptr) return "-";
  std::string text;
  switch (column.as) {
    case Column::As::text:
    case Column::As::yes:
      text = scalar_text(*value);
      break;
    case Column::As::time:
      text = time_text(scalar_text(*value));
      break;
    case Column::As::count:
    case Column::As::size: {
      const auto number = number_of(*value);
      if (!number) return "-";
      return column.as == Column::As::count || *number < 0
                 ? options::format_count(*number)
                 : options::format_size_rounded(static_cast<std::uint64_t>(*number));
    }
    case Column::As::words:
      text = value->is_array() ? words_text(value->get_array()) : scalar_text(*value);
      break;
  }
  return text.empty() ? "-" : printable(text);
}

Result<Page> read_pages(client::HubClient& hub, const client::Document& document,
                        const std::string& connection, json::object variables,
                        std::size_t count_max) {
  Page page;
  while (page.nodes.size() < count_max) {
    const std::size_t wanted = std::min(page_size_max, count_max - page.nodes.size());
    variables["first"] = wanted;
    auto data = hub.ask(document, variables);
    if (data.has_error()) return data.error();
    const json::value* list = find_field(*data, connection);
    if (list == nullptr || !list->is_object()) return unexpected(hub, "it lacks " + connection);
    const json::value* nodes = find_field(list->get_object(), "nodes");
    if (nodes == nullptr || !nodes->is_array()) return unexpected(hub, "it lacks nodes");
    if (nodes->get_array().size() > wanted) return unexpected(hub, "a page is too long");
    for (const json::value& node : nodes->get_array()) {
      if (!node.is_object()) return unexpected(hub, "a node is not an object");
      page.nodes.push_back(node);
    }
    const json::value* more = find_field(list->get_object(), "pageInfo.hasNextPage");
    page.has_more = more != nullptr && more->is_bool() && more->get_bool();
    if (!page.has_more) break;
    const std::string cursor = text_of(list->get_object(), "pageInfo.endCursor");
    // It would never end.
    if (nodes->get_array().empty() || cursor.empty()) return unexpected(hub, "an empty page");
    variables["after"] = cursor;
  }
  return page;
}

void print_value(const json::value& value, ListFormat format) {
  put(format == ListFormat::yaml ? to_yaml(value) : write_json(value) + "\n");
}

void print_list(const json::array& nodes, const std::vector<Column>& columns, ListFormat format) {
  if (format == ListFormat::json || format == ListFormat::yaml) return print_value(nodes, format);
  std::vector<std::string> headings;
  for (const Column& column : columns) headings.push_back(column.heading);
  std::vector<std::vector<std::string>> rows;
  for (const json::value& node : nodes) {
    if (!node.is_object()) continue;
    std::vector<std::string>& row = rows.emplace_back();
    for (const Column& column : columns) {
      // Programs read CSV: times and numbers as they are.
      row.push_back(format == ListFormat::csv && column.as != Column::As::words
                        ? printable(text_of(node.as_object(), column.path))
                        : field_text(node.as_object(), column));
    }
  }
  if (format == ListFormat::table) {
    put(to_table(headings, rows));
    return;
  }
  std::vector<std::string> paths;
  for (const Column& column : columns) paths.push_back(column.path);
  put(to_csv(paths));
  for (const auto& row : rows) put(to_csv(row));
}

void print_details(const json::object& object, const std::vector<Column>& fields,
                   ListFormat format) {
  if (format != ListFormat::table) return print_value(object, format);
  std::size_t width = 0;
  for (const Column& field : fields) width = std::max(width, field.heading.size());
  std::string text;
  for (const Column& field : fields) {
    const std::string value = field_text(object, field);
    if (value != "-")
      text += field.heading + std::string(width + 2 - field.heading.size(), ' ') + value + "\n";
  }
  put(text);
}

void tell(const std::string& text) { std::fprintf(stderr, "dth: %s\n", text.c_str()); }

void add_list_output(Command& command, ListFormat* format) {
  add_choice(command, "-o,--output", "table, json, yaml or csv [table]",
             {"table", "json", "yaml", "csv"}, [format](const std::string& word) {
               *format = word == "json"   ? ListFormat::json
                         : word == "yaml" ? ListFormat::yaml
                         : word == "csv"  ? ListFormat::csv
                                          : ListFormat::table;
             });
}

void add_details_output(Command& command, ListFormat* format) {
  add_choice(command, "-o,--output", "table, json or yaml [table]", {"table", "json", "yaml"},
             [format](const std::string& word) {
               *format = word == "json"   ? ListFormat::json
                         : word == "yaml" ? ListFormat::yaml
                                          : ListFormat::table;
             });
}

void add_list_options(Command& command, ListFlags* flags, std::size_t count_default) {
  flags->count_max = count_default;
  add_hub_option(command, &flags->hub);
  add_number(command, "--limit", "so many at most [" + std::to_string(count_default) + "]",
             {1, 1'000'000}, [flags](std::uint64_t count) { flags->count_max = count; });
  add_list_output(command, &flags->format);
}

int run_list_command(const ListFlags& flags, const client::Document& document,
                     const std::string& connection, const std::vector<Column>& columns,
                     json::object variables) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return print_error(hub.error());
  auto page = read_pages(**hub, document, connection, std::move(variables), flags.count_max);
  if (page.has_error()) return print_error(page.error());
  print_list(page->nodes, columns, flags.format);
  if (page->has_more) {
    std::fprintf(stderr, "dth: there are more than %zu; --limit shows more of them\n",
                 flags.count_max);
  }
  return 0;
}

}  // namespace dth::cli
