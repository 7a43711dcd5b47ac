#include "aws_chunked.h"

#include <algorithm>
#include <charconv>

namespace dth::bench {

bool AwsChunkedDecoder::refuse(std::string why) {
  error_ = std::move(why);
  return false;
}

bool AwsChunkedDecoder::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    if (state_ == State::done) return refuse("bytes after the last chunk");
    if (state_ == State::data) {
      const std::size_t length =
          static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, bytes.size()));
      sink_.data(bytes.substr(0, length));
      bytes.remove_prefix(length);
      remaining_ -= length;
      if (remaining_ == 0) {
        state_ = State::data_end;
        if (!sink_.chunk_end(signature_)) return refuse("a chunk's signature is wrong");
      }
      continue;
    }
    const std::size_t end = bytes.find('\n');
    line_.append(bytes.substr(0, end));
    if (line_.size() > line_bytes_max) return refuse("a line of the framing is too long");
    if (end == bytes.npos) return true;
    bytes.remove_prefix(end + 1);
    if (line_.empty() || line_.back() != '\r')
      return refuse("a line of the framing does not end in CRLF");
    line_.pop_back();
    if (!end_of_line()) return false;
    line_.clear();
  }
  return true;
}

bool AwsChunkedDecoder::end_of_line() {
  if (state_ == State::data_end) {
    state_ = State::size_line;
    return line_.empty() || refuse("a chunk is longer than it said");
  }
  if (state_ == State::trailer) {
    if (line_.empty()) {
      state_ = State::done;
      return true;
    }
    const std::size_t colon = line_.find(':');
    if (colon == line_.npos) return refuse("a trailer without a colon");
    std::string name = line_.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    std::string_view value = std::string_view(line_).substr(colon + 1);
    while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
    trailers_.emplace_back(std::move(name), std::string(value));
    return true;
  }
  const auto [end, error] =
      std::from_chars(line_.data(), line_.data() + line_.size(), remaining_, 16);
  if (error != std::errc()) return refuse("a chunk without a size");
  const std::string_view rest(end, static_cast<std::size_t>(line_.data() + line_.size() - end));
  constexpr std::string_view extension = ";chunk-signature=";
  if (!rest.empty() && !rest.starts_with(extension)) return refuse("an unknown chunk extension");
  signature_ = rest.empty() ? "" : std::string(rest.substr(extension.size()));
  if (remaining_ > 0) {
    state_ = State::data;
    return true;
  }
  state_ = State::trailer;
  return sink_.chunk_end(signature_) || refuse("the last chunk's signature is wrong");
}

}  // namespace dth::bench
