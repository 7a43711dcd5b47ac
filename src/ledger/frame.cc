#include "ledger/frame.h"

#include <zstd.h>

#include "ledger/file.h"

namespace dth::ledger {
namespace {

constexpr int compression_level = 3;

Result<std::string> compress(std::string_view text) {
  std::string frame(ZSTD_compressBound(text.size()), '\0');
  const std::size_t size =
      ZSTD_compress(frame.data(), frame.size(), text.data(), text.size(), compression_level);
  if (ZSTD_isError(size) != 0) {
    return Error{ErrorCode::unavailable, "cannot compress lines of the ledger: out of memory?",
                 ZSTD_getErrorName(size)};
  }
  frame.resize(size);
  return frame;
}

}  // namespace

Result<Frame> make_frame(const std::string& run, const LineBuffer& lines) {
  if (lines.empty())
    return Error{ErrorCode::invalid_argument,
                 "there are no lines to append to the ledger of run " + run,
                 {}};
  if (!is_plain_name(run)) {
    return Error{ErrorCode::invalid_argument,
                 "the run id \"" + run + "\" cannot name a directory of the ledger",
                 {}};
  }
  auto bytes = compress(lines.text());
  if (bytes.has_error()) return bytes.error();
  Frame frame{.bytes = std::move(*bytes), .segment = {}};
  frame.segment = {.length = frame.bytes.size(),
                   .sha256 = hash(HashAlgorithm::sha256, as_bytes(frame.bytes)).hex(),
                   .items = lines.items(),
                   .key_least = lines.key_least(),
                   .key_greatest = lines.key_greatest()};
  return frame;
}

std::string plain_worker_name(std::string name) {
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.';
    if (!plain) c = '_';
  }
  if (name.empty() || name.front() == '.') name.insert(0, "w");
  return name;
}

}  // namespace dth::ledger
