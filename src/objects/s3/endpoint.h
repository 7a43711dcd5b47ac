#pragma once

#include <chrono>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "objects/s3/addressing.h"
#include "objects/s3/answer.h"
#include "objects/s3/errors.h"
#include "objects/s3/learnt_aids.h"
#include "objects/s3/s3_store.h"

namespace dth::objects::s3 {

// What a refusal taught; the request may succeed if it is sent again with it in mind.
enum class EndpointUpdate {
  none,
  credentials,   // they are not accepted any more; others may be
  place,         // the bucket's region or host
  clock,         // how far the server's clock is from ours
  payload,       // payloads must be signed
  customer_key,  // the object needs the customer's key, or must be read without it
  aid,           // perhaps an aid is unknown there: the trial says which to leave out
};

// Does a request carry the customer's key, where the store has one? Reads learn whether an object
// needs it.
enum class KeyUse { none, read, write };

// How a request was sent that was refused.
struct Attempt {
  std::string region;
  std::string host;
  bool is_signed = false;
  bool has_body = false;                     // of a caller
  bool unsigned_payload = false;             // it went as UNSIGNED-PAYLOAD
  bool StoreLimits::*conditional = nullptr;  // the limit that let a precondition go along
  AidSet aids = {};                          // that it used
  AidSet without = {};  // that it left out, to find out whether they were why it was refused
  KeyUse key_use = KeyUse::none;
  bool with_customer_key = false;
  TimePoint now{};        // by the local clock
  TimePoint signed_at{};  // by the server's, as far as it was known
};

// What is known of the place behind a store, and what is learnt of it on the way. Pure: no I/O.
class Endpoint {
 public:
  explicit Endpoint(S3Options options);

  // Options that cannot work; every call fails with it.
  const std::optional<Error>& invalid() const { return invalid_; }

  const S3Options& options() const { return options_; }
  const BucketAddress& address() const { return address_; }
  const std::string& region() const { return region_; }
  const VendorProfile& vendor() const { return *vendor_; }
  const StoreLimits& limits() const { return limits_; }
  bool vendor_known() const { return vendor_known_; }
  bool list_v2() const { return list_v2_; }

  // What the store's own answers have.
  const AnswerSigns& signs() const { return signs_; }

  TimePoint server_time(TimePoint local) const { return local + clock_offset_; }

  // Are callers' bodies signed? Those that do not fit one piece in chunks, or by a digest that is
  // known beforehand.
  bool signs_payload() const;
  bool signs_chunks() const { return chunk_signing_; }

  // Is the aid not known to be refused?
  bool uses(TransferAid aid) const { return !dropped_.has(aid); }
  void go_without(AidSet aids);

  bool sends_customer_key(KeyUse use) const;

  void adopt_vendor(const VendorProfile& vendor);
  void list_v2_is_unsupported() { list_v2_ = false; }
  // Its listings announce an encoding of keys that they do not have.
  bool encodes_listings_falsely() const { return encodes_listings_falsely_; }
  void learn_false_encoding() { encodes_listings_falsely_ = true; }

  // A listing, which only a store answers, shows what its answers have. `first`: its first entry,
  // or null.
  void learn_signs(const net::HttpResponse& listing, const ObjectInfo* first);

  // `credentials` is taught by what the refusal says alone: whether there are others, whoever has
  // them knows. `trial` is the request's: what its next try leaves out, where the update is `aid`.
  EndpointUpdate apply(const Refusal& refusal, const Attempt& attempt, AidTrial* trial);
  void succeeded(const Attempt& attempt);

  // For take_warnings(); each text once.
  void warn(std::string warning);

  // What a user should know of what was learnt since the last call.
  std::vector<std::string> take_warnings() { return std::exchange(warnings_, {}); }

 private:
  bool learn_region(const Refusal& refusal, const Attempt& attempt);
  bool learn_host(const Refusal& refusal, const Attempt& attempt);
  bool learn_clock(const Refusal& refusal, const Attempt& attempt);
  bool learn_customer_key(const Refusal& refusal, const Attempt& attempt);
  bool learn_payload(const Refusal& refusal, const Attempt& attempt);
  void learn_aids(const Attempt& attempt);
  void move_to(net::HttpOrigin endpoint);
  void update_limits();
  void adopt_shared_updates();

  // Does a bucket's policy refuse unsigned payloads? Known only by trying.
  enum class Unsigned { untried, accepted, probing_signed, refused, not_the_reason };

  S3Options options_;
  std::optional<Error> invalid_;
  net::HttpOrigin endpoint_;
  const VendorProfile* vendor_;
  bool vendor_known_ = false;
  std::string region_;
  BucketAddress address_;
  StoreLimits limits_;
  std::shared_ptr<LearntAids> learnt_aids_;  // of the store
  AidSet dropped_;                           // of these, what this lane goes without
  std::vector<std::string> warnings_;
  std::set<std::string> warned_;
  bool list_v2_ = true;
  bool encodes_listings_falsely_ = false;
  AnswerSigns signs_;
  bool chunk_signing_ = true;
  bool reads_with_key_ = true;  // as the last object read had it
  Unsigned unsigned_ = Unsigned::untried;
  std::chrono::microseconds clock_offset_{0};
};

}  // namespace dth::objects::s3
