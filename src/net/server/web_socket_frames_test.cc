#include "net/server/web_socket_frames.h"

#include <gtest/gtest.h>

#include "base/encoding.h"
#include "net/server/testing/raw_client.h"
#include "net/server/web_socket_handshake.h"

namespace dth::net {
namespace {

using Event = WebSocketReader::Event;
using testing::RawClient;

struct Happening {
  Event event;
  std::string payload;
  std::uint16_t code;
  bool operator==(const Happening&) const = default;
};

std::vector<Happening> read(std::string_view bytes, std::size_t piece,
                            std::size_t message_bytes_max = 1000) {
  WebSocketReader reader(message_bytes_max);
  std::vector<Happening> happened;
  for (std::size_t at = 0; at < bytes.size();) {
    std::size_t taken = 0;
    const Event event = reader.feed(bytes.substr(at, piece), &taken);
    at += taken;
    if (event == Event::none) continue;
    const bool ends = event == Event::close || event == Event::failed;
    happened.push_back(
        {event, ends ? "" : reader.take_payload(), ends ? reader.code() : std::uint16_t{0}});
    if (ends) break;
  }
  return happened;
}

TEST(WebSocketReaderTest, MessagesAreWholeHoweverTheyCome) {
  const std::string long_text(700, 'x');
  const std::string bytes = RawClient::frame(1, "hello") + RawClient::frame(1, "in ", false) +
                            RawClient::frame(9, "p1") + RawClient::frame(0, "", false) +
                            RawClient::frame(10, "") + RawClient::frame(0, "parts \xc3\xa4") +
                            RawClient::frame(1, long_text) + RawClient::frame(1, "") +
                            RawClient::frame(8,
                                             "\x03\xe8"
                                             "bye");
  const std::vector<Happening> expected = {
      {Event::text, "hello", 0},   {Event::ping, "p1", 0},
      {Event::pong, "", 0},        {Event::text, "in parts \xc3\xa4", 0},
      {Event::text, long_text, 0}, {Event::text, "", 0},
      {Event::close, "", 1000}};
  for (std::size_t piece : {1, 2, 3, 7, 64, 5000}) EXPECT_EQ(read(bytes, piece), expected) << piece;
}

struct BadFrame {
  const char* name;
  std::string bytes;
  std::uint16_t code;
};
class BadFrameTest : public ::testing::TestWithParam<BadFrame> {};

TEST_P(BadFrameTest, ClosesWithItsCode) {
  for (std::size_t piece : {std::size_t{1}, std::size_t{5000}}) {
    const auto happened = read(GetParam().bytes, piece);
    ASSERT_EQ(happened.size(), 1u);
    EXPECT_EQ(happened[0].event, Event::failed);
    EXPECT_EQ(happened[0].code, GetParam().code);
  }
}

std::string changed(std::string frame, std::size_t at, unsigned char bits) {
  frame[at] = static_cast<char>(static_cast<unsigned char>(frame[at]) ^ bits);
  return frame;
}
std::string with_length(std::string_view length, char kind) {
  return std::string("\x81", 1) + kind + std::string(length) + "mask";
}

INSTANTIATE_TEST_SUITE_P(
    All, BadFrameTest,
    ::testing::Values(
        BadFrame{"unmasked", std::string("\x81\x05hello"), 1002},
        BadFrame{"unmasked_empty", std::string("\x81\x00", 2), 1002},
        BadFrame{"reserved_1", changed(RawClient::frame(1, "a"), 0, 0x40), 1002},
        BadFrame{"reserved_2", changed(RawClient::frame(1, "a"), 0, 0x20), 1002},
        BadFrame{"reserved_3", changed(RawClient::frame(9, "a"), 0, 0x10), 1002},
        BadFrame{"opcode_3", RawClient::frame(3, "a"), 1002},
        BadFrame{"opcode_11", RawClient::frame(11, "a"), 1002},
        BadFrame{"binary", RawClient::frame(2, "a"), 1003},
        BadFrame{"continues_nothing", RawClient::frame(0, "a"), 1002},
        BadFrame{"within_a_message", RawClient::frame(1, "a", false) + RawClient::frame(1, "b"),
                 1002},
        BadFrame{"ping_in_parts", RawClient::frame(9, "a", false), 1002},
        BadFrame{"long_ping", RawClient::frame(9, std::string(126, 'a')), 1002},
        BadFrame{"too_long", RawClient::frame(1, std::string(1001, 'a')), 1009},
        BadFrame{"too_long_in_parts",
                 RawClient::frame(1, std::string(900, 'a'), false) +
                     RawClient::frame(0, std::string(101, 'a')),
                 1009},
        BadFrame{"length_of_2_for_1",
                 with_length(std::string_view("\0\x05", 2), static_cast<char>(0xfe)), 1002},
        BadFrame{"length_of_8_for_2",
                 with_length(std::string_view("\0\0\0\0\0\0\x01\0", 8), static_cast<char>(0xff)),
                 1002},
        BadFrame{"negative_length",
                 with_length(std::string_view("\x80\0\0\0\0\0\0\0", 8), static_cast<char>(0xff)),
                 1002},
        BadFrame{"endless_length",
                 with_length(std::string_view("\x7f\xff\xff\xff\xff\xff\xff\xff", 8),
                             static_cast<char>(0xff)),
                 1009},
        BadFrame{"no_utf8", RawClient::frame(1, "\xff"), 1007},
        BadFrame{"surrogate", RawClient::frame(1, "\xed\xa0\x80"), 1007},
        BadFrame{"cut_utf8", RawClient::frame(1, "\xc3", false) + RawClient::frame(0, ""), 1007},
        BadFrame{"half_a_code", RawClient::frame(8, "\x03"), 1002},
        BadFrame{"code_999", RawClient::frame(8, "\x03\xe7"), 1002},
        BadFrame{"code_1005", RawClient::frame(8, "\x03\xed"), 1002},
        BadFrame{"code_1006", RawClient::frame(8, "\x03\xee"), 1002},
        BadFrame{"code_2999", RawClient::frame(8, "\x0b\xb7"), 1002},
        BadFrame{"bad_reason", RawClient::frame(8, "\x03\xe8\xff"), 1007}),
    [](const auto& info) { return info.param.name; });

TEST(WebSocketFrameTest, HeadsAreAsShortAsTheyCanBe) {
  EXPECT_EQ(hex_encode(as_bytes(web_socket_frame_head(WebSocketOpcode::text, 125))), "817d");
  EXPECT_EQ(hex_encode(as_bytes(web_socket_frame_head(WebSocketOpcode::text, 126))), "817e007e");
  EXPECT_EQ(hex_encode(as_bytes(web_socket_frame_head(WebSocketOpcode::text, 65535))), "817effff");
  EXPECT_EQ(hex_encode(as_bytes(web_socket_frame_head(WebSocketOpcode::text, 65536))),
            "817f0000000000010000");
  EXPECT_EQ(hex_encode(as_bytes(web_socket_close_frame(1000, "a"))), "880303e861");
  EXPECT_EQ(hex_encode(as_bytes(web_socket_close_frame(1005, "a"))), "8800");
  EXPECT_EQ(hex_encode(as_bytes(web_socket_close_frame(7, ""))), "880203f3");
  std::string reason(122, 'a');
  reason += "\xc3\xa4";
  EXPECT_EQ(web_socket_close_frame(1000, reason).size(), 2u + 2 + 122);
}

ServerRequest handshake(HttpHeaders headers) {
  ServerRequest request;
  request.method = "GET";
  request.headers = std::move(headers);
  return request;
}
HttpHeaders good() {
  return {{"Upgrade", "WebSocket"},
          {"Connection", "keep-alive, upgrade"},
          {"Sec-WebSocket-Version", "13"},
          {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
          {"Sec-WebSocket-Protocol", "one, two"},
          {"Sec-WebSocket-Protocol", "three"}};
}

TEST(WebSocketHandshakeTest, TheExampleOfTheStandard) {
  const auto answer = answer_websocket(handshake(good()), false, {});
  EXPECT_EQ(answer.status, 101u);
  EXPECT_EQ(answer.headers.find("Sec-WebSocket-Accept"), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  EXPECT_FALSE(answer.headers.find("Sec-WebSocket-Protocol"));
}

TEST(WebSocketHandshakeTest, TheFirstOfOursThatIsOffered) {
  EXPECT_EQ(answer_websocket(handshake(good()), false, {"four", "three", "one"}).subprotocol,
            "three");
  EXPECT_EQ(answer_websocket(handshake(good()), false, {"four"}).status, 400u);
}

TEST(WebSocketHandshakeTest, OthersAreRefused) {
  const auto status = [](const char* name, const char* value) {
    HttpHeaders headers = good();
    headers.set(name, value);
    return answer_websocket(handshake(std::move(headers)), false, {}).status;
  };
  EXPECT_EQ(status("Upgrade", "h2c"), 400u);
  EXPECT_EQ(status("Connection", "keep-alive"), 400u);
  EXPECT_EQ(status("Sec-WebSocket-Version", "8"), 426u);
  EXPECT_EQ(status("Sec-WebSocket-Key", "c2hvcnQ="), 400u);
  EXPECT_EQ(status("Sec-WebSocket-Key", "?"), 400u);
  EXPECT_EQ(answer_websocket(handshake(good()), true, {}).status, 400u);
  ServerRequest post = handshake(good());
  post.method = "POST";
  EXPECT_EQ(answer_websocket(post, false, {}).status, 400u);
}

}  // namespace
}  // namespace dth::net
