#pragma once

#include <memory>
#include <string>

#include "net/client/http_client.h"
#include "objects/s3/s3_store.h"

namespace dth::objects {

// Where the S3 server of the integration tests is, from the environment:
//   DTH_TEST_S3_ENDPOINT    http(s)://host:port
//   DTH_TEST_S3_CA_BUNDLE   a PEM file, for https
//   DTH_TEST_S3_ACCESS_KEY, DTH_TEST_S3_SECRET_KEY
// A test that needs it fails where it is not configured.
struct S3Server {
  net::HttpOrigin origin;
  std::string ca_bundle;
  std::string access_key;
  std::string secret_key;
};

Result<S3Server> configured_s3_server();

// One lane with a client, and a bucket made for one test, which is emptied and removed with it.
class S3Place {
 public:
  S3Place(S3Server server, S3Options options);
  ~S3Place();
  S3Place(const S3Place&) = delete;

  boost::asio::io_context& context();
  ObjectStore& store();
  const std::string& bucket_name() const;
  const RequestCounters& counters() const;

  // Another store on the same bucket and client.
  std::unique_ptr<ObjectStore> another(S3Options options);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace dth::objects
