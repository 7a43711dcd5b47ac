#include "net/chunk_decoder.h"

#include <gtest/gtest.h>

namespace dth::net {
namespace {

TEST(ChunkDecoderTest, ChunksMayComeInAnyPieces) {
  constexpr std::string_view text = "5;a=b\r\nhello\r\nA\r\n0123456789\r\n0\r\nx-trailer: y\r\n\r\n";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    ChunkDecoder decoder;
    std::array<std::byte, 64> buffer{};
    std::span<std::byte> space(buffer);
    std::size_t begin = 0;
    for (std::size_t end = 0; end < text.size();) {
      end = std::min(text.size(), end + step);
      auto taken = decoder.feed(as_bytes(text.substr(begin, end - begin)), &space);
      ASSERT_TRUE(taken.has_value()) << step << ": " << taken.error().to_string();
      begin += *taken;
    }
    EXPECT_TRUE(decoder.is_done()) << step;
    EXPECT_EQ(std::string(reinterpret_cast<char*>(buffer.data()), buffer.size() - space.size()), "hello0123456789");
  }
}

TEST(ChunkDecoderTest, WhatFollowsTheBodyIsLeft) {
  constexpr std::string_view text = "1\r\na\r\n0\r\n\r\nHTTP/1.1 200 OK";
  ChunkDecoder decoder;
  std::array<std::byte, 64> buffer{};
  std::span<std::byte> space(buffer);
  EXPECT_EQ(*decoder.feed(as_bytes(text), &space), text.find('H'));
  EXPECT_TRUE(decoder.is_done());
}

TEST(ChunkDecoderTest, WhatIsNoChunkIsRefused) {
  for (const char* text : {"hello\r\n", "-1\r\na\r\n", "1\r\nab\r\n0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\na", "1\na\n0\n\n\r\n"}) {
    ChunkDecoder decoder;
    std::array<std::byte, 64> buffer{};
    std::span<std::byte> space(buffer);
    std::string_view left = text;
    bool failed = false;
    for (int turn = 0; turn < 4 && !failed; ++turn) {
      auto taken = decoder.feed(as_bytes(left), &space);
      failed = taken.has_error();
      if (failed) EXPECT_EQ(taken.error().code, ErrorCode::data_corrupted);
      else left.remove_prefix(*taken);
    }
    EXPECT_TRUE(failed) << text;
  }
}

}  // namespace
}  // namespace dth::net
