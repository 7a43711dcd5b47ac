#include "plugins/object_copy/mirror/failures_of_run.h"

#include <algorithm>

#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {
namespace {

// Takes in a page of another run's failures.
void take_removals(const std::vector<state::Failure>& page, const std::vector<std::string>& chosen,
                   KeySet* keys, std::size_t* bytes) {
  for (const state::Failure& failure : page) {
    if (failure.step != step_remove) continue;
    if (!chosen.empty() && std::find(chosen.begin(), chosen.end(), failure.key) == chosen.end())
      continue;
    if (keys->insert(failure.key).second)
      *bytes += failure.key.size() + sizeof(KeySet::value_type) + 4 * sizeof(void*);
  }
}

}  // namespace

Async<Result<FailuresOfRun>> look_at_failures(engine::JobContext* context) {
  constexpr std::size_t page_size = 1'000;
  const std::string run = context->job().run;
  FailuresOfRun found;
  for (std::size_t offset = 0;; offset += page_size) {
    auto page = co_await context->with_state(
        [&](state::State& state) { return state.records().failures(run, offset, page_size); });
    if (page.has_error()) co_return page.error();
    for (const state::Failure& failure : *page) {
      if (failure.step == step_list) ++found.folders;
      if (failure.step == step_remove) ++found.removals;
      if (failure.step == step_listing) {
        found.contradiction =
            "the source lists objects and answers that it does not have them (see the failures): "
            "its listings do not show what it lacks";
      }
      if (failure.step == step_name) {
        found.contradiction =
            "the destination does not keep all names (see the failures): what it made of them "
            "cannot be told from what is extra";
      }
    }
    if (page->size() < page_size) co_return found;
  }
}

Async<Result<void>> leave_failures_out(engine::JobContext* context, const CopyOptions* options,
                                       Suspects* suspects) {
  constexpr std::size_t page_size = 1'000;
  const std::string run = context->job().run;
  for (std::size_t offset = 0;; offset += page_size) {
    auto page = co_await context->with_state(
        [&](state::State& state) { return state.records().failures(run, offset, page_size); });
    if (page.has_error()) co_return page.error();
    for (const state::Failure& failure : *page) {
      const std::string key = options->destination_key_of(failure.key);
      std::erase_if(suspects->missing, [&](const Extra& missing) { return missing.key == key; });
    }
    if (page->size() < page_size) co_return Result<void>();
  }
}

Async<Result<KeySet>> failed_removals(engine::JobContext* context, std::size_t bytes_max,
                                      std::string run, std::vector<std::string> chosen) {
  constexpr std::size_t page_size = 1'000;
  KeySet keys;
  std::size_t bytes = 0;
  for (std::size_t offset = 0;; offset += page_size) {
    auto page = co_await context->with_state(
        [&](state::State& state) { return state.records().failures(run, offset, page_size); });
    if (page.has_error()) co_return page.error();
    take_removals(*page, chosen, &keys, &bytes);
    if (page->size() < page_size) co_return keys;
    if (bytes <= bytes_max) continue;
    co_return Error{
        ErrorCode::invalid_argument,
        "so many removals failed in run " + run +
            " that they cannot be tried again by themselves: give the sync again, which "
            "finds them again",
        ""};
  }
}

}  // namespace dth::object_copy
