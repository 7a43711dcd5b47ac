#pragma once

#include <functional>
#include <memory>

#include <boost/json.hpp>

#include "base/clock.h"
#include "graphql/execution/resolvers.h"

namespace dth::api {

// What a subscription shows: how it looks, to be compared with what was sent before, and what is
// sent. `sign` is any text that changes exactly when a client would be shown something else.
struct Polled {
  std::string sign;
  graphql::Resolved event;
};
using Poll = std::function<Async<Result<Polled>>()>;

struct PollOptions {
  std::chrono::milliseconds interval{1000};
  bool sends_first = true;  // the present state at once; otherwise only changes
};

// Events of something that has to be asked: it is polled while a client waits for the next event,
// and sent when it has changed. Nothing is queued: a slow client gets the newest state. Ends only
// with its client, or with an error that is not for a moment.
std::unique_ptr<graphql::EventStream> poll_stream(Clock& clock, Poll poll, PollOptions options);

}  // namespace dth::api
