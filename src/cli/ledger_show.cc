#include <cstdio>

#include "base/json_writer.h"
#include "cli/exit_code.h"
#include "cli/ledger_lines.h"
#include "cli/output.h"

namespace dth::cli {

int run_ledger_show(const LedgerReadCommand& command) {
  std::string text;
  bool writable = true;  // finish_output() tells where it is not
  auto shown = read_lines(command, [&](const ledger::Line& line) -> Result<void> {
    text.clear();
    ledger::append_json(line, &text);
    escape_display_controls(&text);
    writable = put(text);
    return writable ? Result<void>()
                    : Result<void>(Error{ErrorCode::cancelled, "nobody takes the lines", ""});
  });
  return writable && shown.has_error() ? print_error(shown.error()) : 0;
}

}  // namespace dth::cli
