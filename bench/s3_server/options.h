#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace dth::bench {

// Objects that exist without memory: keys prefix000000000, prefix000000001, ... in `bucket`.
struct SyntheticOptions {
  std::string bucket;
  std::string prefix;
  std::uint64_t count = 0;       // at most 10^9
  std::uint64_t size_bytes = 0;  // of each
};

enum class EtagKind { md5, crc };

struct Options {
  std::uint16_t port = 0;
  unsigned threads = 1;
  EtagKind etag = EtagKind::md5;
  bool discard = false;  // bodies of at least discard_bytes_min are checked but not kept
  std::uint64_t discard_bytes_min = 64 * 1024;
  bool checksums = true;  // answer x-amz-checksum-crc64nvme where asked to
  bool verify_signatures = false;
  std::string access_key_id = "TESTACCESSKEY";
  std::string secret_access_key = "testsecretkey";
  std::vector<std::string>
      buckets;  // that exist from the start, besides those of synthetic objects
  std::vector<SyntheticOptions> synthetic;
  unsigned delay_ms = 0;             // before each answer
  double throttle_percent = 0;       // of requests answered with 503 SlowDown
  std::string tls_certificate_path;  // both or neither
  std::string tls_key_path;
};

// From the command line; prints usage and exits with 2 where it makes no sense.
Options parse_options(int argc, char** argv);

}  // namespace dth::bench
