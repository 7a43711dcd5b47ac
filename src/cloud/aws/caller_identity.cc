#include "cloud/aws/caller_identity.h"

#include <pugixml.hpp>

#include "base/encoding.h"
#include "cloud/aws/signed_request.h"

namespace dth::aws {
namespace {

constexpr std::string_view form = "Version=2011-06-15&Action=GetCallerIdentity";
constexpr std::size_t arn_size_max = 2048;

net::HttpRequest identity_request(const Credentials& caller, const StsPlace& sts, TimePoint now) {
  net::HttpRequest request;
  request.method = "POST";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                     {"Accept", "application/xml"}};
  const SigningScope scope{.service = "sts", .region = sts.region, .now = now};
  sign_request(caller, sts.origin, form, scope, &request);
  return request;
}

Result<std::string> parse_identity(std::string_view xml) {
  pugi::xml_document document;
  document.load_buffer(xml.data(), xml.size());
  const std::string arn = document.child("GetCallerIdentityResponse")
                              .child("GetCallerIdentityResult")
                              .child_value("Arn");
  if (arn.starts_with("arn:") && arn.size() <= arn_size_max) return printable(arn);
  return Error{ErrorCode::data_corrupted, "its answer does not say who asks", ""};
}

}  // namespace

Async<Result<std::string>> ask_caller_identity(IdentityServices services,
                                               std::shared_ptr<const Credentials> caller,
                                               StsPlace sts) {
  const std::string tried = "asking " + sts.origin.url() + " who signs";
  std::chrono::microseconds clock_offset{0};
  for (bool again = false;; again = true) {
    const TimePoint sent_at = services.clock.now();
    net::HttpRequest request = identity_request(*caller, sts, sent_at + clock_offset);
    auto answer = co_await ask(services, sts.origin, std::move(request), std::string(form),
                               IdentityTransport::Patience::service);
    if (answer.has_error()) co_return answer.error().with_context(tried);
    if (answer->status == 200) {
      auto arn = parse_identity(answer->text);
      if (arn.has_error()) co_return arn.error().with_context(tried);
      co_return arn;
    }
    if (!again && learn_clock(answer->header("date"), sent_at, &clock_offset)) continue;
    Error refusal = sts_refusal(answer->status, answer->text).with_context(tried);
    for (std::string* text : {&refusal.message, &refusal.detail}) {
      redact(caller->secret_access_key, text);
      redact(caller->session_token, text);
    }
    co_return refusal;
  }
}

}  // namespace dth::aws
