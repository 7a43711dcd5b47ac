// A refusal: status, headers and document, all from the server. The first line is a header's value.
#include "fuzz/fuzz.h"
#include "objects/s3/errors.h"

using namespace dth;
using namespace dth::objects::s3;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::as_text(data, size);
  const std::size_t line = std::min(text.find('\n'), text.size());
  const std::string value(text.substr(0, line));
  const std::string_view body = text.substr(std::min(line + 1, text.size()));
  net::HttpResponse response;
  response.status = 200 + static_cast<int>(size % 400);
  for (const char* name :
       {"x-amz-request-id", "x-amz-bucket-region", "location", "date", "retry-after"}) {
    response.headers.push_back({name, value});
  }
  const Refusal refusal = read_refusal(response.status, response, body);
  const Error error = to_error(
      refusal,
      {.tried = "GET s3://bucket/key at https://host", .bucket = "bucket", .has_key = true});
  fuzz::require_printable(error.message, "the message is printable");
  fuzz::require_printable(error.detail, "the detail is printable");
  fuzz::require(error.message.size() + error.detail.size() < 10'000, "the error is bounded");
  fuzz::require(error.code != ErrorCode::cancelled, "a server cannot cancel");
  if (response.status < 300) {
    fuzz::require(error.code != ErrorCode::internal, "an error within 200 has a meaning");
  }
  is_error_document(body);
  return 0;
}
