// A report as it is kept and shown.
#include <algorithm>
#include <array>

#include <boost/json.hpp>

#include "base/json_writer.h"
#include "control/endpoints/endpoint_checks.h"

namespace dth::control {
namespace {

std::string_view name_of(CheckName name) {
  constexpr std::array<std::string_view, check_count> names = {
      "ADDRESS",      "CONNECTION", "TLS",  "CREDENTIAL", "CLOCK",
      "LIST_BUCKETS", "LIST",       "READ", "WRITE",      "DELETE"};
  return names[static_cast<std::size_t>(name)];
}

std::string_view name_of(CheckState state) {
  constexpr std::array<std::string_view, 4> names = {"PASSED", "WARNING", "FAILED", "NOT_TRIED"};
  return names[static_cast<std::size_t>(state)];
}

boost::json::value text_or_nothing(const std::string& text) {
  return text.empty() ? boost::json::value() : boost::json::value(boost::json::string(text));
}

template <class T>
boost::json::value number_or_nothing(const std::optional<T>& time) {
  return time ? boost::json::value(time->count()) : boost::json::value();
}

}  // namespace

bool EndpointTestReport::ok() const {
  return std::ranges::none_of(
      checks, [](const EndpointCheck& check) { return check.state == CheckState::failed; });
}

std::string to_json(const EndpointTestReport& report) {
  boost::json::object object;
  object["at"] = format_time(report.at);
  object["ok"] = report.ok();
  object["milliseconds"] = report.time.count();
  object["identity"] = text_or_nothing(report.identity);
  object["clockSkewMilliseconds"] = number_or_nothing(report.clock_ahead);
  auto& checks = object["checks"].emplace_array();
  for (const EndpointCheck& check : report.checks) {
    boost::json::object one;
    one["name"] = name_of(check.name);
    one["state"] = name_of(check.state);
    one["milliseconds"] = number_or_nothing(check.time);
    one["detail"] = text_or_nothing(check.detail);
    one["error"] = text_or_nothing(check.error);
    one["advice"] = text_or_nothing(check.advice);
    one["missingPermission"] = text_or_nothing(check.missing_permission);
    one["vendorCode"] = text_or_nothing(check.vendor_code);
    one["requestId"] = text_or_nothing(check.request_id);
    checks.push_back(std::move(one));
  }
  return write_json(object);
}

}  // namespace dth::control
