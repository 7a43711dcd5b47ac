#include "api/metrics.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <vector>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <sys/resource.h>
#include <unistd.h>

namespace dth::api {
namespace {

using Labels = std::map<std::string, std::string>;
using Key = std::pair<std::string, std::string>;

prometheus::Gauge& add_gauge(prometheus::Registry& registry, const char* name, const char* help,
                             const Labels& labels = {}) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(labels);
}

double resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t total = 0, resident = 0;
  statm >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double open_files() {
  std::error_code failure;
  std::filesystem::directory_iterator files("/proc/self/fd", failure);
  return failure ? 0
                 : static_cast<double>(std::distance(begin(files), end(files))) -
                       1;  // without the one that looks
}

double open_files_max() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return static_cast<double>(limit.rlim_cur);
}

}  // namespace

struct Metrics::Impl {
  prometheus::Registry registry;
  prometheus::Family<prometheus::Counter>& requests =
      prometheus::BuildCounter()
          .Name("dth_http_requests_total")
          .Help("Requests answered, by route and status.")
          .Register(registry);
  prometheus::Family<prometheus::Histogram>& durations =
      prometheus::BuildHistogram()
          .Name("dth_http_request_duration_seconds")
          .Help("From a request's end to its answer's.")
          .Register(registry);
  prometheus::Family<prometheus::Counter>& operations =
      prometheus::BuildCounter()
          .Name("dth_graphql_operations_total")
          .Help("GraphQL operations, by kind and outcome.")
          .Register(registry);
  prometheus::Gauge& connections = add_gauge(registry, "dth_http_connections", "Open connections.");
  prometheus::Gauge& websockets = add_gauge(registry, "dth_websockets", "Open WebSockets.");
  prometheus::Gauge& start_time = add_gauge(registry, "process_start_time_seconds",
                                            "When the hub started, in seconds since 1970.");
  prometheus::Gauge& resident =
      add_gauge(registry, "process_resident_memory_bytes", "Memory in use.");
  prometheus::Gauge& files = add_gauge(registry, "process_open_fds", "Open file descriptors.");
  prometheus::Gauge& files_max =
      add_gauge(registry, "process_max_fds", "File descriptors that may be open.");
  prometheus::Counter& cpu = prometheus::BuildCounter()
                                 .Name("process_cpu_seconds_total")
                                 .Help("Processor time used.")
                                 .Register(registry)
                                 .Add({});
  prometheus::Counter& add_counter(const char* name, const char* help) {
    return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
  }
  std::function<std::size_t()> open_connections = [] { return std::size_t{0}; };
  std::function<bool()> worker_works;
  prometheus::Gauge* worker_up = nullptr;
  JobMetrics jobs{registry};
  RunMetrics runs{registry};
  std::function<Budgets()> budgets;
  std::vector<std::pair<std::uint64_t Budgets::*, prometheus::Gauge*>> budget_gauges;
  std::vector<std::pair<std::uint64_t Budgets::*, prometheus::Counter*>> budget_counters;
  void add_budgets();
  // The library looks series up by all their labels, under a lock: here they are found by a short
  // key.
  std::map<Key, prometheus::Counter*> requests_known, operations_known;
  std::map<std::string, prometheus::Histogram*> durations_known;
};

