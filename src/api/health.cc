#include "api/health.h"

#include <algorithm>

namespace dth::api {

namespace {

// Readers of /readyz have not signed in: the exact error is in the log.
constexpr std::string_view unreadable = "it cannot be read; the hub's log says why";

}  // namespace

Async<std::optional<std::string>> StateHealth::state_fault() {
  const auto now = clock_.monotonic_now();
  if (looked_at_ && now - *looked_at_ < kept_for) co_return fault_;
  const bool is_first = !looked_at_;
  if (!is_first) looked_at_ = now;  // the others are told what was found before
  auto checked = co_await run_blocking(blocking_, [this]() -> Result<void> {
    auto runs = state_.runs().list_runs(1);
    if (runs.has_error()) return runs.error();
    return Result<void>();
  });
  fault_ = checked.has_error() ? std::optional<std::string>(unreadable) : std::nullopt;
  if (checked.has_error()) log_.warning("the state", {{"problem", checked.error().to_string()}});
  looked_at_ = clock_.monotonic_now();
  co_return fault_;
}

net::ServerResponse text_answer(unsigned status, std::string text) {
  net::ServerResponse answer;
  answer.status = status;
  answer.headers.add("Content-Type", "text/plain; charset=utf-8");
  answer.headers.add("Cache-Control", "no-store");
  answer.body = std::move(text);
  return answer;
}

net::ServerResponse readiness(const std::vector<HealthCheck>& checks, bool verbose) {
  const bool is_ready = std::none_of(checks.begin(), checks.end(), [](const HealthCheck& check) {
    return check.fault.has_value() && check.kind == HealthCheck::Kind::need;
  });
  if (!verbose) return text_answer(is_ready ? 200 : 503, is_ready ? "ok\n" : "not ready\n");
  std::string text;
  for (const HealthCheck& check : checks)
    text += (!check.fault                            ? "[+] "
             : check.kind == HealthCheck::Kind::need ? "[-] "
                                                     : "[!] ") +
            check.name + (check.fault ? ": " + *check.fault : " ok") + "\n";
  return text_answer(is_ready ? 200 : 503, text + (is_ready ? "ready\n" : "not ready\n"));
}

bool has_parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    if (pair.substr(0, pair.find('=')) == name) return true;
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
  }
  return false;
}

}  // namespace dth::api
