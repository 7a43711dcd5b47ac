#include <pugixml.hpp>

#include "base/encoding.h"
#include "base/zoned_time.h"
#include "cloud/aws/credential_json.h"
#include "cloud/aws/partitions.h"
#include "cloud/aws/sts.h"

namespace dth::aws {
namespace {

constexpr std::size_t message_size_max = 500;

struct Meaning {
  std::string_view sts_code;
  ErrorCode code;
  std::string_view text;
};

// https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
constexpr std::array meanings{
    Meaning{"AccessDenied", ErrorCode::permission_denied,
            "the role may not be assumed; check the role's trust policy, its external id, and what "
            "the caller is allowed to do"},
    Meaning{"AccessDeniedException", ErrorCode::permission_denied,
            "the role may not be assumed; check its trust policy"},
    Meaning{"NoSuchEntity", ErrorCode::permission_denied, "there is no such role"},
    Meaning{"ValidationError", ErrorCode::invalid_argument,
            "the role's ARN, the session's name, the external id or the duration is not valid"},
    Meaning{"InvalidParameterValue", ErrorCode::invalid_argument, "a value is not valid"},
    Meaning{"MissingParameter", ErrorCode::invalid_argument, "a value is missing"},
    Meaning{"RegionDisabledException", ErrorCode::permission_denied,
            "STS is not activated in this region for the account; choose another region"},
    Meaning{"ExpiredToken", ErrorCode::unauthenticated,
            "the session that the role is assumed with has expired"},
    Meaning{"ExpiredTokenException", ErrorCode::unauthenticated,
            "the token that the role is assumed with has expired"},
    Meaning{"InvalidIdentityToken", ErrorCode::unauthenticated,
            "the web identity token is not accepted"},
    Meaning{"IDPRejectedClaim", ErrorCode::unauthenticated,
            "the web identity token is not accepted"},
    Meaning{"IDPCommunicationError", ErrorCode::unavailable,
            "STS could not reach the identity provider"},
    Meaning{"InvalidClientTokenId", ErrorCode::unauthenticated,
            "the access key id that the role is assumed with is not known there"},
    Meaning{"SignatureDoesNotMatch", ErrorCode::unauthenticated,
            "the signature was not accepted; check the secret access key that the role is assumed "
            "with, and this machine's clock"},
    Meaning{"RequestExpired", ErrorCode::unauthenticated,
            "this machine's clock is too far from that of STS; set it right"},
    Meaning{"Throttling", ErrorCode::throttled, "STS asks to slow down"},
    Meaning{"ThrottlingException", ErrorCode::throttled, "STS asks to slow down"},
};

std::string clean(std::string_view text) { return printable(text.substr(0, message_size_max)); }

void append_parameter(std::string_view name, std::string_view value, std::string* form) {
  form->append("&").append(name).append("=").append(percent_encode(value, false));
}

// The element of that name, however deep; null where there is none.
pugi::xml_node find(const pugi::xml_document& document, const char* name) {
  return document.find_node(
      [name](const pugi::xml_node& node) { return std::string_view(node.name()) == name; });
}

// "arn:aws-cn:iam::1:role/x" -> the partition aws-cn; null where it is not AWS's.
const Partition* partition_of_arn(std::string_view arn) {
  if (!arn.starts_with("arn:")) return nullptr;
  const std::string_view name = arn.substr(4, arn.find(':', 4) - 4);
  for (const Partition& partition : partitions()) {
    if (partition.name == name) return &partition;
  }
  return nullptr;
}

}  // namespace

Result<StsPlace> find_sts(const StsSettings& settings, std::string_view role_arn) {
  StsPlace place;
  place.region = settings.region;
  const Partition* partition = partition_of_arn(role_arn);
  if (!settings.endpoint_url.empty()) {
    auto origin = net::parse_origin(settings.endpoint_url);
    if (origin.has_error())
      return std::move(origin.error())
          .with_context(settings.endpoint_from.empty() ? "the STS endpoint"
                                                       : settings.endpoint_from);
    place.origin = std::move(*origin);
    if (place.region.empty()) place.region = partition ? partition->region_first : "us-east-1";
    return place;
  }
  if (!partition) {
    return Error{ErrorCode::invalid_argument,
                 "the role's ARN '" + clean(role_arn) +
                     "' is of no AWS partition; write it as arn:aws:iam::ACCOUNT:role/NAME, or "
                     "name the STS endpoint that knows it",
                 ""};
  }
  if (find_partition(place.region) != partition) place.region = partition->region_first;
  if (settings.legacy_global && partition->name == "aws") {
    return StsPlace{net::HttpOrigin{"sts.amazonaws.com", 443, true}, "us-east-1"};
  }
  auto host = sts_host(place.region);
  if (host.has_error()) return host.error();
  place.origin.host = std::move(*host);
  return place;
}

std::string sts_form(const RoleRequest& role, const std::string& session_name,
                     std::string_view web_identity_token) {
  std::string form = "Version=2011-06-15";
  append_parameter("Action",
                   web_identity_token.empty() ? "AssumeRole" : "AssumeRoleWithWebIdentity", &form);
  append_parameter("RoleArn", role.role_arn, &form);
  append_parameter("RoleSessionName", session_name, &form);
  if (role.duration)
    append_parameter("DurationSeconds", std::to_string(role.duration->count()), &form);
  if (!role.external_id.empty()) append_parameter("ExternalId", role.external_id, &form);
  if (!web_identity_token.empty()) append_parameter("WebIdentityToken", web_identity_token, &form);
  return form;
}

Result<CredentialSource::Fetched> parse_sts_answer(std::string_view xml, TimePoint now) {
  pugi::xml_document document;
  const auto loaded = document.load_buffer(xml.data(), xml.size());
  const pugi::xml_node given = loaded ? find(document, "Credentials") : pugi::xml_node();
  CredentialSource::Fetched fetched;
  fetched.credentials = {given.child_value("AccessKeyId"), given.child_value("SecretAccessKey"),
                         given.child_value("SessionToken")};
  const auto end = parse_zoned_time(given.child_value("Expiration"));
  if (fetched.credentials.access_key_id.empty() || fetched.credentials.secret_access_key.empty() ||
      fetched.credentials.session_token.empty() || !end) {
    return Error{ErrorCode::data_corrupted,
                 "its answer holds no credentials with an end; check that an STS is there", ""};
  }
  fetched.lifetime = *end - now;
  return fetched;
}

Error sts_refusal(int status, std::string_view xml) {
  pugi::xml_document document;
  document.load_buffer(xml.data(), xml.size());
  const pugi::xml_node error = find(document, "Error");
  const std::string code = error.child_value("Code");
  const std::string message = error.child_value("Message");
  const auto meaning = std::find_if(meanings.begin(), meanings.end(),
                                    [&](const Meaning& known) { return known.sts_code == code; });
  Error result{status == 429 ? ErrorCode::throttled : ErrorCode::permission_denied,
               "it answered with status " + std::to_string(status), ""};
  if (meaning != meanings.end()) {
    result.code = meaning->code;
    result.message = meaning->text;
  }
  result.detail = code.empty() ? "HTTP " + std::to_string(status) : clean(code);
  if (!message.empty()) result.detail += ": " + clean(message);
  return result;
}

}  // namespace dth::aws
