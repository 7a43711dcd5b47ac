#include "counters.h"

#include <string_view>

namespace dth::bench {
namespace {

constexpr std::array<std::string_view, static_cast<std::size_t>(Operation::unknown) + 1> names = {
    "PutObject",
    "GetObject",
    "HeadObject",
    "DeleteObject",
    "DeleteObjects",
    "ListObjectsV2",
    "ListObjects",
    "CreateMultipartUpload",
    "UploadPart",
    "CompleteMultipartUpload",
    "AbortMultipartUpload",
    "ListMultipartUploads",
    "ListParts",
    "HeadBucket",
    "CreateBucket",
    "ListBuckets",
    "GetSubresource",
    "Unknown"};

}  // namespace

void Counters::add_error(int status) { ++(status >= 500 ? server_errors_ : client_errors_); }

void Counters::reset() {
  for (auto& counter : requests_) counter = 0;
  client_errors_ = server_errors_ = bytes_in_ = bytes_out_ = connections_ = 0;
}

std::string Counters::json() const {
  std::string result = "{";
  for (std::size_t i = 0; i < operations; ++i) {
    if (const std::uint64_t count = requests_[i])
      result += "\"" + std::string(names[i]) + "\": " + std::to_string(count) + ", ";
  }
  return result + "\"client_errors\": " + std::to_string(client_errors_) +
         ", \"server_errors\": " + std::to_string(server_errors_) +
         ", \"body_bytes_in\": " + std::to_string(bytes_in_) +
         ", \"body_bytes_out\": " + std::to_string(bytes_out_) +
         ", \"connections\": " + std::to_string(connections_) + "}\n";
}

}  // namespace dth::bench
