#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace dth::api {

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

  std::string text();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dth::api
