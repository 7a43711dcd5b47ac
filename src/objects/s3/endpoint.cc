#include "objects/s3/endpoint.h"

#include <algorithm>
#include <array>

#include "base/encoding.h"
#include "cloud/aws/partitions.h"
#include "net/http_date.h"

namespace dth::objects::s3 {
namespace {

constexpr std::chrono::minutes clock_skew_min{5};  // less is no reason to be refused
constexpr std::size_t bucket_size_max = 255;

Error invalid_options(std::string message) {
  return Error{ErrorCode::invalid_argument, std::move(message), ""};
}

// Host and scheme of "https://host/path", or of a bare host, which stands for the scheme in use.
struct RedirectTarget {
  std::string host;
  bool tls = true;
};

std::optional<RedirectTarget> parse_redirect(std::string_view location, bool tls) {
  RedirectTarget target{.host = "", .tls = tls};
  if (location.starts_with("https://")) {
    target.tls = true;
    location.remove_prefix(8);
  } else if (location.starts_with("http://")) {
    target.tls = false;
    location.remove_prefix(7);
  } else if (location.starts_with("/")) {
    return std::nullopt;
  }
  location = location.substr(0, location.find_first_of("/?#"));
  for (char c : location) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    if (!word)
      return std::nullopt;  // also a port or a user name: not what S3's redirects look like
  }
  target.host = location;
  return target.host.empty() ? std::nullopt : std::optional(target);
}

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 307 || status == 308;
}

// The session is over, or the keys were replaced.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
bool says_credentials_are_old(const Refusal& refusal) {
  constexpr std::array<std::string_view, 5> codes{"ExpiredToken", "ExpiredTokenException",
                                                  "TokenRefreshRequired", "InvalidToken",
                                                  "InvalidAccessKeyId"};
  return std::find(codes.begin(), codes.end(), refusal.code) != codes.end();
}

// Buckets with a retention of their own take nothing without one.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
bool asks_for_digest(const Refusal& refusal) {
  return refusal.status == 400 && refusal.code == "InvalidRequest" &&
         refusal.message.find("Content-MD5") != std::string::npos;
}

// Stores other than AWS's name regions as they like. Kept out is only what would break the
// credential scope, where the name stands between slashes, or the header that it stands in.
bool may_be_region(std::string_view text) {
  constexpr std::size_t size_max = 63;
  return !text.empty() && text.size() <= size_max &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return c > ' ' && c <= '~' && c != '/' && c != ',' && c != '"';
         });
}

// May a redirect lead from one host to the other? Both are one owner's; at AWS, where a domain
// holds much that is not S3, both are plain names of the S3 service.
bool may_follow(std::string_view host, std::string_view other) {
  if (!same_owner(host, other)) return false;
  if (!aws::find_partition_of_host(host) && !aws::find_partition_of_host(other)) return true;
  const auto from = aws::plain_s3_host(host), to = aws::plain_s3_host(other);
  return from && to && from->partition->dns_suffix == to->partition->dns_suffix;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host.starts_with("127.") || host == "::1" || host == "[::1]";
}

}  // namespace

Endpoint::Endpoint(S3Options options)
    : options_(std::move(options)),
      vendor_(find_vendor("generic")),
      learnt_aids_(options_.learnt_aids ? options_.learnt_aids : std::make_shared<LearntAids>()) {
  region_ = options_.region;
  const bool is_bucket = !options_.bucket.empty() && options_.bucket.size() <= bucket_size_max &&
                         options_.bucket.find('/') == std::string::npos;
  if (!is_bucket && !options_.of_service) {
    invalid_ = invalid_options("'" + printable(options_.bucket.substr(0, 80)) +
                               "' cannot be a bucket's name");
  }
  if (options_.endpoint ? !may_be_region(region_) : !aws::is_region_name(region_)) {
    invalid_ =
        invalid_options("'" + printable(region_.substr(0, 80)) + "' cannot be a region's name");
    region_ = "us-east-1";
  }
  if (options_.endpoint) {
    endpoint_ = *options_.endpoint;
    if (const auto region = aws::region_of_s3_host(endpoint_.host)) region_ = *region;
  } else if (auto host = aws::s3_host(region_)) {
    endpoint_.host = *host;
  } else {
    invalid_ = host.error();
  }
  if (!options_.vendor.empty()) {
    if (const VendorProfile* vendor = find_vendor(options_.vendor)) {
      vendor_ = vendor;
      vendor_known_ = true;
    } else {
      invalid_ = invalid_options("there is no vendor profile '" +
                                 printable(options_.vendor.substr(0, 80)) + "'");
    }
  } else if (const VendorProfile* vendor = vendor_of_host(endpoint_.host)) {
    vendor_ = vendor;
    vendor_known_ = true;
  }
  if (options_.customer_key && !endpoint_.tls && !is_loopback(endpoint_.host)) {
    invalid_ = invalid_options(
        "a customer's key (SSE-C) goes over TLS only: use an endpoint that begins with https://");
  }
  move_to(endpoint_);
  adopt_vendor(*vendor_);
  // A host name does not tell which vendor is generic; who gives it by name wants none to be
  // adopted.
  vendor_known_ = !options_.vendor.empty() || (vendor_known_ && vendor_->name != "generic");
}

