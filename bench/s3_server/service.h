#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "bucket.h"
#include "counters.h"
#include "options.h"
#include "payload.h"
#include "request.h"

namespace dth::bench {

// An answer: a head, and either a text or a range of an object.
struct Response {
  int status = 200;
  std::string headers;  // "Name: value\r\n" each, without Content-Length
  std::string text;
  std::shared_ptr<const Object> object;  // null: text is the body
  std::uint64_t offset = 0;              // of the range of object
  std::uint64_t length = 0;
  bool no_body = false;  // an answer to HEAD: length is told but not sent
  bool no_delay = false;
};

// Those headers of a PUT or CreateMultipartUpload that are stored with the object.
std::vector<std::pair<std::string, std::string>> stored_headers(const Request& request);

// What If-Match and If-None-Match say against what is there (null: nothing); nothing where they
// hold.
std::optional<S3Error> check_conditions(const Request& request, const Object* there);

// S3's operations on buckets in memory. Knows no sockets. Thread-safe.
class Service {
 public:
  explicit Service(const Options& options);

  // Looks at a head before its body: what it asks for, and what is wrong with it already.
  struct Admission {
    Operation operation = Operation::unknown;
    bool is_object = false;  // its body is that of an object or a part
    std::optional<S3Error> error;
    std::optional<ChunkSigner> signer;
  };
  Admission admit(const Request& request);

  // Does what was asked, once the body is whole.
  Response handle(const Request& request, const Admission& admission, const Payload& payload);
  static Response refuse(const Request& request, const S3Error& error);

  const Options& options() const { return options_; }
  Counters& counters() { return counters_; }

 private:
  using Handler = Response (Service::*)(const Request&, const Payload&);
  Bucket* bucket(const std::string& name);  // precondition: the lock is held

  Response put_object(const Request& request, const Payload& payload);
  Response get_object(const Request& request, const Payload& payload);
  Response delete_object(const Request& request, const Payload& payload);
  Response delete_objects(const Request& request, const Payload& payload);
  Response list_objects(const Request& request, const Payload& payload);
  Response create_multipart_upload(const Request& request, const Payload& payload);
  Response upload_part(const Request& request, const Payload& payload);
  Response complete_multipart_upload(const Request& request, const Payload& payload);
  Response abort_multipart_upload(const Request& request, const Payload& payload);
  Response list_multipart_uploads(const Request& request, const Payload& payload);
  Response list_parts(const Request& request, const Payload& payload);
  Response head_bucket(const Request& request, const Payload& payload);
  Response create_bucket(const Request& request, const Payload& payload);
  Response list_buckets(const Request& request, const Payload& payload);
  Response get_subresource(const Request& request, const Payload& payload);

  Options options_;
  Counters counters_;
  std::atomic<std::uint64_t> sequence_{0};
  std::shared_mutex mutex_;  // buckets_
  std::map<std::string, Bucket> buckets_;
};

}  // namespace dth::bench
