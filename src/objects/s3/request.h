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
  std::string content_encoding = {};  // of the object
  Precondition precondition = {};
  bool StoreLimits::*precondition_limit = &StoreLimits::conditional_put;  // what says whether it is heeded
  KeyUse key_use = KeyUse::none;
  bool of_upload = false;         // for messages
  bool once = false;              // never sent a second time by the HTTP client
  std::string xml = {};           // a small body of our own
  Body* body = nullptr;           // or a caller's
};

// How the body goes out.
enum class Payload { empty, own, unsigned_stream, hashed, chunk_signed, anonymous_stream };

Payload choose_payload(const Request& request, const OutgoingBody* body, const Endpoint& endpoint, bool anonymous);

struct SignedRequest {
  net::HttpRequest http;
  aws::Signature signature;
  Attempt attempt;
};

// Addresses and signs. Pure: `now` is the local clock.
SignedRequest build_request(const Request& request, Payload payload, const OutgoingBody* body, const Endpoint& endpoint,
                            const aws::Credentials& credentials, aws::Signer& signer, TimePoint now);

}  // namespace dth::objects::s3
