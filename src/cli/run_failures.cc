#include <cstdio>
#include <functional>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "cli/exit_code.h"
#include "cli/remote/hub_connection.h"
#include "cli/remote/remote_runs.h"
#include "cli/run_command.h"
#include "cli/run_lookup.h"

namespace dth::cli {
namespace {

constexpr std::size_t page_size = 1000;

std::string to_json(const state::Failure& failure) {
  std::string text;
  JsonObjectWriter writer(&text);
  writer.bytes("key", failure.key);
  writer.text("version_id", failure.version_id);
  writer.number("size", failure.size);
  writer.text("code", failure.code);
  writer.text("message", failure.message);
  writer.text("detail", failure.detail);
  writer.number("attempts", static_cast<std::int64_t>(failure.attempts));
  writer.text("at", format_time(failure.at));
  writer.end();
  escape_display_controls(&text);
  return text;
}

const std::vector<std::string> failure_columns = {
    "key", "key_base64", "version_id", "size", "code", "message", "detail", "attempts", "at"};

std::string to_csv_row(const state::Failure& failure) {
  const bool text = is_valid_utf8(failure.key);
  return to_csv({text ? failure.key : "", text ? "" : base64_encode(as_bytes(failure.key)),
                 printable(failure.version_id), std::to_string(failure.size), failure.code,
                 failure.message, failure.detail, std::to_string(failure.attempts),
                 format_time(failure.at)});
}

std::string to_rows(const std::vector<state::Failure>& failures, bool first) {
  std::vector<std::vector<std::string>> rows;
  for (const state::Failure& failure : failures) {
    rows.push_back({printable(failure.key), std::to_string(failure.attempts),
                    failure.message + (failure.detail.empty() ? "" : " (" + failure.detail + ")")});
  }
  const std::string table = to_table({"KEY", ">ATTEMPTS", "REASON"}, rows);
  return first ? table : table.substr(table.find('\n') + 1);
}

// One page in the format that is wanted.
std::string to_page(const std::vector<state::Failure>& failures, const std::string& format,
                    bool first) {
  if (format == "table") return to_rows(failures, first);
  std::string text;
  for (const state::Failure& failure : failures) {
    if (format == "csv") {
      text += to_csv_row(failure);
    } else {
      text += (first && &failure == &failures.front() ? "\n" : ",\n") + to_json(failure);
    }
  }
  return text;
}

// The next page, of so many at most; empty at the end.
using NextPage = std::function<Result<std::vector<state::Failure>>(std::size_t count)>;

Result<void> print_pages(const RunFailuresCommand& command, const NextPage& next) {
  std::string text = command.format == "json"  ? "["
                     : command.format == "csv" ? to_csv(failure_columns)
                                               : "";
  const std::size_t count_max =
      command.count_max > 0 ? command.count_max : static_cast<std::size_t>(-1);
  for (std::size_t offset = 0; offset < count_max;) {
    auto page = next(std::min(page_size, count_max - offset));
    if (page.has_error()) return page.error();
    if (page->empty()) break;
    text += to_page(*page, command.format, offset == 0);
    offset += page->size();
    if (!put(text)) return Result<void>();  // finish_output() tells
    text.clear();
  }
  if (command.format == "json") text += "]\n";
  put(text);
  return Result<void>();
}

Result<void> print_at(const std::string& name, const RunFailuresCommand& command) {
  auto hub = open_hub(name);
  if (hub.has_error()) return hub.error();
  auto view = read_run(**hub, command.run);
  if (view.has_error()) return view.error();
  std::string cursor;
  bool is_first = true;
  return print_pages(command, [&](std::size_t count) -> Result<std::vector<state::Failure>> {
    if (!std::exchange(is_first, false) && cursor.empty()) return std::vector<state::Failure>();
    return read_failures(**hub, view->run.id, count, &cursor);
  });
}

Result<void> print(const RunFailuresCommand& command) {
  const auto hub = hub_of(command.database);
  if (hub.has_error()) return hub.error();
  if (!hub->empty()) return print_at(*hub, command);
  auto found = read_run(command.database, command.run);
  if (found.has_error()) return found.error();
  state::RunRecords& records = found->state->state().records();
  std::size_t offset = 0;
  return print_pages(command, [&](std::size_t count) {
    auto page = records.failures(found->view.run.id, offset, count);
    if (page.has_value()) offset += page->size();
    return page;
  });
}

}  // namespace

int run_failures(const RunFailuresCommand& command) {
  auto printed = print(command);
  return printed.has_error() ? print_error(printed.error()) : 0;
}

}  // namespace dth::cli
