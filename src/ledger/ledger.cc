#include "ledger/ledger.h"

namespace dth::ledger {

Async<Result<state::Segment>> Ledger::write(std::string run, LineBuffer lines,
                                            BlockingExecutor& blocking) {
  co_return co_await run_blocking(blocking, [&] { return append(run, lines); });
}

}  // namespace dth::ledger