void Metrics::Impl::add_budgets() {
  const auto gauge = [this](std::uint64_t Budgets::*value, const char* name, const char* help) {
    budget_gauges.emplace_back(value, &add_gauge(registry, name, help));
  };
  const auto counter = [this](std::uint64_t Budgets::*value, const char* name, const char* help) {
    budget_counters.emplace_back(value, &add_counter(name, help));
  };
  gauge(&Budgets::memory_held, "dth_api_memory_bytes",
        "Held by requests, messages and answers in flight.");
  gauge(&Budgets::memory_max, "dth_api_memory_max_bytes", "What they may hold: api_memory_max.");
  gauge(&Budgets::operations, "dth_api_operations", "Operations that are executed.");
  gauge(&Budgets::operations_waiting, "dth_api_operations_waiting", "Operations that wait.");
  gauge(&Budgets::state_reads_waiting, "dth_api_state_reads_waiting",
        "Reads of the state that wait.");
  gauge(&Budgets::subscriptions, "dth_api_subscriptions", "Open subscriptions.");
  gauge(&Budgets::clients, "dth_api_clients", "Clients of which something is remembered.");
  gauge(&Budgets::document_cache_bytes, "dth_graphql_document_cache_bytes",
        "Memory of the prepared documents that are kept.");
  counter(&Budgets::memory_refused, "dth_api_memory_refused_total",
          "Times that the memory of the API was used up.");
  counter(&Budgets::operations_refused, "dth_api_operations_refused_total",
          "Operations refused because too many waited.");
  counter(&Budgets::operations_dropped, "dth_api_operations_dropped_total",
          "Operations that were stopped while they waited.");
  counter(&Budgets::cost_refused, "dth_api_cost_refused_total",
          "Operations refused because their client was over its cost per second.");
  counter(&Budgets::documents_prepared, "dth_graphql_documents_prepared_total",
          "GraphQL documents that were parsed and validated.");
}

Metrics::Metrics(const std::string& version, TimePoint started_at)
    : impl_(std::make_unique<Impl>()) {
  add_gauge(impl_->registry, "dth_build_info", "The version, as a label; always 1.",
            {{"version", version}})
      .Set(1);
  impl_->add_budgets();
  impl_->start_time.Set(std::chrono::duration<double>(started_at.time_since_epoch()).count());
}

Metrics::~Metrics() = default;

void Metrics::count_request(std::string_view route, unsigned status,
                            std::chrono::microseconds duration) {
  prometheus::Counter*& counter =
      impl_->requests_known[{std::string(route), std::to_string(status)}];
  if (counter == nullptr)
    counter =
        &impl_->requests.Add({{"route", std::string(route)}, {"status", std::to_string(status)}});
  counter->Increment();
  prometheus::Histogram*& histogram = impl_->durations_known[std::string(route)];
  if (histogram == nullptr) {
    histogram = &impl_->durations.Add(
        {{"route", std::string(route)}},
        prometheus::Histogram::BucketBoundaries{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                                0.1, 0.25, 0.5, 1, 2.5, 5, 10});
  }
  histogram->Observe(std::chrono::duration<double>(duration).count());
}

void Metrics::count_operation(std::string_view kind, std::string_view outcome) {
  prometheus::Counter*& counter =
      impl_->operations_known[{std::string(kind), std::string(outcome)}];
  if (counter == nullptr)
    counter =
        &impl_->operations.Add({{"kind", std::string(kind)}, {"outcome", std::string(outcome)}});
  counter->Increment();
}

void Metrics::set_websockets(std::size_t open) { impl_->websockets.Set(static_cast<double>(open)); }

void Metrics::set_connections(std::function<std::size_t()> open) {
  impl_->open_connections = std::move(open);
}

JobMetrics& Metrics::jobs() { return impl_->jobs; }
RunMetrics& Metrics::runs() { return impl_->runs; }

void Metrics::set_worker(std::function<bool()> works) {
  impl_->worker_works = std::move(works);
  impl_->worker_up = &add_gauge(impl_->registry, "dth_worker_up",
                                "1 while the hub's own worker executes runs, or could.");
}

void Metrics::set_budgets(std::function<Budgets()> budgets) { impl_->budgets = std::move(budgets); }

std::string Metrics::text() {
  if (impl_->budgets) {
    const Budgets now = impl_->budgets();
    for (const auto& [value, gauge] : impl_->budget_gauges)
      gauge->Set(static_cast<double>(now.*value));
    for (const auto& [value, counter] : impl_->budget_counters)
      counter->Increment(std::max(0.0, static_cast<double>(now.*value) - counter->Value()));
  }
  if (impl_->worker_up != nullptr) impl_->worker_up->Set(impl_->worker_works() ? 1 : 0);
  impl_->connections.Set(static_cast<double>(impl_->open_connections()));
  impl_->resident.Set(resident_bytes());
  impl_->files.Set(open_files());
  impl_->files_max.Set(open_files_max());
  impl_->cpu.Increment(std::max(0.0, cpu_seconds() - impl_->cpu.Value()));
  return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

}  // namespace dth::api
