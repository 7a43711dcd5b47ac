#include "net/server/web_socket_frames.h"

#include <algorithm>

#include "base/encoding.h"

namespace dth::net {
namespace {

constexpr std::size_t control_bytes_max = 125;
constexpr std::size_t reason_bytes_max = control_bytes_max - 2;
constexpr unsigned char final_bit = 0x80, reserved_bits = 0x70, opcode_bits = 0x0f, mask_bit = 0x80,
                        length_bits = 0x7f;

bool is_control(WebSocketOpcode opcode) { return static_cast<unsigned>(opcode) >= 8; }

bool is_known(unsigned opcode) { return opcode <= 2 || (opcode >= 8 && opcode <= 10); }

std::uint64_t big_endian(const unsigned char* bytes, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | bytes[i];
  return value;
}

}  // namespace

WebSocketReader::Event WebSocketReader::fail(std::uint16_t code, std::string_view why) {
  code_ = code;
  failure_ = why;
  return Event::failed;
}

std::size_t WebSocketReader::header_size() const {
  if (header_filled_ < 2) return 2;
  const unsigned length = header_[1] & length_bits;
  const std::size_t extended = length == 126 ? 2 : length == 127 ? 8 : 0;
  return 2 + extended + 4;
}

WebSocketReader::Event WebSocketReader::feed(std::string_view bytes, std::size_t* taken) {
  *taken = 0;
  for (;;) {
    if (!in_payload_) {
      while (header_filled_ < header_size() && *taken < bytes.size()) {
        header_[header_filled_++] = static_cast<unsigned char>(bytes[(*taken)++]);
        // Who does not mask has no mask to wait for.
        if (header_filled_ == 2 && (header_[1] & mask_bit) == 0)
          return fail(close_code::protocol_error, "an unmasked frame");
      }
      if (header_filled_ < header_size()) return Event::none;
      if (begin_frame() == Event::failed) return Event::failed;
    }
    std::string& target = is_control(opcode_) ? control_ : message_;
    const std::size_t size =
        std::min<std::uint64_t>(bytes.size() - *taken, payload_size_ - payload_done_);
    const std::size_t before = target.size();
    target.append(bytes.substr(*taken, size));
    for (std::size_t i = 0; i < size; ++i)
      target[before + i] ^= static_cast<char>(mask_[(payload_done_ + i) % 4]);
    *taken += size;
    payload_done_ += size;
    if (payload_done_ < payload_size_) return Event::none;
    const Event event = end_frame();
    if (event != Event::none) return event;
  }
}

WebSocketReader::Event WebSocketReader::begin_frame() {
  const unsigned opcode = header_[0] & opcode_bits;
  const bool final = (header_[0] & final_bit) != 0;
  if ((header_[0] & reserved_bits) != 0)
    return fail(close_code::protocol_error, "reserved bits are set");
  if (!is_known(opcode)) return fail(close_code::protocol_error, "an unknown opcode");
  const std::size_t extended = header_size() - 6;
  const std::uint64_t size =
      extended == 0 ? header_[1] & length_bits : big_endian(&header_[2], extended);
  if ((extended == 2 && size < 126) || (extended == 8 && (size <= 0xffff || size >> 63 != 0))) {
    return fail(close_code::protocol_error, "a length that is not written as short as it can be");
  }
  const auto kind = static_cast<WebSocketOpcode>(opcode);
  if (is_control(kind)) {
    if (!final || size > control_bytes_max)
      return fail(close_code::protocol_error, "a control frame in parts, or too long");
    control_.clear();
  } else if (check_data_frame(kind, final, size) == Event::failed) {
    return Event::failed;
  }
  std::copy_n(&header_[2 + extended], mask_.size(), mask_.begin());
  opcode_ = kind;
  final_ = final;
  payload_size_ = size;
  payload_done_ = 0;
  in_payload_ = true;
  return Event::none;
}

WebSocketReader::Event WebSocketReader::check_data_frame(WebSocketOpcode opcode, bool final,
                                                         std::uint64_t size) {
  const bool continues = opcode == WebSocketOpcode::continuation;
  if (continues != message_begun_) {
    return fail(close_code::protocol_error,
                continues ? "a continuation of nothing" : "a message within a message");
  }
  if (opcode == WebSocketOpcode::binary)
    return fail(close_code::unsupported_data, "a binary message, where text is taken");
  if (!continues) message_.clear();
  if (size > message_bytes_max_ - message_.size())
    return fail(close_code::too_big, "a message that is longer than is taken");
  message_begun_ = !final;
  return Event::none;
}

WebSocketReader::Event WebSocketReader::end_frame() {
  in_payload_ = false;
  header_filled_ = 0;
  last_was_message_ = !is_control(opcode_);
  switch (opcode_) {
    case WebSocketOpcode::ping:
      return Event::ping;
    case WebSocketOpcode::pong:
      return Event::pong;
    case WebSocketOpcode::close:
      return end_close();
    default:
      break;
  }
  if (!final_) return Event::none;
  if (!is_valid_utf8(message_)) return fail(close_code::bad_payload, "text that is not UTF-8");
  return Event::text;
}

WebSocketReader::Event WebSocketReader::end_close() {
  code_ = close_code::no_status;
  if (control_.empty()) return Event::close;
  if (control_.size() == 1) return fail(close_code::protocol_error, "half a close code");
  const auto code = static_cast<std::uint16_t>(
      big_endian(reinterpret_cast<const unsigned char*>(control_.data()), 2));
  if (!is_close_code(code))
    return fail(close_code::protocol_error, "a close code that may not be sent");
  if (!is_valid_utf8(std::string_view(control_).substr(2)))
    return fail(close_code::bad_payload, "a reason that is not UTF-8");
  code_ = code;
  return Event::close;
}

std::string WebSocketReader::take_payload() {
  return std::exchange(last_was_message_ ? message_ : control_, {});
}

std::string web_socket_frame_head(WebSocketOpcode opcode, std::uint64_t payload_size) {
  std::string head(1, static_cast<char>(final_bit | static_cast<unsigned char>(opcode)));
  std::size_t extended = 0;
  if (payload_size <= control_bytes_max) {
    head += static_cast<char>(payload_size);
  } else {
    extended = payload_size <= 0xffff ? 2 : 8;
    head += static_cast<char>(extended == 2 ? 126 : 127);
  }
  for (std::size_t i = extended; i-- > 0;)
    head += static_cast<char>(payload_size >> (8 * i) & 0xff);
  return head;
}

bool is_close_code(std::uint16_t code) {
  if (code >= 1000 && code <= 1014) return code != 1004 && code != 1005 && code != 1006;
  return code >= 3000 && code <= 4999;
}

std::string web_socket_close_frame(std::uint16_t code, std::string_view reason) {
  if (code == close_code::no_status) return web_socket_frame_head(WebSocketOpcode::close, 0);
  if (!is_close_code(code)) code = close_code::internal_error;
  std::size_t size = std::min(reason.size(), reason_bytes_max);
  while (size > 0 && size < reason.size() &&
         (static_cast<unsigned char>(reason[size]) & 0xc0) == 0x80)
    --size;
  reason = reason.substr(0, size);
  if (!is_valid_utf8(reason)) reason = {};
  std::string frame = web_socket_frame_head(WebSocketOpcode::close, 2 + reason.size());
  frame += static_cast<char>(code >> 8);
  frame += static_cast<char>(code & 0xff);
  frame += reason;
  return frame;
}

}  // namespace dth::net
