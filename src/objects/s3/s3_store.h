#pragma once

#include <memory>
#include <optional>
#include <string>

#include "cloud/aws/credentials.h"
#include "net/client/http_client.h"
#include "objects/object_store.h"
#include "objects/request_counters.h"
#include "objects/s3/customer_key.h"

namespace dth::objects::s3 {
class LearntAids;
}

namespace dth::objects {

// How a bucket is named in a request.
enum class Addressing {
  automatic,     // virtual where the endpoint's vendor is known for it and the bucket's name allows
                 // it, else path
  path,          // https://host/bucket/key
  virtual_host,  // https://bucket.host/key
};

// Is the payload's digest part of the signature?
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html
enum class PayloadSigning {
  automatic,  // not over TLS, unless the store demands it; yes over plain HTTP
  always,
  never,
};

struct S3Options {
  std::string bucket;
  std::optional<net::HttpOrigin> endpoint = {};  // none: AWS's, by region
  std::string endpoint_path =
      {};  // what comes before the bucket there, as it is sent: "/s3", or nothing
  // Learnt from the store where it tells that the bucket is elsewhere.
  std::string region = "us-east-1";
  Addressing addressing = Addressing::automatic;
  bool of_service = false;      // requests are about the endpoint as a whole: there is no bucket
  bool anonymous = false;       // nothing is signed
  bool requester_pays = false;  // every request agrees to pay for itself
  PayloadSigning payload_signing = PayloadSigning::automatic;
  // Writes are encrypted with it, and what was is read with it. Over TLS or to this machine only.
  std::shared_ptr<const CustomerKey> customer_key = {};
  // What stores of the same place learn together; null: this one learns alone.
  std::shared_ptr<s3::LearntAids> learnt_aids = {};
  std::string vendor = {};  // a name of the vendor profiles (vendor.h); empty: told by the host, or
                            // learnt by check()
};

// A bucket behind the S3 protocol.
// https://docs.aws.amazon.com/AmazonS3/latest/API/Type_API_Reference.html
//
// Sends a request again only where the answer taught something without which it could not succeed,
// once for each such update: the bucket's region, the clock's offset, that payloads must be signed,
// that conditional writes are unknown there, whether an object is read with the customer's key.
// Credentials never go to another registrable host than the endpoint's, nor from TLS to plain HTTP.
//
// Options that cannot work (no bucket, an unknown vendor, a region that is none) fail every call
// with invalid_argument. Where an endpoint is given, a region's name may have any form. `http`,
// `clock` and `counters` must outlive the store.
std::unique_ptr<ObjectStore> make_s3_store(S3Options options, net::HttpClient& http, Clock& clock,
                                           std::shared_ptr<aws::CredentialProvider> credentials,
                                           RequestCounters& counters);

}  // namespace dth::objects
