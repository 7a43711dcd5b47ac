#include "state/postgres/work_listener.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace dth::state::postgres {
namespace {

constexpr std::chrono::milliseconds retry_pause_min{1'000}, retry_pause_max{60'000};
// Many announcements at a time are one.
constexpr std::chrono::milliseconds wake_interval{20};

}  // namespace

WorkListener::WorkListener(ConnectionPool& pool, std::function<void()> wake)
    : pool_(pool), wake_(std::move(wake)), stop_(::eventfd(0, EFD_CLOEXEC)) {
  // Without a descriptor nobody could end it.
  if (stop_ >= 0) thread_ = std::thread([this] { serve(); });
}

WorkListener::~WorkListener() {
  if (stop_ < 0) return;
  ::eventfd_write(stop_, 1);
  thread_.join();
  ::close(stop_);
}

void WorkListener::serve() {
  std::chrono::milliseconds retry_pause = retry_pause_min;
  do {
    retry_pause = listen() ? retry_pause_min : std::min(2 * retry_pause, retry_pause_max);
  } while (!pause(retry_pause));
}

bool WorkListener::listen() {
  auto connection = pool_.open_briefly();
  if (connection.has_error() || pause({})) return false;
  (*connection)->listen();
  if ((*connection)->failed()) return false;
  wake_();  // for what was missed
  for (;;) {
    auto is_announced = (*connection)->wait_for_work(stop_);
    if (is_announced.has_error() || !*is_announced) return true;
    wake_();
    if (pause(wake_interval)) return true;
  }
}

bool WorkListener::pause(std::chrono::milliseconds time) const {
  pollfd source{.fd = stop_, .events = POLLIN, .revents = 0};
  return ::poll(&source, 1, static_cast<int>(time.count())) > 0;
}

}  // namespace dth::state::postgres
