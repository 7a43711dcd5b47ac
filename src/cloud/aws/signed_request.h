#pragma once

#include <string_view>

#include "cloud/aws/credentials.h"
#include "net/client/http_client.h"

namespace dth::aws {

struct SigningScope {
  std::string_view service;  // "sts"
  std::string_view region;
  TimePoint now{};  // by the service's clock
};

// Adds date, session token and signature (Signature Version 4) to a request of one service whose
// path is "/" and that has no query. `request.headers` so far are signed.
void sign_request(const Credentials& caller, const net::HttpOrigin& origin, std::string_view body,
                  const SigningScope& scope, net::HttpRequest* request);

// Was a request refused because the clocks differ? Then `offset`, what the service's clock is ahead
// of ours, is corrected by the answer's Date, and the request may be sent again.
bool learn_clock(std::string_view date, TimePoint sent_at, std::chrono::microseconds* offset);

}  // namespace dth::aws
