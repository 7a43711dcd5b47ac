#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "request.h"

namespace dth::bench {

struct Keys {
  std::string access_key_id;
  std::string secret_access_key;
};

// What the signatures of a chunked body's chunks are made with: each one covers the one before it.
struct ChunkSigner {
  std::string signing_key;  // raw bytes
  std::string time;         // x-amz-date
  std::string scope;
  std::string previous;  // the last good signature, hex

  // Takes the signature of the chunk whose data hash to `sha256`; false where it is wrong.
  bool check_chunk(const Digest& sha256, std::string_view signature);
  // The same for the trailers, as "name:value\n" each.
  bool check_trailer(std::string_view trailers, std::string_view signature);
};

// Checks the Authorization header (AWS Signature Version 4; no presigned URLs). What is wrong, or
// nothing. Where all is well `signer` can check the chunks of the body.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
std::optional<S3Error> check_signature(const Request& request, const Keys& keys,
                                       ChunkSigner* signer);

}  // namespace dth::bench
