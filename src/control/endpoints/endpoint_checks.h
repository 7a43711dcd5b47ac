#pragma once

#include <string>
#include <vector>

#include "base/clock.h"
#include "objects/store_opener.h"

namespace dth::control {

// What a test of an endpoint looks at, in this order.
enum class CheckName {
  address,
  connection,
  tls,
  credential,
  clock,
  list_buckets,
  list,
  read,
  write,
  remove,
};
inline constexpr int check_count = static_cast<int>(CheckName::remove) + 1;

enum class CheckState { passed, warning, failed, not_tried };

struct EndpointCheck {
  CheckName name = CheckName::address;
  CheckState state = CheckState::not_tried;
  std::optional<std::chrono::milliseconds> time = {};
  std::string detail = {};
  std::string error = {};
  std::string advice = {};
  std::string missing_permission = {};  // "s3:ListBucket"
  std::string vendor_code = {};
  std::string request_id = {};
};

struct EndpointTestRequest {
  objects::Endpoint endpoint = {};
  bool has_server = true;
  std::string bucket = {};  // empty: none
  std::string prefix = {};
  bool reads = true;
  bool writes = false;
};

struct EndpointTestReport {
  TimePoint at{};
  std::chrono::milliseconds time{};
  std::vector<EndpointCheck> checks;  // each name once
  std::string identity = {};
  std::optional<std::chrono::milliseconds> clock_ahead = {};

  bool ok() const;  // no check failed
};

// Tests the endpoint, on a lane. Each check has some seconds; after the first failure that makes
// the rest pointless they are not tried. What it writes has a random name under the prefix, and is
// removed again, whatever became of the write. Nothing in the report is a secret. It always
// succeeds: what cannot be opened is a check that failed.
Async<Result<EndpointTestReport>> test_endpoint(objects::LaneOpener& lane, Clock& clock,
                                                EndpointTestRequest request);

// The report as it is kept: the type EndpointTest of the API.
std::string to_json(const EndpointTestReport& report);

}  // namespace dth::control
