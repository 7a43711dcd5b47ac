#include "cli/process_stop.h"

#include <csignal>
#include <cstdlib>

#include <boost/asio/redirect_error.hpp>

#include "cli/exit_code.h"

namespace dth::cli {

void GracefulStop::look(engine::WorkerProcess* process, bool is_wanted) {
  const MonotonicTime now = clock_.monotonic_now();
  if ((is_wanted || process->failure()) && !cancel_at_) {
    cancel_at_ = now + grace_;
    process->request_stop();
  }
  if (cancel_at_ && now >= *cancel_at_) process->cancel();
}

Async<void> ProcessStop::listen() {
  for (;;) {
    boost::system::error_code failure;
    co_await signals_.async_wait(boost::asio::redirect_error(use_async, failure));
    if (failure) co_return;
    if (interrupted_) std::_Exit(exit_interrupted);
    interrupted_ = true;
    wake();
    on_interrupt_();
  }
}

}  // namespace dth::cli
