#include "options/option.h"
#include "plugins/object_copy/copy_options.h"
#include "plugins/object_copy/option_table.h"
#include "plugins/object_copy/plugin.h"

namespace dth::object_copy {
namespace {

// More than a process should hold connections for.
constexpr std::uint64_t concurrency_max = 4096;
// Of a process that finds the number itself: each transfer takes 60 to 80 KiB where the way is
// long, and a worker shall stay below 256 MiB.
constexpr std::uint64_t concurrency_automatic_max = 2048;
constexpr std::uint64_t attempts_max = 100;
constexpr std::chrono::seconds answer_timeout_min{1};
constexpr std::chrono::hours answer_timeout_max{24};

}  // namespace

Result<CopyTuning> parse_copy_tuning(const options::Values& spec) {
  CopyTuning tuning;
  const auto concurrency = size_of(spec, "concurrency");
  if (concurrency > concurrency_max) {
    return Error{ErrorCode::invalid_argument,
                 "--concurrency: from 1 to 4096, or 0: as many as prove best", ""};
  }
  const auto attempts = size_of(spec, "attempts");
  if (attempts < 1 || attempts > attempts_max)
    return Error{ErrorCode::invalid_argument, "--attempts: from 1 to 100", ""};
  tuning.attempts_max = static_cast<std::uint32_t>(attempts);
  tuning.unreachable_timeout =
      options::parse_duration(value_of(spec, "unreachable-timeout")).value();  // validated
  const std::chrono::seconds answer_timeout =
      options::parse_duration(value_of(spec, "answer-timeout")).value();  // validated
  if (answer_timeout < answer_timeout_min || answer_timeout > answer_timeout_max) {
    return Error{ErrorCode::invalid_argument,
                 "invalid value \"" + value_of(spec, "answer-timeout") +
                     "\" for --answer-timeout: expected 1s to 1d",
                 ""};
  }
  tuning.concurrency_automatic = concurrency == 0;
  tuning.objects_in_flight_max =
      static_cast<std::uint32_t>(concurrency == 0 ? concurrency_automatic_max : concurrency);
  return tuning;
}

}  // namespace dth::object_copy
