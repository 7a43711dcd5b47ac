#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/hash.h"

namespace dth::bench {

// Takes the framing of a body of Content-Encoding "aws-chunked" off: size[;chunk-signature=...]
// CRLF data CRLF ... 0[;chunk-signature=...] CRLF [trailers] CRLF. No I/O.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
class AwsChunkedDecoder {
 public:
  struct Sink {
    std::function<void(std::string_view)> data;  // the next bytes of the object
    std::function<bool(std::string_view signature)>
        chunk_end;  // false refuses the chunk's signature
  };
  explicit AwsChunkedDecoder(Sink sink) : sink_(std::move(sink)) {}

  // Takes the next bytes off the wire. False where they cannot be: see error().
  bool feed(std::string_view bytes);

  // Has the end been seen?
  bool done() const { return state_ == State::done; }
  const std::string& error() const { return error_; }

  // Names in lower case. x-amz-trailer-signature among them.
  const std::vector<std::pair<std::string, std::string>>& trailers() const { return trailers_; }

 private:
  static constexpr std::size_t line_bytes_max = 4096;
  enum class State { size_line, data, data_end, trailer, done };
  bool refuse(std::string why);
  bool end_of_line();

  Sink sink_;
  State state_ = State::size_line;
  std::string line_;
  std::string signature_;
  std::uint64_t remaining_ = 0;
  std::vector<std::pair<std::string, std::string>> trailers_;
  std::string error_;
};

}  // namespace dth::bench
