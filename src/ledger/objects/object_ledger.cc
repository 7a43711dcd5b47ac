#include "ledger/objects/object_ledger.h"

#include "ledger/file.h"
#include "ledger/objects/stored_object.h"

namespace dth::ledger {
namespace {

// Names that somebody else has taken. Ours begin with an id that is used once.
constexpr int name_attempts_max = 5;

ObjectLedgerOptions with_plain_name(ObjectLedgerOptions options) {
  options.worker_name = plain_worker_name(std::move(options.worker_name));
  return options;
}

}  // namespace

ObjectLedger::ObjectLedger(BlockingStore& store, ObjectLedgerOptions options)
    : store_(store), options_(with_plain_name(std::move(options))) {}

Result<state::Segment> ObjectLedger::append(const std::string& run, const LineBuffer& lines) {
  auto frame = make_frame(run, lines);
  if (frame.has_error()) return frame.error();
  state::Segment segment = frame->segment;
  std::unique_lock lock(mutex_);
  ++appends_;
  const std::shared_ptr<Batch> batch = add_to_batch(run, *frame, &segment.offset);
  const bool is_first = segment.offset == 0;
  const auto is_full = [&] { return batch->lines >= options_.lines_enough; };
  // This thread has nothing else to do, so that no clock of a lane is needed.
  if (is_first)
    changed_.wait_for(lock, options_.collect_time, [&] { return is_full() || is_stopping_; });
  const bool is_due = is_first || is_full();
  if (is_due && !batch->is_taken) {
    write_batch(run, batch, &lock);
  } else {
    changed_.wait(lock, [&] { return batch->is_done; });
  }
  --appends_;
  if (batch->failure) return *batch->failure;
  segment.file = batch->name;
  return segment;
}

void ObjectLedger::request_stop() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  changed_.notify_all();
  store_.request_stop();
}

std::vector<std::string> ObjectLedger::waiting() const {
  auto what = store_.waiting();
  return what ? std::vector<std::string>{std::move(*what)} : std::vector<std::string>();
}

unsigned ObjectLedger::appends_under_way() const {
  const std::lock_guard lock(mutex_);
  return appends_;
}

// The batch that these bytes are in, and where. Who is first in one writes it, or who fills it.
std::shared_ptr<ObjectLedger::Batch> ObjectLedger::add_to_batch(const std::string& run,
                                                                const Frame& frame,
                                                                std::uint64_t* offset) {
  auto& open = open_[run];
  if (open && open->bytes.size() + frame.bytes.size() > options_.object_size_bytes_max)
    open.reset();
  if (!open) open = std::make_shared<Batch>();
  *offset = open->bytes.size();
  open->bytes += frame.bytes;
  open->lines += frame.segment.items;
  return open;
}

// Once there is room for one more write. Until then others add to it.
void ObjectLedger::write_batch(const std::string& run, std::shared_ptr<Batch> batch,
                               std::unique_lock<std::mutex>* lock) {
  batch->is_taken = true;
  changed_.wait(*lock, [&] { return writes_ < options_.writes_max; });
  ++writes_;
  if (const auto open = open_.find(run); open != open_.end() && open->second == batch)
    open_.erase(open);
  lock->unlock();
  auto stored = store_batch(run, std::move(batch->bytes));
  lock->lock();
  --writes_;
  if (stored.has_error()) {
    batch->failure = stored.error();
  } else {
    batch->name = std::move(*stored);
  }
  batch->is_done = true;
  changed_.notify_all();
}

// The name of the object.
Result<std::string> ObjectLedger::store_batch(const std::string& run, std::string bytes) {
  NewObject object{.bytes = std::move(bytes), .content_type = "application/zstd"};
  const BlockingStore::Operation<void> operation = [&object](objects::ObjectStore& store) {
    return store_object(&store, &object);
  };
  for (int attempt = 1;; ++attempt) {
    std::uint64_t number = 0;
    {
      const std::lock_guard lock(mutex_);
      number = ++number_;
    }
    const std::string name =
        options_.worker_name + "-" + std::to_string(number) + std::string(file_suffix);
    object.key = options_.prefix + run + "/" + name;
    auto stored = store_.call(operation);
    if (stored.has_value()) return name;
    if (stored.error().code == ErrorCode::already_exists && attempt < name_attempts_max) continue;
    if (is_given_up(stored.error())) return stored.error();
    return std::move(stored.error())
        .with_context("the ledger " + options_.place + " cannot be written");
  }
}

}  // namespace dth::ledger
