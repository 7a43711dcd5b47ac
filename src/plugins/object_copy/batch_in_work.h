#pragma once

#include <vector>

#include "base/async_scope.h"
#include "base/retry.h"
#include "base/wakeable_sleep.h"
#include "engine/job_runner.h"
#include "plugins/object_copy/lane_context.h"

namespace dth::object_copy {

// A batch of items in work: coroutines take them off one by one, and what is done is recorded every
// two seconds, so that a process that is killed again and again still gets on.
class BatchInWork {
 public:
  BatchInWork(LaneContext& lane, engine::JobContext& context, std::size_t size);
  virtual ~BatchInWork() = default;

  // Works until every item is settled, or a stop; what is left is handed on as a job. To be called
  // once.
  Async<Result<engine::Finished>> work(std::uint32_t at_once_max);

 protected:
  struct Left {
    std::size_t index;
    bool in_flight;  // begun, and its end is not known yet
  };

  // Does one item and puts its end into finished(). False: it was stopped, and is handed on.
  virtual Async<bool> settle(std::size_t index) = 0;
  // A job of these items.
  virtual state::NewJob job_of(const std::vector<Left>& left) const = 0;
  // That settling the item moved.
  virtual std::uint64_t bytes_of(std::size_t) const { return 0; }

  // Before work(): settles the first item that was not begun.
  Async<void> settle_next();
  std::size_t begun() const { return next_; }

  // Did an item that ended with this error not come to its end? It was stopped; or we are not let
  // in any more, so that nothing more is begun, what is done is recorded, what is left is handed
  // on, and the worker stops with this error.
  bool is_left(const Error& error, const RetryReport& report);
  // The job ends with this error.
  void fail(Error error) { failure_ = std::move(error); }
  // Nothing more is begun, and what is left is handed on.
  void close() { closed_ = true; }
  bool has_to_end() const { return closed_ || failure_ || halt_; }

  LaneContext& lane_;
  engine::JobContext& context_;
  engine::Finished finished_;  // since the last record

 private:
  Async<void> keep_record();
  Async<void> take_items();
  bool may_go_on() const;
  std::vector<Left> rest(bool working) const;

  std::vector<bool> settled_;  // recorded, in finished_ or before
  WakeableSleep until_record_;
  bool has_ended_ = false;  // all items are settled or left
  std::size_t next_ = 0;    // the first that was not begun
  bool closed_ = false;
  std::optional<Error> failure_;  // the record could not be written
  std::optional<Error> halt_;
};

}  // namespace dth::object_copy
