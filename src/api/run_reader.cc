#include "api/run_reader.h"

#include <algorithm>
#include <new>

namespace dth::api {

bool looks_same(const RunView& a, const RunView& b) {
  const state::Run &x = a.run, &y = b.run;
  const auto same_backlog = [](const auto& one, const auto& other) {
    return one.first == other.first && one.second.jobs == other.second.jobs &&
           one.second.items == other.second.items;
  };
  return a.status == b.status && x.counts == y.counts && x.ended_at == y.ended_at &&
         x.error == y.error &&
         std::equal(a.backlog.begin(), a.backlog.end(), b.backlog.begin(), b.backlog.end(),
                    same_backlog);
}

template <class Function>
Async<std::invoke_result_t<Function&>> RunReader::read(std::string client, Function function) {
  auto place = co_await queue_.enter(std::move(client));
  if (place.has_error()) co_return place.error();
  // Nothing may be thrown on the executor's thread.
  const auto work = [&function]() -> std::invoke_result_t<Function&> {
    try {
      return function();
    } catch (const std::bad_alloc&) {
      return Error{ErrorCode::throttled,
                   "the hub has no memory left to read the state: try again in a moment", ""};
    }
  };
  co_return co_await run_blocking(blocking_, work);
}

Async<Result<RunView>> RunReader::find(std::string id, std::string client) {
  const auto work = [&] { return reader_.find(id); };
  co_return co_await read(std::move(client), work);
}

Async<Result<RunView>> RunReader::progress(std::string id, std::string client) {
  const auto work = [&] { return reader_.progress(id); };
  co_return co_await read(std::move(client), work);
}

Async<Result<std::vector<RunView>>> RunReader::list(std::string after, std::size_t count_max,
                                                    std::string client) {
  const auto work = [&] { return reader_.list(after, count_max); };
  auto runs = co_await read(std::move(client), work);
  if (runs.has_error() && runs.error().code == ErrorCode::not_found) {
    co_return Error{ErrorCode::invalid_argument,
                    "\"after\" is the cursor of a run that is not there any more: begin with "
                    "the first page",
                    ""};
  }
  co_return runs;
}

Async<Result<std::vector<state::Failure>>> RunReader::failures(std::string id, std::size_t offset,
                                                               std::size_t count_max,
                                                               std::string client) {
  const auto work = [&] { return state_.records().failures(id, offset, count_max); };
  co_return co_await read(std::move(client), work);
}

}  // namespace dth::api
