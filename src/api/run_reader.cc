#include "api/run_reader.h"

#include <algorithm>

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

Async<Result<RunView>> RunReader::find(std::string id, std::string client) {
  const auto work = [&](state::State&) { return reader_.find(id); };
  co_return co_await state_.read(std::move(client), work);
}

Async<Result<RunView>> RunReader::progress(std::string id, std::string client) {
  const auto work = [&](state::State&) { return reader_.progress(id); };
  co_return co_await state_.read(std::move(client), work);
}

Async<Result<runs::RunPage>> RunReader::page(std::shared_ptr<const runs::RunListFilter> filter,
                                             state::RunOrder order,
                                             std::optional<state::RunPosition> after,
                                             std::size_t count_max, std::string client) {
  const auto work = [&](state::State&) { return reader_.page(*filter, order, after, count_max); };
  co_return co_await state_.read(std::move(client), work);
}

Async<Result<std::optional<std::int64_t>>> RunReader::count(
    std::shared_ptr<const runs::RunListFilter> filter, std::string client) {
  const auto work = [&](state::State&) { return reader_.count(*filter); };
  co_return co_await state_.read(std::move(client), work);
}

}  // namespace dth::api