void Endpoint::move_to(net::HttpOrigin endpoint) {
  endpoint_ = std::move(endpoint);
  address_ = address_of(endpoint_, options_.endpoint_path, options_.bucket,
                        !options_.of_service && uses_virtual_host(options_.addressing, endpoint_,
                                                                  *vendor_, options_.bucket));
}

void Endpoint::adopt_vendor(const VendorProfile& vendor) {
  vendor_ = &vendor;
  vendor_known_ = true;
  limits_ = vendor.limits;
  list_v2_ = vendor.list_v2;
  chunk_signing_ = vendor.chunk_signing;
  signs_.etags = vendor.etags ? AnswerSigns::Known::yes : AnswerSigns::Known::unknown;
  signs_.request_id_promised = vendor.request_ids;
  dropped_ = {};
  adopt_shared_updates();
}

void Endpoint::learn_signs(const net::HttpResponse& listing, const ObjectInfo* first) {
  const bool is_known =
      signs_.etags == AnswerSigns::Known::yes || signs_.etags == AnswerSigns::Known::seen;
  if (!is_known && first) {
    signs_.etags = first->etag.empty() ? AnswerSigns::Known::no : AnswerSigns::Known::seen;
  }
  if (!signs_.request_ids) signs_.request_ids = !listing.header("x-amz-request-id").empty();
}

bool Endpoint::signs_payload() const {
  if (options_.anonymous || options_.payload_signing == PayloadSigning::never) return false;
  if (options_.payload_signing == PayloadSigning::always || !endpoint_.tls) return true;
  return unsigned_ == Unsigned::refused || unsigned_ == Unsigned::probing_signed;
}

void Endpoint::update_limits() {
  limits_.payload_always_signed = signs_payload() && unsigned_ != Unsigned::probing_signed;
  limits_.payload_digest_ahead = signs_payload() && !chunk_signing_;
}

// Other lanes may have learnt meanwhile. Looked up where a refusal makes it matter, and not for
// each request.
void Endpoint::adopt_shared_updates() { go_without(learnt_aids_->dropped()); }

void Endpoint::go_without(AidSet aids) {
  if (!(aids - dropped_).empty()) learnt_aids_->drop(aids);
  dropped_ |= aids;
  if (aids.has(TransferAid::checksums)) limits_.enforces_checksums = false;
  if (aids.has(TransferAid::content_md5)) limits_.enforces_content_md5 = false;
  if (aids.has(TransferAid::chunk_signatures)) chunk_signing_ = false;
  update_limits();
}

EndpointUpdate Endpoint::apply(const Refusal& refusal, const Attempt& attempt, AidTrial* trial) {
  if (attempt.is_signed && says_credentials_are_old(refusal)) return EndpointUpdate::credentials;
  if (learn_region(refusal, attempt) || learn_host(refusal, attempt)) return EndpointUpdate::place;
  if (learn_clock(refusal, attempt)) return EndpointUpdate::clock;
  if (learn_customer_key(refusal, attempt)) return EndpointUpdate::customer_key;
  if (asks_for_digest(refusal)) {
    limits_.writes_need_digest = true;  // the caller has to send it
    return EndpointUpdate::none;
  }
  if (learn_payload(refusal, attempt)) return EndpointUpdate::payload;
  adopt_shared_updates();
  return learnt_aids_->plan_next_try(refusal, attempt.aids, trial) ? EndpointUpdate::aid
                                                                   : EndpointUpdate::none;
}

bool Endpoint::learn_region(const Refusal& refusal, const Attempt& attempt) {
  const bool says_elsewhere =
      is_redirect(refusal.status) || refusal.code == "AuthorizationHeaderMalformed" ||
      refusal.code == "IllegalLocationConstraintException" ||
      ((refusal.status == 400 || refusal.status == 403) && refusal.code.empty());
  if (!says_elsewhere || refusal.region == attempt.region || !may_be_region(refusal.region))
    return false;
  if (region_ == refusal.region) return true;  // learnt meanwhile
  // A plain name of the service is left for the same one in the bucket's region. Any other host is
  // the way to the store that was asked for, an interface endpoint or a load balancer for one:
  // there requests are signed otherwise, and go where they went.
  if (const auto plain = aws::plain_s3_host(endpoint_.host)) {
    auto host = plain->in(refusal.region);
    if (!host) return false;
    net::HttpOrigin moved = endpoint_;
    moved.host = std::move(*host);
    move_to(std::move(moved));
  }
  region_ = refusal.region;
  return true;
}

