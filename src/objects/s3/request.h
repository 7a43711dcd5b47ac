#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cloud/aws/sigv4.h"
#include "objects/s3/endpoint.h"
#include "objects/s3/payload.h"

namespace dth::objects::s3 {

// One operation's request, before it is addressed and signed.
struct Request {
  std::string method;
  std::uint64_t RequestCounters::*counter = &RequestCounters::other;
  std::string key = {};  // empty: of the bucket
  aws::QueryParameters query = {};
  net::HttpHeaders headers = {};
  bool checksum_mode = false;         // asks for the object's checksums, where that is understood
  std::string content_encoding = {};  // of the object
  Precondition precondition = {};
  bool StoreLimits::*precondition_limit =
      &StoreLimits::conditional_put;  // what says whether it is heeded
  KeyUse key_use = KeyUse::none;
  bool of_upload = false;         // for messages
  bool once = false;              // never sent a second time by the HTTP client
  std::uint64_t pooled_size = 0;  // of an answer that may be large (HttpRequest::pooled_size)
  std::string xml = {};           // a small body of our own
  Body* body = nullptr;           // or a caller's
  Digest payload_sha256 = {};     // of that, where the caller knows it
  AidTrial* trial = nullptr;  // the caller's, who plans the next try (PutRequest::trial); null: the
                              // requester tries by itself
};

// How the body goes out.
enum class Payload {
  empty,
  own,
  unsigned_stream,
  hashed,         // by a digest of a body that is in memory
  hashed_before,  // by Request::payload_sha256
  chunk_signed,
  unhashed,  // cannot go out: it has to be signed, and its digest is not known yet
  anonymous_stream,
};

// `without`: what this try leaves out.
Payload choose_payload(const Request& request, const OutgoingBody* body, const Endpoint& endpoint,
                       bool anonymous, AidSet without);

struct SignedRequest {
  net::HttpRequest http;
  aws::Signature signature;
  Attempt attempt;
};

// Addresses and signs. Pure: `now` is the local clock. `without`: what this try leaves out.
SignedRequest build_request(const Request& request, Payload payload, AidSet without,
                            const OutgoingBody* body, const Endpoint& endpoint,
                            const aws::Credentials& credentials, aws::Signer& signer,
                            TimePoint now);

}  // namespace dth::objects::s3
