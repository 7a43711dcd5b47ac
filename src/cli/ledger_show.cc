#include <cstdio>

#include "cli/exit_code.h"
#include "cli/ledger_lines.h"

namespace dth::cli {

int run_ledger_show(const LedgerReadCommand& command) {
  const Error cannot_write{ErrorCode::unavailable, "standard output cannot be written", ""};
  std::string text;
  auto shown = read_lines(command, [&](const ledger::Line& line) -> Result<void> {
    text.clear();
    ledger::append_json(line, &text);
    return put(text) ? Result<void>() : Result<void>(cannot_write);
  });
  if (std::fflush(stdout) != 0 && shown.has_value()) shown = cannot_write;
  return shown.has_error() ? complain(shown.error()) : 0;
}

}  // namespace dth::cli
