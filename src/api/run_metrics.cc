#include "api/run_metrics.h"

#include <algorithm>
#include <string>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace dth::api {
namespace {

prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

void raise_to(prometheus::Counter& counter, std::int64_t total) {
  counter.Increment(std::max(0.0, static_cast<double>(total) - counter.Value()));
}

}  // namespace

struct RunMetrics::Impl {
  explicit Impl(prometheus::Registry& registry)
      : runs(prometheus::BuildGauge()
                 .Name("dth_runs")
                 .Help("Runs that are not over, by state.")
                 .Register(registry)),
        bytes(counter(registry, "dth_run_bytes_total",
                      "Bytes that runs copied since this hub started, by all workers.")),
        items(counter(registry, "dth_run_items_total",
                      "Items that runs dealt with since this hub started, by all workers.")),
        retries(counter(registry, "dth_run_retries_total",
                        "Requests of runs that were tried again since this hub started.")),
        failures(counter(registry, "dth_run_failures_total",
                         "Items of runs that failed since this hub started.")) {}

  prometheus::Family<prometheus::Gauge>& runs;
  prometheus::Counter &bytes, &items, &retries, &failures;
};

RunMetrics::RunMetrics(prometheus::Registry& registry) : impl_(std::make_unique<Impl>(registry)) {}
RunMetrics::~RunMetrics() = default;

void RunMetrics::set_depths(const std::optional<Depths>& depths) {
  using enum state::RunState;
  for (const state::RunState of : {queued, running, waiting, paused}) {
    prometheus::Gauge& gauge = impl_->runs.Add({{"state", std::string(to_string(of))}});
    if (!depths) impl_->runs.Remove(&gauge);
  }
  if (!depths) return;
  for (const auto& [of, count] : depths->runs)
    impl_->runs.Add({{"state", std::string(to_string(of))}}).Set(static_cast<double>(count));
}

void RunMetrics::set_totals(const state::SeriesPoint& totals) {
  raise_to(impl_->bytes, totals.bytes);
  raise_to(impl_->items, totals.items);
  raise_to(impl_->retries, totals.retries);
  raise_to(impl_->failures, totals.failures);
}

}  // namespace dth::api
