#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dth::net {

// WebSocket frames (RFC 6455, 5) as a server reads and writes them, without I/O and without
// extensions.

enum class WebSocketOpcode : std::uint8_t {
  continuation = 0,
  text = 1,
  binary = 2,
  close = 8,
  ping = 9,
  pong = 10
};

// Close codes (RFC 6455, 7.4.1) that we send.
namespace close_code {
inline constexpr std::uint16_t normal = 1000, going_away = 1001, protocol_error = 1002,
                               unsupported_data = 1003, no_status = 1005, bad_payload = 1007,
                               policy_violation = 1008, too_big = 1009, internal_error = 1011,
                               try_again_later = 1013;
}

// Puts messages together from the frames of a client.
class WebSocketReader {
 public:
  explicit WebSocketReader(std::size_t message_bytes_max) : message_bytes_max_(message_bytes_max) {}

  enum class Event { none, text, ping, pong, close, failed };
  // Takes in `bytes` up to the end of the next message or control frame, and sets `*taken`. `none`:
  // all was taken, more is needed. After `close` and `failed` nothing more may be fed.
  Event feed(std::string_view bytes, std::size_t* taken);

  // What came with the last event: the text, or a ping's or pong's data.
  std::string take_payload();

  // Of a message that has begun and is not whole.
  std::size_t unfinished_bytes() const { return message_.size(); }
  bool has_unfinished_message() const {
    return message_begun_ || (in_payload_ && opcode_ <= WebSocketOpcode::binary);
  }

  // After `close`: the client's code, 1005 where it gave none. After `failed`: the code to close
  // with.
  std::uint16_t code() const { return code_; }
  // After `failed`.
  std::string_view failure() const { return failure_; }

 private:
  Event fail(std::uint16_t code, std::string_view why);
  // Of the frame's head that is in header_; how long it is, as far as can be told.
  std::size_t header_size() const;
  Event begin_frame();
  Event check_data_frame(WebSocketOpcode opcode, bool final, std::uint64_t size);
  Event end_frame();
  Event end_close();

  std::size_t message_bytes_max_;
  std::array<unsigned char, 14> header_;
  std::size_t header_filled_ = 0;
  bool in_payload_ = false;
  bool final_ = false;
  WebSocketOpcode opcode_ = WebSocketOpcode::text;
  std::array<unsigned char, 4> mask_{};
  std::uint64_t payload_size_ = 0;
  std::uint64_t payload_done_ = 0;
  bool message_begun_ = false;
  std::string message_;
  std::string control_;
  bool last_was_message_ = false;
  std::uint16_t code_ = 0;
  std::string_view failure_;
};

// The head of an unmasked, final frame.
std::string web_socket_frame_head(WebSocketOpcode opcode, std::uint64_t payload_size);

// A whole close frame. The reason is cut to 123 bytes, between characters; a code that may not be
// sent becomes 1011, and 1005 a frame without code.
std::string web_socket_close_frame(std::uint16_t code, std::string_view reason);

// May a close frame bear it (RFC 6455, 7.4)?
bool is_close_code(std::uint16_t code);

}  // namespace dth::net
