#include "objects/s3/errors.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <pugixml.hpp>

#include "base/encoding.h"

namespace dth::objects::s3 {
namespace {

constexpr std::size_t message_size_max = 500;

struct Meaning {
  std::string_view vendor_code;
  ErrorCode code;
  std::string_view text;  // what went wrong and what to do; empty: the server's own words
  ErrorReason reason = ErrorReason::unspecified;
};

constexpr std::array meanings{
    Meaning{"NoSuchBucket", ErrorCode::not_found,
            "the bucket does not exist; check its name and the endpoint",
            ErrorReason::bucket_missing},
    Meaning{"NoSuchKey", ErrorCode::not_found, "there is no such object",
            ErrorReason::object_missing},
    Meaning{"NoSuchVersion", ErrorCode::not_found, "there is no such version of the object",
            ErrorReason::version_missing},
    Meaning{"NoSuchUpload", ErrorCode::not_found,
            "the multipart upload does not exist: it was completed or aborted",
            ErrorReason::upload_missing},
    Meaning{"AccessDenied", ErrorCode::permission_denied,
            "access is denied; check the policies of the user and of the bucket"},
    Meaning{"AllAccessDisabled", ErrorCode::permission_denied,
            "all access to this bucket is disabled"},
    Meaning{"AccountProblem", ErrorCode::permission_denied, "there is a problem with the account"},
    Meaning{"InvalidObjectState", ErrorCode::permission_denied,
            "the object is archived; restore it before it can be read",
            ErrorReason::object_archived},
    Meaning{"KMS.DisabledException", ErrorCode::permission_denied, "the KMS key is disabled"},
    Meaning{"InvalidAccessKeyId", ErrorCode::unauthenticated,
            "the access key id is not known there; check the credentials and the endpoint"},
    Meaning{"SignatureDoesNotMatch", ErrorCode::unauthenticated,
            "the signature was not accepted; check the secret access key"},
    Meaning{"AuthorizationHeaderMalformed", ErrorCode::unauthenticated,
            "the signature's form was not accepted; check the region"},
    Meaning{"ExpiredToken", ErrorCode::unauthenticated,
            "the session has expired; get new credentials, or a profile or role that renews them"},
    Meaning{"ExpiredTokenException", ErrorCode::unauthenticated,
            "the session has expired; get new credentials, or a profile or role that renews them"},
    Meaning{"InvalidToken", ErrorCode::unauthenticated,
            "the session token is not valid; get new credentials"},
    Meaning{"TokenRefreshRequired", ErrorCode::unauthenticated,
            "the session must be renewed; get new credentials"},
    Meaning{"RequestTimeTooSkewed", ErrorCode::unauthenticated,
            "this machine's clock is too far from the server's; set it right"},
    Meaning{"RequestExpired", ErrorCode::unauthenticated,
            "this machine's clock is too far from the server's; set it right"},
    Meaning{"SlowDown", ErrorCode::throttled, "the store asks to slow down"},
    Meaning{"Throttling", ErrorCode::throttled, "the store asks to slow down"},
    Meaning{"ThrottlingException", ErrorCode::throttled, "the store asks to slow down"},
    Meaning{"TooManyRequests", ErrorCode::throttled, "the store asks to slow down"},
    Meaning{"TooManyRequestsException", ErrorCode::throttled, "the store asks to slow down"},
    Meaning{"RequestLimitExceeded", ErrorCode::throttled, "the store asks to slow down"},
    Meaning{"BandwidthLimitExceeded", ErrorCode::throttled, "the store asks to slow down"},
    Meaning{"ServiceUnavailable", ErrorCode::unavailable, "the store is not available just now"},
    Meaning{"InternalError", ErrorCode::unavailable, "the store failed inside; try again"},
    Meaning{"OperationAborted", ErrorCode::unavailable,
            "another operation on it is under way; try again"},
    Meaning{"RequestTimeout", ErrorCode::timeout, "the server waited too long for the body"},
    Meaning{"IncompleteBody", ErrorCode::unavailable, "the body did not arrive whole"},
    Meaning{"PreconditionFailed", ErrorCode::precondition_failed,
            "the object is not what it was thought to be"},
    Meaning{"ConditionalRequestConflict", ErrorCode::precondition_failed,
            "another write to the same key was under way"},
    Meaning{"BadDigest", ErrorCode::data_corrupted,
            "the bytes that arrived do not match the digest that was sent"},
    Meaning{"InvalidDigest", ErrorCode::invalid_argument, "the digest that was sent is not one"},
    Meaning{"XAmzContentSHA256Mismatch", ErrorCode::data_corrupted,
            "the bytes that arrived do not match the signed SHA-256"},
    Meaning{"XAmzContentChecksumMismatch", ErrorCode::data_corrupted,
            "the bytes that arrived do not match the checksum that was sent"},
    Meaning{"InvalidPart", ErrorCode::invalid_argument,
            "a part is missing or is not the one that was uploaded", ErrorReason::part_missing},
    Meaning{"InvalidPartOrder", ErrorCode::invalid_argument, "the parts were not in order"},
    Meaning{"EntityTooSmall", ErrorCode::invalid_argument,
            "a part is smaller than the store allows"},
    Meaning{"EntityTooLarge", ErrorCode::invalid_argument, "it is larger than the store allows"},
    Meaning{"KeyTooLongError", ErrorCode::invalid_argument,
            "the key is longer than the store allows"},
    Meaning{"InvalidBucketName", ErrorCode::invalid_argument,
            "the bucket's name is not valid there"},
    Meaning{"InvalidRange", ErrorCode::invalid_argument, "the range lies beyond the object's end"},
    Meaning{"MetadataTooLarge", ErrorCode::invalid_argument,
            "the user metadata is larger than the store allows"},
    Meaning{"InvalidStorageClass", ErrorCode::invalid_argument,
            "the store does not have this storage class"},
    Meaning{"AccessControlListNotSupported", ErrorCode::invalid_argument,
            "the bucket takes no ACLs: its owner owns every object in it; write without an ACL"},
    Meaning{"BucketAlreadyOwnedByYou", ErrorCode::already_exists, "the bucket is there already",
            ErrorReason::bucket_owned},
    Meaning{"RestoreAlreadyInProgress", ErrorCode::unavailable,
            "a restore of the object is under way", ErrorReason::restore_in_progress},
    Meaning{"BucketAlreadyExists", ErrorCode::already_exists,
            "a bucket of that name belongs to somebody else"},
    Meaning{"InvalidLocationConstraint", ErrorCode::invalid_argument,
            "the store has no region of that name"},
    Meaning{"InvalidTag", ErrorCode::invalid_argument, "the store does not take these tags"},
    Meaning{"KMS.NotFoundException", ErrorCode::invalid_argument,
            "there is no such KMS key, or not in the bucket's region"},
    Meaning{"QuotaExceeded", ErrorCode::permission_denied, "the store's quota is used up",
            ErrorReason::destination_full},
    Meaning{"XMinioAdminBucketQuotaExceeded", ErrorCode::permission_denied,
            "the bucket's quota is used up", ErrorReason::destination_full},
    Meaning{"XMinioStorageFull", ErrorCode::permission_denied, "the store's disks are full",
            ErrorReason::destination_full},
    Meaning{"NotImplemented", ErrorCode::unsupported,
            "the store does not implement what was asked"},
    Meaning{"MethodNotAllowed", ErrorCode::unsupported, "the store does not allow this operation"},
    Meaning{"PermanentRedirect", ErrorCode::invalid_argument,
            "the bucket is served by another endpoint; use that one"},
    Meaning{"TemporaryRedirect", ErrorCode::unavailable,
            "the store redirects to another endpoint just now"},
};

const Meaning* find_meaning(std::string_view vendor_code) {
  const auto found = std::find_if(meanings.begin(), meanings.end(), [&](const Meaning& meaning) {
    return meaning.vendor_code == vendor_code;
  });
  return found == meanings.end() ? nullptr : found;
}

ErrorCode code_of_status(int status) {
  switch (status) {
    case 401:
      return ErrorCode::unauthenticated;
    case 403:
      return ErrorCode::permission_denied;
    case 404:
      return ErrorCode::not_found;
    case 405:
    case 501:
      return ErrorCode::unsupported;
    case 408:
      return ErrorCode::timeout;
    case 409:
      return ErrorCode::unavailable;
    case 412:
      return ErrorCode::precondition_failed;
    case 429:
      return ErrorCode::throttled;
    case 507:
      return ErrorCode::permission_denied;
    default:
      break;
  }
  if (status >= 500) return ErrorCode::unavailable;
  if (status >= 300) return ErrorCode::invalid_argument;
  return ErrorCode::internal;
}

// For answers whose code says nothing: HEAD has no body, proxies have pages of their own.
std::string_view text_of_status(int status, const ErrorContext& context) {
  switch (status) {
    case 301:
    case 302:
    case 307:
    case 308:
      return "the server redirects elsewhere, where credentials must not follow; check the "
             "endpoint";
    case 401:
    case 403:
      return "access is denied; check the credentials and the policies of the user and of the "
             "bucket";
    case 404:
      return context.has_upload ? "the multipart upload does not exist"
             : context.has_key  ? "there is no such object, or no such bucket"
                                : "the bucket does not exist; check its name and the endpoint";
    case 405:
    case 501:
      return "the store does not implement what was asked";
    case 412:
      return "the object is not what it was thought to be";
    case 429:
      return "the store asks to slow down";
    case 503:
      return "the store is not available just now";
    case 507:
      return "the store has no space left";
    default:
      return "";
  }
}

std::string clean(std::string_view text) {
  const bool cut = text.size() > message_size_max;
  return printable(text.substr(0, message_size_max)) + (cut ? "..." : "");
}

std::optional<std::chrono::milliseconds> parse_retry_after(std::string_view text) {
  unsigned seconds = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (failure != std::errc() || end != text.data() + text.size() || seconds > 86'400)
    return std::nullopt;
  return std::chrono::seconds(seconds);
}

}  // namespace

bool has_meaning_of_its_own(std::string_view code) { return find_meaning(code) != nullptr; }

bool is_error_document(std::string_view body) {
  pugi::xml_document document;
  document.load_buffer(body.data(), body.size());
  return std::string_view(document.document_element().name()) == "Error";
}

Refusal read_refusal(int status, const net::HttpResponse& response, std::string_view body) {
  Refusal refusal;
  refusal.status = status;
  refusal.request_id = response.header("x-amz-request-id");
  refusal.region = response.header("x-amz-bucket-region");
  refusal.location = response.header("location");
  refusal.date = response.header("date");
  refusal.retry_after = response.header("retry-after");
  pugi::xml_document document;
  document.load_buffer(body.data(), body.size());  // one that is cut off is read as far as it goes
  const pugi::xml_node root = document.document_element();
  // Some servers wrap it, as AWS's query services do.
  const pugi::xml_node error =
      std::string_view(root.name()) == "Error" ? root : root.child("Error");
  if (!error) return refusal;
  refusal.code = error.child_value("Code");
  refusal.message = error.child_value("Message");
  for (const char* element : {"Header", "ArgumentName", "HeaderName"}) {
    if (refusal.named.empty()) refusal.named = error.child_value(element);
  }
  // Ceph says so of a KMS key that it cannot get; ours is known there.
  const bool kms = refusal.code == "InvalidAccessKeyId" &&
                   refusal.message.find("kms-keyid") != refusal.message.npos;
  if (kms) refusal.code = "KMS.NotFoundException";
  if (refusal.request_id.empty()) refusal.request_id = error.child_value("RequestId");
  if (refusal.region.empty()) refusal.region = error.child_value("Region");
  if (refusal.location.empty() && *error.child_value("Endpoint")) {
    refusal.location = error.child_value("Endpoint");
  }
  return refusal;
}

Error to_error(const Refusal& refusal, const ErrorContext& context) {
  const Meaning* meaning = find_meaning(refusal.code);
  // Within 200 OK an unknown code is taken for a passing failure: the operation did not end.
  ErrorCode code = refusal.status < 300 ? ErrorCode::unavailable : code_of_status(refusal.status);
  std::string_view text = text_of_status(refusal.status, context);
  ErrorReason reason =
      code == ErrorCode::not_found ? ErrorReason::unconfirmed_absence : ErrorReason::unspecified;
  if (refusal.status == 507) reason = ErrorReason::destination_full;
  if (meaning) {
    code = meaning->code;
    text = meaning->text;
    reason = meaning->reason;
  }
  // Who is known otherwise is known for every key: something about this one's request is not
  // understood alike.
  const bool of_signature =
      refusal.code == "SignatureDoesNotMatch" || refusal.code == "AuthorizationHeaderMalformed";
  if (of_signature && context.has_key) code = ErrorCode::permission_denied;
  Error error;
  error.code = code;
  error.reason = reason;
  error.message = context.tried + ": ";
  if (refusal.code == "NoSuchBucket") {
    error.message += "the bucket '" + printable(context.bucket) +
                     "' does not exist; check its name and the endpoint";
  } else if (!text.empty()) {
    error.message += text;
  } else if (!refusal.message.empty()) {
    error.message += clean(refusal.message);
  } else {
    error.message += "the server answered with status " + std::to_string(refusal.status);
  }
  error.detail =
      refusal.code.empty() ? "HTTP " + std::to_string(refusal.status) : clean(refusal.code);
  if (!refusal.message.empty()) error.detail += ": " + clean(refusal.message);
  if (!refusal.request_id.empty()) error.detail += ", request id " + clean(refusal.request_id);
  error.retry_after = parse_retry_after(refusal.retry_after);
  return error;
}

}  // namespace dth::objects::s3
