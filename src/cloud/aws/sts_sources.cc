#include <algorithm>

#include "base/encoding.h"
#include "cloud/aws/read_small_file.h"
#include "cloud/aws/signed_request.h"
#include "cloud/aws/sts.h"

namespace dth::aws {
namespace {

using Answer = IdentityTransport::Answer;

constexpr std::size_t identity_token_size_max = 64 * 1024;

net::HttpRequest form_request() {
  net::HttpRequest request;
  request.method = "POST";
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"},
                     {"Accept", "application/xml"}};
  return request;
}

std::string session_name_of(const RoleRequest& role, const Clock& clock) {
  if (!role.session_name.empty()) return role.session_name;
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(clock.now().time_since_epoch());
  return "dth-" + std::to_string(seconds.count());
}

std::string tried(const RoleRequest& role, const StsPlace& sts) {
  return "cannot assume the role " + printable(role.role_arn.substr(0, 300)) + " at " +
         sts.origin.url();
}

class RoleSource final : public CredentialSource {
 public:
  RoleSource(IdentityServices services, std::shared_ptr<CredentialSource> base, RoleRequest role,
             StsPlace sts)
      : services_(services), base_(std::move(base)), role_(std::move(role)), sts_(std::move(sts)) {}

  Async<Result<Fetched>> fetch() override {
    auto base = co_await base_->fetch();
    if (base.has_error()) {
      Error error = base.error().with_context(tried(role_, sts_) + ": who is to assume it");
      // Whoever names a role wants no other identity in its place.
      if (error.code == ErrorCode::not_found) error.code = ErrorCode::invalid_argument;
      co_return error;
    }
    for (bool again = false;; again = true) {
      const TimePoint sent_at = services_.clock.now();
      auto answer = co_await send(base->credentials, sent_at);
      if (answer.has_error()) co_return answer.error().with_context(tried(role_, sts_));
      if (answer->status == 200) {
        auto fetched = parse_sts_answer(answer->text, answered_at(*answer, services_.clock));
        if (fetched.has_error()) co_return fetched.error().with_context(tried(role_, sts_));
        co_return fetched;
      }
      // STS says SignatureDoesNotMatch where the clocks differ, too.
      if (!again && learn_clock(answer->header("date"), sent_at, &clock_offset_)) continue;
      Error refusal = sts_refusal(answer->status, answer->text).with_context(tried(role_, sts_));
      for (std::string* text : {&refusal.message, &refusal.detail}) {
        redact(base->credentials.secret_access_key, text);
        redact(base->credentials.session_token, text);
      }
      co_return refusal;
    }
  }

 private:
  Async<Result<Answer>> send(const Credentials& caller, TimePoint now) {
    std::string form = sts_form(role_, session_name_of(role_, services_.clock), "");
    net::HttpRequest request = form_request();
    sign_request(caller, sts_.origin, form,
                 {.service = "sts", .region = sts_.region, .now = now + clock_offset_}, &request);
    co_return co_await ask(services_, sts_.origin, std::move(request), std::move(form),
                           IdentityTransport::Patience::service);
  }

  IdentityServices services_;
  std::shared_ptr<CredentialSource> base_;
  RoleRequest role_;
  StsPlace sts_;
  std::chrono::microseconds clock_offset_{0};
};

// A JSON Web Token, as far as its form tells (RFC 7515, 7.1). The person who
// names the file may not be allowed to read it, and also names the endpoint: nothing else is sent.
bool has_form_of_jwt(std::string_view text) {
  constexpr std::string_view json_object_begins = "eyJ";  // {" in base64url
  return text.starts_with(json_object_begins) && std::ranges::count(text, '.') == 2 &&
         !text.ends_with('.') && text.find("..") == text.npos &&
         std::ranges::all_of(text, [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '-' || c == '_' || c == '.';
         });
}

class WebIdentitySource final : public CredentialSource {
 public:
  WebIdentitySource(IdentityServices services, std::string token_file, RoleRequest role,
                    StsPlace sts)
      : services_(services),
        token_file_(std::move(token_file)),
        role_(std::move(role)),
        sts_(std::move(sts)) {}

  Async<Result<Fetched>> fetch() override {
    auto token = read_small_file(token_file_, identity_token_size_max);
    if (token.has_error()) co_return token.error().with_context("the web identity token");
    while (token->ends_with('\n') || token->ends_with('\r')) token->pop_back();
    if (!has_form_of_jwt(*token)) {
      co_return Error{ErrorCode::invalid_argument,
                      "the web identity token: " + token_file_ +
                          " holds no OpenID Connect token (three parts in base64url), so nothing "
                          "of it is sent: name the file with the token",
                      ""};
    }
    std::string form = sts_form(role_, session_name_of(role_, services_.clock), *token);
    auto answer = co_await ask(services_, sts_.origin, form_request(), std::move(form),
                               IdentityTransport::Patience::service);
    if (answer.has_error()) co_return answer.error().with_context(tried(role_, sts_));
    if (answer->status != 200) {
      Error refusal = sts_refusal(answer->status, answer->text).with_context(tried(role_, sts_));
      redact(*token, &refusal.detail);
      co_return refusal;
    }
    auto fetched = parse_sts_answer(answer->text, answered_at(*answer, services_.clock));
    if (fetched.has_error()) co_return fetched.error().with_context(tried(role_, sts_));
    co_return fetched;
  }

 private:
  IdentityServices services_;
  std::string token_file_;
  RoleRequest role_;
  StsPlace sts_;
};

}  // namespace

std::shared_ptr<CredentialSource> make_role_source(IdentityServices services,
                                                   std::shared_ptr<CredentialSource> base,
                                                   RoleRequest role, StsPlace sts) {
  return std::make_shared<RoleSource>(services, std::move(base), std::move(role), std::move(sts));
}

std::shared_ptr<CredentialSource> make_web_identity_source(IdentityServices services,
                                                           std::string token_file, RoleRequest role,
                                                           StsPlace sts) {
  return std::make_shared<WebIdentitySource>(services, std::move(token_file), std::move(role),
                                             std::move(sts));
}

}  // namespace dth::aws
