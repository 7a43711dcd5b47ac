#include "state/sqlite/work_watcher.h"

#include <algorithm>

namespace dth::state::sqlite {
namespace {

constexpr std::chrono::milliseconds look_interval_min{50}, look_interval_max{250};

// Nothing where it cannot be told.
std::optional<std::int64_t> data_version(Database& database) {
  std::optional<std::int64_t> version;
  {
    Query query = database.query("pragma data_version");
    if (query.next()) version = query.integer(0);
  }
  if (database.take_error()) return std::nullopt;
  return version;
}

}  // namespace

WorkWatcher::WorkWatcher(std::string path, std::function<void()> wake)
    : path_(std::move(path)), wake_(std::move(wake)), thread_([this] { serve(); }) {}

WorkWatcher::~WorkWatcher() {
  {
    const std::lock_guard lock(mutex_);
    stops_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void WorkWatcher::serve() {
  auto database = Database::open(path_, Database::Access::read_only);
  if (database.has_error()) return;
  std::chrono::milliseconds pause = look_interval_min;
  std::optional<std::int64_t> seen;
  for (;;) {
    const auto version = data_version(**database);
    const bool is_changed = version && version != seen;
    if (is_changed) wake_();
    if (version) seen = version;
    pause = is_changed ? look_interval_min : std::min(pause * 2, look_interval_max);
    std::unique_lock lock(mutex_);
    if (changed_.wait_for(lock, pause, [this] { return stops_; })) return;
  }
}

}  // namespace dth::state::sqlite
