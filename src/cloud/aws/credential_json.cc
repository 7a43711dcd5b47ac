#include "cloud/aws/credential_json.h"

#include "base/json_reader.h"
#include "base/zoned_time.h"

namespace dth::aws {
namespace {

std::string text_of(const boost::json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  const auto* text = value ? value->if_string() : nullptr;
  return text ? std::string(text->data(), text->size()) : "";
}

struct KeyNames {
  std::string_view id, secret, token, end;
};
constexpr KeyNames kept_key_names[] = {
    {"access_key_id", "secret_access_key", "session_token", "expiration"},
    {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"},
};

}  // namespace

Result<CredentialSource::Fetched> parse_kept_keys(std::string_view text, TimePoint now,
                                                  std::string_view what) {
  const auto wrong = [&](std::string_view problem) {
    return Error{ErrorCode::invalid_argument, std::string(what) + " " + std::string(problem), ""};
  };
  const auto document = parse_json(text, what);
  const auto* object = document.has_error() ? nullptr : document->if_object();
  if (!object) return wrong("is not a JSON object");
  for (const KeyNames& names : kept_key_names) {
    CredentialSource::Fetched fetched;
    fetched.credentials = {text_of(*object, names.id), text_of(*object, names.secret),
                           text_of(*object, names.token)};
    if (fetched.credentials.access_key_id.empty() || fetched.credentials.secret_access_key.empty())
      continue;
    const std::string expiration = text_of(*object, names.end);
    if (expiration.empty()) return fetched;
    const auto end = parse_zoned_time(expiration);
    if (!end) return wrong("has an expiration that is not a time");
    fetched.lifetime = *end - now;
    return fetched;
  }
  return wrong(
      "has neither access_key_id and secret_access_key nor AccessKeyId and SecretAccessKey");
}

Result<CredentialSource::Fetched> parse_credential_json(std::string_view text,
                                                        CredentialDialect dialect, TimePoint now,
                                                        std::string_view what) {
  const auto wrong = [&](std::string_view problem) {
    return Error{ErrorCode::data_corrupted, std::string(what) + " " + std::string(problem), ""};
  };
  const auto document = parse_json(text, what);
  const auto* object = document.has_error() ? nullptr : document->if_object();
  if (!object) return wrong("is no JSON object");
  if (dialect == CredentialDialect::process) {
    const auto* version = object->if_contains("Version");
    if (!version || !version->is_int64() || version->as_int64() != 1) {
      return wrong("has not \"Version\": 1, which is the only one that is known");
    }
  } else if (const std::string code = text_of(*object, "Code");
             !code.empty() && code != "Success") {
    return wrong("says that it has none (its Code is not Success)");
  }
  CredentialSource::Fetched fetched;
  Credentials& credentials = fetched.credentials;
  credentials.access_key_id = text_of(*object, "AccessKeyId");
  credentials.secret_access_key = text_of(*object, "SecretAccessKey");
  credentials.session_token =
      text_of(*object, dialect == CredentialDialect::process ? "SessionToken" : "Token");
  if (credentials.access_key_id.empty() || credentials.secret_access_key.empty()) {
    return wrong("lacks AccessKeyId or SecretAccessKey");
  }
  const std::string expiration = text_of(*object, "Expiration");
  if (expiration.empty()) return fetched;
  const auto end = parse_zoned_time(expiration);
  if (!end) return wrong("has an Expiration that is no time");
  fetched.lifetime = *end - now;
  return fetched;
}

}  // namespace dth::aws
