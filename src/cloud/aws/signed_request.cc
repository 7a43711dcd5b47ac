#include "cloud/aws/signed_request.h"

#include "base/hash.h"
#include "cloud/aws/sigv4.h"
#include "net/http_date.h"

namespace dth::aws {
namespace {

constexpr std::chrono::minutes clock_skew_min{5};

}  // namespace

void sign_request(const Credentials& caller, const net::HttpOrigin& origin, std::string_view body,
                  const SigningScope& scope, net::HttpRequest* request) {
  request->headers.push_back({"X-Amz-Date", format_amz_date(scope.now)});
  if (!caller.session_token.empty())
    request->headers.push_back({"X-Amz-Security-Token", caller.session_token});
  const std::string digest = hash(HashAlgorithm::sha256, as_bytes(body)).hex();
  const std::string host = origin.authority();
  const std::string region(scope.region);
  const SigningInput input{.method = request->method,
                           .host = host,
                           .path = "/",
                           .query = "",
                           .headers = request->headers,
                           .payload_hash = digest,
                           .region = region};
  Signer signer{std::string(scope.service)};
  request->headers.push_back(
      {"Authorization", signer.sign(caller, input, scope.now).authorization});
}

bool learn_clock(std::string_view date, TimePoint sent_at, std::chrono::microseconds* offset) {
  const auto told = net::parse_http_date(date);
  if (!told) return false;
  const auto now_offset = *told - sent_at;
  const auto change = now_offset - *offset;
  if (change < clock_skew_min && change > -clock_skew_min) return false;
  *offset = now_offset;
  return true;
}

}  // namespace dth::aws
