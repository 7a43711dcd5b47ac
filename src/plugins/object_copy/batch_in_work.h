#pragma once

#include <vector>

#include "base/async_scope.h"
#include "engine/adaptive_limit.h"
#include "engine/job_runner.h"

namespace dth::object_copy {

// A batch of items in work: coroutines take them off one by one, and what is done is recorded every
// two seconds, so that a process that is killed again and again still gets on.
class BatchInWork {
 public:
  BatchInWork(engine::JobContext& context, Executor executor, engine::AdaptiveLimit& in_flight,
              std::size_t size);
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
  virtual state::Counts take_request_counts() = 0;

  // We are not let in any more: nothing more is begun, what is done is recorded, what is left is
  // handed on, and the worker stops with this error.
  void halt(const Error& error) {
    if (!halt_) halt_ = error;
  }

  engine::JobContext& context() const { return context_; }
  engine::Finished& finished() { return finished_; }  // since the last record

 private:
  Async<void> keep_record();
  Async<void> take_items();
  std::vector<Left> rest(bool working) const;

  engine::JobContext& context_;
  Executor executor_;
  engine::AdaptiveLimit& in_flight_;
  std::vector<bool> settled_;  // recorded, in finished_ or before
  std::size_t next_ = 0;       // the first that was not begun
  engine::Finished finished_;
  std::optional<Error> failure_;  // the record could not be written
  std::optional<Error> halt_;
};

}  // namespace dth::object_copy
