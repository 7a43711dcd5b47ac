#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "net/client/http_client.h"

namespace dth::objects::s3 {

// A refusal as the server worded it.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
struct Refusal {
  int status = 0;
  std::string code;     // "NoSuchKey"; empty where the answer has no XML (HEAD, a proxy's page)
  std::string message;  // often empty (Ceph RGW)
  std::string request_id;
  std::string region;    // where it says that the bucket is elsewhere
  std::string location;  // of a redirect: a URL
  std::string date;      // the server's clock
  std::string retry_after;
  std::string named;  // the header or argument that it complains about, where an element says so
};

inline constexpr std::size_t error_body_size_max = 256 * 1024;

// Reads what is there: an error document, an HTML page, nothing. `body` may be cut off.
Refusal read_refusal(int status, const net::HttpResponse& response, std::string_view body);

// Does this code of a refusal mean one thing only, so that leaving an aid out of the request cannot
// help?
bool has_meaning_of_its_own(std::string_view code);

// Is a body that came with 200 OK an error all the same?
bool is_error_document(std::string_view body);

// What was asked, for the message.
struct ErrorContext {
  std::string tried;  // "PUT s3://bucket/key at https://host"
  std::string bucket;
  bool has_key = false;  // of an object, not of the bucket
  bool has_upload = false;
};

// What the refusal means and what to do about it. unauthenticated means that no request to the
// bucket would be accepted, so that a run had better wait for other credentials. Takes nothing from
// the answer but its code, message and request id: the rest may echo what was signed.
Error to_error(const Refusal& refusal, const ErrorContext& context);

}  // namespace dth::objects::s3
