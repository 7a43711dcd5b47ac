#include "cloud/aws/secrets_manager.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "cloud/aws/credential_json.h"
#include "cloud/aws/partitions.h"
#include "cloud/aws/signed_request.h"

namespace dth::aws {
namespace {

using Answer = IdentityTransport::Answer;

constexpr std::size_t refusal_text_max = 500;

struct SecretMeaning {
  std::string_view service_code;
  ErrorCode code;
  std::string_view text;
};

// https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html
constexpr std::array secret_meanings{
    SecretMeaning{"ResourceNotFoundException", ErrorCode::invalid_argument,
                  "there is no such secret in this region; check its name and the region"},
    SecretMeaning{"AccessDeniedException", ErrorCode::permission_denied,
                  "it may not be read; allow secretsmanager:GetSecretValue (and kms:Decrypt, where "
                  "it has a key of its own) to the credential that asks"},
    SecretMeaning{"AccessDenied", ErrorCode::permission_denied, "it may not be read"},
    SecretMeaning{"DecryptionFailure", ErrorCode::permission_denied,
                  "its key of KMS may not be used; allow kms:Decrypt to the credential that asks"},
    SecretMeaning{"InvalidRequestException", ErrorCode::invalid_argument,
                  "it cannot be read in its present state: it may be scheduled for deletion"},
    SecretMeaning{"InvalidParameterException", ErrorCode::invalid_argument,
                  "its name is not valid"},
    SecretMeaning{"UnrecognizedClientException", ErrorCode::unauthenticated,
                  "the access key id that asks is not known there"},
    SecretMeaning{"InvalidSignatureException", ErrorCode::unauthenticated,
                  "the signature was not accepted; check the secret access key that asks, and this "
                  "machine's clock"},
    SecretMeaning{"ExpiredTokenException", ErrorCode::unauthenticated,
                  "the session that asks has expired"},
    SecretMeaning{"ThrottlingException", ErrorCode::throttled, "Secrets Manager asks to slow down"},
    SecretMeaning{"InternalServiceError", ErrorCode::unavailable,
                  "Secrets Manager has a failure of its own"},
};

std::string field_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* text = value ? value->if_string() : nullptr;
  return text ? std::string(text->data(), text->size()) : "";
}

// "arn:aws:secretsmanager:eu-west-1:1:secret:x" -> "eu-west-1"; empty for what is no ARN.
std::string region_of_arn(const std::string& arn) {
  if (!arn.starts_with("arn:")) return "";
  std::size_t begin = 0;
  for (int colon = 0; colon < 3; ++colon) {
    begin = arn.find(':', begin);
    if (begin == arn.npos) return "";
    ++begin;
  }
  return arn.substr(begin, arn.find(':', begin) - begin);
}

std::string looked_for(const SecretPlace& place) {
  return "the secret " + printable(place.secret_id.substr(0, 300)) + " of " + place.origin.url();
}

class SecretsManagerSource final : public CredentialSource {
 public:
  SecretsManagerSource(IdentityServices services, std::shared_ptr<CredentialSource> base,
                       SecretPlace place)
      : services_(services), base_(std::move(base)), place_(std::move(place)) {}

  Async<Result<Fetched>> fetch() override {
    auto base = co_await base_->fetch();
    if (base.has_error()) {
      Error error = base.error().with_context(looked_for(place_) + ": the credential that asks");
      if (error.code == ErrorCode::not_found) error.code = ErrorCode::invalid_argument;
      co_return error;
    }
    for (bool again = false;; again = true) {
      const TimePoint sent_at = services_.clock.now();
      auto answer = co_await send(base->credentials, sent_at);
      if (answer.has_error()) co_return answer.error().with_context(looked_for(place_));
      if (answer->status == 200) {
        auto fetched = parse_secret_answer(answer->text, answered_at(*answer, services_.clock),
                                           looked_for(place_));
        if (fetched.has_error()) co_return fetched;
        const std::chrono::microseconds longest = secret_lifetime;
        fetched->lifetime = std::min(fetched->lifetime.value_or(longest), longest);
        co_return fetched;
      }
      if (!again && learn_clock(answer->header("date"), sent_at, &clock_offset_)) continue;
      Error refusal =
          secrets_manager_refusal(answer->status, answer->text).with_context(looked_for(place_));
      for (std::string* text : {&refusal.message, &refusal.detail}) {
        redact(base->credentials.secret_access_key, text);
        redact(base->credentials.session_token, text);
      }
      co_return refusal;
    }
  }

