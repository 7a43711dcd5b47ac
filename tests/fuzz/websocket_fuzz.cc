// What a client sends after a WebSocket's handshake. However it is cut into pieces, the same
// messages are understood.
#include <algorithm>
#include <string>

#include "base/encoding.h"
#include "fuzz/fuzz.h"
#include "net/server/web_socket_frames.h"

using namespace dth;
using namespace dth::net;

namespace {

constexpr std::size_t message_bytes_max = 4096;
using Event = WebSocketReader::Event;

void check(Event event, const WebSocketReader& reader, std::string_view payload) {
  switch (event) {
    case Event::text:
      fuzz::require(is_valid_utf8(payload), "a text is UTF-8");
      fuzz::require(payload.size() <= message_bytes_max, "a message has its bound");
      break;
    case Event::ping:
    case Event::pong:
      fuzz::require(payload.size() <= 125, "a control frame is short");
      break;
    case Event::close:
      fuzz::require(reader.code() == close_code::no_status || is_close_code(reader.code()),
                    "a code may be sent");
      break;
    case Event::failed:
      fuzz::require(is_close_code(reader.code()), "the code of a failure may be sent");
      fuzz::require(!reader.failure().empty(), "a failure has its reason");
      break;
    case Event::none:
      break;
  }
}

// All that happened, as text.
std::string read(std::string_view text, std::size_t piece) {
  WebSocketReader reader(message_bytes_max);
  std::string happened;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t taken = 0;
    const std::string_view given = text.substr(at, piece);
    const Event event = reader.feed(given, &taken);
    fuzz::require(taken <= given.size(), "no more is taken than was given");
    fuzz::require(event != Event::none || taken == given.size(),
                  "all is taken, or something has happened");
    at += taken;
    if (event == Event::none) continue;
    const bool ends = event == Event::close || event == Event::failed;
    const std::string payload = ends ? std::to_string(reader.code()) : reader.take_payload();
    check(event, reader, payload);
    happened += std::to_string(static_cast<int>(event)) + payload + "\n";
    if (ends) break;
  }
  return happened;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text = fuzz::as_text(data + 1, size - 1);
  fuzz::require(read(text, data[0] + std::size_t{1}) == read(text, text.size() + 1),
                "pieces mean what the whole means");
  const std::string frame = web_socket_close_frame(static_cast<std::uint16_t>(data[0] << 4), text);
  fuzz::require(frame.size() <= 2 + 125 && static_cast<std::size_t>(frame[1]) == frame.size() - 2,
                "a close frame is short");
  return 0;
}