bool Endpoint::learn_host(const Refusal& refusal, const Attempt& attempt) {
  if (!is_redirect(refusal.status) || refusal.location.empty()) return false;
  const auto target = parse_redirect(refusal.location, endpoint_.tls);
  if (!target || target->tls != endpoint_.tls || target->host == attempt.host) return false;
  net::HttpOrigin moved = endpoint_;
  moved.host = target->host;
  if (moved.host.starts_with(options_.bucket + "."))
    moved.host.erase(0, options_.bucket.size() + 1);
  if (!may_follow(endpoint_.host, moved.host)) return false;
  if (moved.host == endpoint_.host)
    return attempt.host != address_.origin.host;  // learnt meanwhile
  if (const auto region = aws::region_of_s3_host(moved.host)) region_ = *region;
  move_to(std::move(moved));
  return true;
}

bool Endpoint::learn_clock(const Refusal& refusal, const Attempt& attempt) {
  const bool says_skewed = refusal.code == "RequestTimeTooSkewed" ||
                           refusal.code == "RequestExpired" ||
                           (refusal.status == 403 && refusal.code.empty());
  const auto date = net::parse_http_date(refusal.date);
  if (!attempt.is_signed || !says_skewed || !date) return false;
  const auto error = *date - attempt.signed_at;
  if (error < clock_skew_min && error > -clock_skew_min) return false;
  clock_offset_ = *date - attempt.now;
  return true;
}

bool Endpoint::sends_customer_key(KeyUse use) const {
  if (!options_.customer_key || use == KeyUse::none) return false;
  return use == KeyUse::write || reads_with_key_;
}

// A bucket may hold objects with and without the customer's key, and refuses the key for those
// without. HEAD's refusal has no words.
bool Endpoint::learn_customer_key(const Refusal& refusal, const Attempt& attempt) {
  const bool may_be_key =
      refusal.code.empty() || refusal.code == "InvalidRequest" || refusal.code == "InvalidArgument";
  if (!options_.customer_key || attempt.key_use != KeyUse::read || refusal.status != 400 ||
      !may_be_key)
    return false;
  reads_with_key_ = !attempt.with_customer_key;
  return true;
}

bool Endpoint::learn_payload(const Refusal& refusal, const Attempt& attempt) {
  if (refusal.status != 403 && refusal.status != 400) return false;
  if (unsigned_ == Unsigned::probing_signed && attempt.has_body && !attempt.unsigned_payload) {
    unsigned_ = Unsigned::not_the_reason;
    update_limits();
    return false;
  }
  const bool may_be_policy = refusal.code == "AccessDenied" ||
                             refusal.code == "MissingSecurityHeader" ||
                             refusal.message.find("UNSIGNED-PAYLOAD") != std::string::npos;
  if (!attempt.unsigned_payload || !may_be_policy ||
      options_.payload_signing != PayloadSigning::automatic)
    return false;
  if (unsigned_ == Unsigned::probing_signed || unsigned_ == Unsigned::refused)
    return true;  // learnt meanwhile
  if (unsigned_ != Unsigned::untried) return false;
  unsigned_ = Unsigned::probing_signed;
  update_limits();
  return true;
}

void Endpoint::succeeded(const Attempt& attempt) {
  if (!attempt.without.empty()) learn_aids(attempt);
  if (!attempt.has_body) return;
  if (attempt.unsigned_payload && unsigned_ == Unsigned::untried) unsigned_ = Unsigned::accepted;
  if (!attempt.unsigned_payload && unsigned_ == Unsigned::probing_signed) {
    unsigned_ = Unsigned::refused;
    update_limits();
  }
}

void Endpoint::warn(std::string warning) {
  constexpr std::size_t warnings_max = 16;
  if (warned_.size() >= warnings_max || !warned_.insert(warning).second) return;
  warnings_.push_back("s3://" + printable(options_.bucket) + " at " + address_.url() + ": " +
                      std::move(warning));
}

void Endpoint::learn_aids(const Attempt& attempt) {
  const AidSet learnt = learnt_aids_->succeeded(attempt.without);
  adopt_shared_updates();
  if (!learnt.has(TransferAid::precondition) || !attempt.conditional ||
      !(limits_.*attempt.conditional))
    return;
  limits_.*attempt.conditional = false;
  warn(
      "the store does not know conditional writes (it answered 501). An object that somebody else "
      "writes there at the same "
      "moment may be replaced");
}

}  // namespace dth::objects::s3