 private:
  Async<Result<Answer>> send(const Credentials& caller, TimePoint now) {
    std::string body = write_json(boost::json::object{{"SecretId", place_.secret_id}});
    net::HttpRequest request;
    request.method = "POST";
    request.headers = {{"Content-Type", "application/x-amz-json-1.1"},
                       {"X-Amz-Target", "secretsmanager.GetSecretValue"}};
    sign_request(caller, place_.origin, body,
                 {.service = "secretsmanager", .region = place_.region, .now = now + clock_offset_},
                 &request);
    co_return co_await ask(services_, place_.origin, std::move(request), std::move(body),
                           IdentityTransport::Patience::service);
  }

  IdentityServices services_;
  std::shared_ptr<CredentialSource> base_;
  SecretPlace place_;
  std::chrono::microseconds clock_offset_{0};
};

}  // namespace

Result<SecretPlace> find_secret_place(const std::string& secret_id, const std::string& region,
                                      const std::string& endpoint_url) {
  SecretPlace place{.secret_id = secret_id, .origin = {}, .region = region_of_arn(secret_id)};
  if (place.secret_id.empty()) {
    return Error{ErrorCode::invalid_argument, "the secret has no name: give its name or its ARN",
                 ""};
  }
  if (place.region.empty()) place.region = region;
  if (!endpoint_url.empty()) {
    auto origin = net::parse_origin(endpoint_url);
    if (origin.has_error())
      return std::move(origin.error()).with_context("the endpoint of Secrets Manager");
    place.origin = std::move(*origin);
    if (place.region.empty()) place.region = "us-east-1";
    return place;
  }
  if (place.region.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "the region of the secret is not known: give it, or name the secret by its ARN",
                 ""};
  }
  auto host = secrets_manager_host(place.region);
  if (host.has_error()) return host.error();
  place.origin.host = std::move(*host);
  return place;
}

std::shared_ptr<CredentialSource> make_secrets_manager_source(
    IdentityServices services, std::shared_ptr<CredentialSource> base, SecretPlace place) {
  return std::make_shared<SecretsManagerSource>(services, std::move(base), std::move(place));
}

Result<CredentialSource::Fetched> parse_secret_answer(std::string_view json, TimePoint now,
                                                      std::string_view what) {
  const auto wrong = [&](ErrorCode code, std::string_view problem) {
    return Error{code, std::string(what) + ": " + std::string(problem), ""};
  };
  const auto document = parse_json(json, what);
  const auto* object = document.has_error() ? nullptr : document->if_object();
  if (!object)
    return wrong(ErrorCode::data_corrupted, "the answer is not one of Secrets Manager's");
  if (object->if_contains("SecretString") == nullptr) {
    return object->if_contains("SecretBinary") != nullptr
               ? wrong(ErrorCode::invalid_argument, "it is binary: store a JSON text in it")
               : wrong(ErrorCode::data_corrupted, "the answer is not one of Secrets Manager's");
  }
  return parse_kept_keys(field_of(*object, "SecretString"), now, what);
}

Error secrets_manager_refusal(int status, std::string_view json) {
  std::string code, message;
  if (const auto document = parse_json(json, "the refusal");
      document.has_value() && document->is_object()) {
    const auto& object = document->get_object();
    code = field_of(object, "__type");
    // "com.amazonaws.secretsmanager#ResourceNotFoundException"
    code = code.substr(code.find('#') + 1);
    message = field_of(object, object.if_contains("message") ? "message" : "Message");
  }
  Error result{status == 429   ? ErrorCode::throttled
               : status >= 500 ? ErrorCode::unavailable
                               : ErrorCode::permission_denied,
               "it answered with status " + std::to_string(status), ""};
  const auto meaning =
      std::find_if(secret_meanings.begin(), secret_meanings.end(),
                   [&](const SecretMeaning& known) { return known.service_code == code; });
  if (meaning != secret_meanings.end()) {
    result.code = meaning->code;
    result.message = meaning->text;
  }
  const auto clean = [](const std::string& text) {
    return printable(std::string_view(text).substr(0, refusal_text_max));
  };
  result.detail = code.empty() ? "HTTP " + std::to_string(status) : clean(code);
  if (!message.empty()) result.detail += ": " + clean(message);
  return result;
}

}  // namespace dth::aws
