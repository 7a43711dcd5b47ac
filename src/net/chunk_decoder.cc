#include "net/chunk_decoder.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>

namespace dth::net {
namespace {
namespace http = boost::beast::http;
using boost::beast::error_code;
using boost::beast::string_view;

// No chunk's line, with what must follow it, is shorter. Of a last chunk Beast 1.81 takes a shorter beginning once, and
// asserts when it comes again.
constexpr std::size_t chunk_line_bytes_min = 5;

constexpr std::string_view head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

// Beast's grammar without its containers: bytes go straight to where the caller wants them.
class Chunks final : public http::basic_parser<false> {
 public:
  std::span<std::byte>* target = nullptr;
  std::uint64_t chunk_left = 0;  // bytes of the present chunk; 0: a chunk's line comes next

 private:
  void on_request_impl(http::verb, string_view, string_view, int, error_code&) override {}
  void on_response_impl(int, string_view, int, error_code& failure) override { failure = {}; }
  void on_field_impl(http::field, string_view, string_view, error_code& failure) override { failure = {}; }
  void on_header_impl(error_code& failure) override { failure = {}; }
  void on_body_init_impl(boost::optional<std::uint64_t> const&, error_code& failure) override { failure = {}; }
  std::size_t on_body_impl(string_view body, error_code&) override { return body.size(); }
  void on_chunk_header_impl(std::uint64_t size, string_view, error_code& failure) override {
    failure = {};
    chunk_left = size;
  }
  std::size_t on_chunk_body_impl(std::uint64_t, string_view body, error_code& failure) override {
    failure = {};
    const std::size_t length = std::min(body.size(), target->size());
    std::memcpy(target->data(), body.data(), length);
    *target = target->subspan(length);
    chunk_left -= length;
    return length;
  }
  void on_finish_impl(error_code& failure) override { failure = {}; }
};

}  // namespace

struct ChunkDecoder::Impl {
  Chunks chunks;
};

ChunkDecoder::ChunkDecoder() : impl_(std::make_unique<Impl>()) {
  impl_->chunks.body_limit(boost::none);
  // A head that says what is known, since Beast knows no body without one.
  error_code failure;
  impl_->chunks.put(boost::asio::const_buffer(head.data(), head.size()), failure);
}

ChunkDecoder::~ChunkDecoder() = default;

Result<std::size_t> ChunkDecoder::feed(Bytes bytes, std::span<std::byte>* target) {
  Chunks& chunks = impl_->chunks;
  chunks.target = target;
  std::size_t taken = 0;
  while (!chunks.is_done() && taken < bytes.size() && !target->empty()) {
    if (chunks.chunk_left == 0 && bytes.size() - taken < chunk_line_bytes_min) break;
    error_code failure;
    const std::size_t used = chunks.put(boost::asio::const_buffer(bytes.data() + taken, bytes.size() - taken), failure);
    taken += used;
    if (failure == http::error::need_more) break;
    if (failure) {
      return Error{ErrorCode::data_corrupted, "the answer's body is no valid chunked body (RFC 9112, 7.1)", failure.message()};
    }
  }
  return taken;
}

bool ChunkDecoder::is_done() const { return impl_->chunks.is_done(); }

}  // namespace dth::net
