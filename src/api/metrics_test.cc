#include "api/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dth::api {
namespace {

using testing::HasSubstr;

TEST(Metrics, ArePrometheusText) {
  Metrics metrics("1.2.3", TimePoint(std::chrono::seconds(1000)));
  metrics.count_request("/graphql", 200, std::chrono::microseconds(700));
  metrics.count_request("/graphql", 200, std::chrono::microseconds(3000));
  metrics.count_request("other", 404, std::chrono::microseconds(1));
  metrics.count_operation("query", "ok");
  metrics.set_websockets(7);
  metrics.set_connections([] { return std::size_t{9}; });
  metrics.set_budgets([] { return Budgets{.memory_held = 5, .cost_refused = 3}; });
  const std::string text = metrics.text();
  for (const char* line :
       {"# TYPE dth_http_requests_total counter\n",
        "dth_http_requests_total{route=\"/graphql\",status=\"200\"} 2\n",
        "dth_http_requests_total{route=\"other\",status=\"404\"} 1\n",
        "# TYPE dth_http_request_duration_seconds histogram\n",
        "dth_http_request_duration_seconds_bucket{route=\"/graphql\",le=\"0.001\"} 1\n",
        "dth_http_request_duration_seconds_count{route=\"/graphql\"} 2\n",
        "dth_graphql_operations_total{kind=\"query\",outcome=\"ok\"} 1\n", "dth_websockets 7\n",
        "dth_http_connections 9\n", "dth_api_memory_bytes 5\n", "dth_api_cost_refused_total 3\n",
        "dth_build_info{version=\"1.2.3\"} 1\n", "process_start_time_seconds 1000\n",
        "# TYPE process_cpu_seconds_total counter\n", "process_resident_memory_bytes ",
        "process_open_fds ", "process_max_fds "}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST(Metrics, RunsAreTold) {
  Metrics metrics("1", TimePoint());
  metrics.runs().set_depths(
      Depths{.jobs = {}, .runs = {{state::RunState::running, 3}, {state::RunState::waiting, 1}}});
  metrics.runs().set_totals({.bytes = 4096, .items = 5, .retries = 2, .failures = 1});
  std::string text = metrics.text();
  for (const char* line :
       {"dth_runs{state=\"running\"} 3\n", "dth_runs{state=\"waiting\"} 1\n",
        "dth_runs{state=\"paused\"} 0\n", "dth_run_bytes_total 4096\n", "dth_run_items_total 5\n",
        "dth_run_retries_total 2\n", "dth_run_failures_total 1\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  metrics.runs().set_depths(std::nullopt);
  metrics.runs().set_totals({.bytes = 4000});
  text = metrics.text();
  EXPECT_EQ(text.find("dth_runs{"), text.npos) << "unknown is not zero";
  EXPECT_THAT(text, HasSubstr("dth_run_bytes_total 4096\n"));
}

TEST(Metrics, ProcessorTimeNeverFalls) {
  Metrics metrics("1", TimePoint());
  const auto cpu = [&] {
    const std::string text = metrics.text();
    const std::string_view name = "\nprocess_cpu_seconds_total ";
    return std::stod(text.substr(text.find(name) + name.size()));
  };
  const double before = cpu();
  EXPECT_GT(before, 0);
  EXPECT_GE(cpu(), before);
}

}  // namespace
}  // namespace dth::api
