#include "api/job_metrics.h"

#include <algorithm>
#include <map>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace dth::api {
namespace {

using Labels = std::map<std::string, std::string>;
using GaugeFamily = prometheus::Family<prometheus::Gauge>;

double seconds(std::chrono::duration<double> time) {
  return std::chrono::duration<double>(time).count();
}

GaugeFamily& gauges(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}

}  // namespace

struct JobMetrics::Impl {
  explicit Impl(prometheus::Registry& registry)
      : jobs(gauges(registry, "dth_jobs",
                    "Jobs of all runs that are not over: ready, or leased by a worker.")),
        items(gauges(registry, "dth_job_items", "Items, such as objects, that those jobs are of.")),
        oldest(gauges(registry, "dth_oldest_job_age_seconds",
                      "Age of the oldest job that nobody holds.")),
        held(gauges(registry, "dth_worker_jobs", "Jobs that the hub's own worker holds.")),
        slots(gauges(registry, "dth_worker_job_slots",
                     "Jobs that the hub's own worker may hold of one run.")),
        busy(prometheus::BuildCounter()
                 .Name("dth_worker_busy_seconds_total")
                 .Help("Time that jobs were held by the hub's own worker, all jobs added up.")
                 .Register(registry)) {}

  void set(GaugeFamily& family, Labels labels, double value) {
    prometheus::Gauge& gauge = family.Add(labels);
    gauge.Set(value);
    of_queue.emplace_back(&family, &gauge);
  }

  GaugeFamily &jobs, &items, &oldest, &held, &slots;
  prometheus::Family<prometheus::Counter>& busy;
  std::vector<std::pair<GaugeFamily*, prometheus::Gauge*>> of_queue;  // set_queue() replaces them
};

JobMetrics::JobMetrics(prometheus::Registry& registry) : impl_(std::make_unique<Impl>(registry)) {}
JobMetrics::~JobMetrics() = default;

void JobMetrics::set_queue(const std::optional<std::vector<state::QueueDepth>>& depths) {
  for (const auto& [family, gauge] : impl_->of_queue) family->Remove(gauge);
  impl_->of_queue.clear();
  if (!depths) return;
  for (const state::QueueDepth& depth : *depths) {
    const Labels kind = {{"run_kind", depth.run_kind}, {"kind", depth.kind}};
    Labels ready = kind, leased = kind;
    ready["state"] = "ready";
    leased["state"] = "leased";
    impl_->set(impl_->jobs, ready, static_cast<double>(depth.ready));
    impl_->set(impl_->jobs, leased, static_cast<double>(depth.leased));
    impl_->set(impl_->items, kind, static_cast<double>(depth.items));
    if (depth.oldest_age) impl_->set(impl_->oldest, kind, seconds(*depth.oldest_age));
  }
}

void JobMetrics::set_use(const std::vector<engine::JobUse::OfKind>& use) {
  for (const engine::JobUse::OfKind& kind : use) {
    const Labels labels = {{"kind", kind.kind}};
    impl_->held.Add(labels).Set(static_cast<double>(kind.held));
    if (kind.slots > 0) impl_->slots.Add(labels).Set(static_cast<double>(kind.slots));
    prometheus::Counter& busy = impl_->busy.Add(labels);
    busy.Increment(std::max(0.0, seconds(kind.busy) - busy.Value()));
  }
}

}  // namespace dth::api
