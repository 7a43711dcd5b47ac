#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "api/job_metrics.h"
#include "api/run_metrics.h"
#include "base/clock.h"

namespace dth::api {

// What the hub's budgets are at now, and what they refused since it started.
struct Budgets {
  std::uint64_t memory_held = 0, memory_max = 0, memory_refused = 0;
  std::uint64_t operations = 0, operations_waiting = 0;
  std::uint64_t operations_refused = 0;  // too many waited
  std::uint64_t operations_dropped = 0;  // cancelled while they waited
  std::uint64_t state_reads_waiting = 0;
  std::uint64_t subscriptions = 0;
  std::uint64_t cost_refused = 0;
  std::uint64_t clients = 0;
  std::uint64_t documents_prepared = 0;
  std::uint64_t document_cache_bytes = 0;
};

// What Prometheus is told (text exposition format 0.0.4,
// https://prometheus.io/docs/instrumenting/exposition_formats/). For one thread, the server's.
class Metrics {
 public:
  static constexpr std::string_view content_type = "text/plain; version=0.0.4; charset=utf-8";

  Metrics(const std::string& version, TimePoint started_at);
  ~Metrics();

  // A request was answered. `route` is one of few: never what a client made up.
  void count_request(std::string_view route, unsigned status, std::chrono::microseconds duration);
  // "query", "mutation", "subscription" or "invalid"; "ok", "partial" (data and errors) or
  // "refused" (no data).
  void count_operation(std::string_view kind, std::string_view outcome);
  void set_websockets(std::size_t open);
  // Asked whenever the metrics are.
  void set_connections(std::function<std::size_t()> open);
  // Those of jobs.
  JobMetrics& jobs();
  RunMetrics& runs();
  // Does the worker of this process work? Without a worker the metric is left out.
  void set_worker(std::function<bool()> works);
  void set_budgets(std::function<Budgets()> budgets);

  std::string text();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dth::api
