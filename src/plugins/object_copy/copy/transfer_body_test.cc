#include "plugins/object_copy/copy/transfer_body.h"

#include <gtest/gtest.h>

#include "base/testing/run_for_test.h"

namespace dth::object_copy {
namespace {

// Bytes in pieces, each in one buffer that is overwritten by the next call, at the end as well: as
// a socket's.
class OneBufferBody final : public Body {
 public:
  OneBufferBody(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}
  std::uint64_t size() const override { return text_.size(); }
  Async<Result<Bytes>> next() override {
    buffer_.assign(piece_, '?');
    const std::string piece = text_.substr(at_, piece_);
    at_ += piece.size();
    std::copy(piece.begin(), piece.end(), buffer_.begin());
    co_return as_bytes(buffer_).first(piece.size());
  }

 private:
  std::string text_, buffer_;
  std::size_t piece_, at_ = 0;
};

class TransferBodyTest : public ::testing::Test {
 protected:
  // The inner body and what wraps it, its first piece read.
  TransferBody& open(std::string text, std::size_t piece, std::optional<HashAlgorithm> algorithm) {
    inner_.emplace(std::move(text), piece);
    const Bytes first = run_for_test(context_, inner_->next()).value();
    body_.emplace(*inner_, first, algorithm);
    return *body_;
  }
  std::string read() { return run_for_test(context_, read_all(*body_, 1'000)).value(); }

  boost::asio::io_context context_;
  std::optional<OneBufferBody> inner_;
  std::optional<TransferBody> body_;
};

TEST_F(TransferBodyTest, AWholeBodyIsKnownBeforeItIsSentAndMayBeSentAgain) {
  TransferBody& body = open("small", 10, HashAlgorithm::md5);
  EXPECT_TRUE(body.is_whole());
  EXPECT_EQ(body.digest()->hex(), hash(HashAlgorithm::md5, as_bytes(std::string("small"))).hex());
  EXPECT_EQ(read(), "small");
  ASSERT_TRUE(body.rewind()) << "even after its end";
  EXPECT_EQ(read(), "small");
  EXPECT_EQ(body.digest()->hex(), hash(HashAlgorithm::md5, as_bytes(std::string("small"))).hex());
}

TEST_F(TransferBodyTest, TwoDigestsOfTheSameBytes) {
  for (std::size_t piece : {3u, 100u}) {
    OneBufferBody inner("some bytes in pieces", piece);
    const Bytes first = run_for_test(context_, inner.next()).value();
    TransferBody body(inner, first, HashAlgorithm::md5, HashAlgorithm::crc32c);
    EXPECT_EQ(run_for_test(context_, read_all(body, 1'000)).value(), "some bytes in pieces");
    EXPECT_EQ(*body.digest(), hash(HashAlgorithm::md5, as_bytes("some bytes in pieces")));
    EXPECT_EQ(*body.also(), hash(HashAlgorithm::crc32c, as_bytes("some bytes in pieces")));
  }
}

TEST_F(TransferBodyTest, AnEmptyBodyIsWhole) {
  TransferBody& body = open("", 10, HashAlgorithm::sha256);
  EXPECT_TRUE(body.is_whole());
  EXPECT_EQ(body.digest()->hex(), hash(HashAlgorithm::sha256, {}).hex());
  EXPECT_EQ(read(), "");
  EXPECT_TRUE(body.rewind());
}

TEST_F(TransferBodyTest, ALongBodyIsHashedAsItPasses) {
  const std::string text = "longer than one piece";
  TransferBody& body = open(text, 4, HashAlgorithm::crc64nvme);
  EXPECT_FALSE(body.is_whole());
  EXPECT_EQ(body.size(), text.size());
  EXPECT_EQ(read(), text);
  EXPECT_EQ(body.digest()->hex(), hash(HashAlgorithm::crc64nvme, as_bytes(text)).hex());
  EXPECT_FALSE(body.rewind()) << "its bytes are gone";
}

TEST_F(TransferBodyTest, ALongBodyMayBeSentAgainWhileOnlyItsFirstPieceWasRead) {
  const std::string text = "longer than one piece";
  TransferBody& body = open(text, 4, HashAlgorithm::md5);
  EXPECT_EQ(run_for_test(context_, body.next()).value().size(), 4u);
  ASSERT_TRUE(body.rewind());
  EXPECT_EQ(read(), text);
  EXPECT_EQ(body.digest()->hex(), hash(HashAlgorithm::md5, as_bytes(text)).hex())
      << "the first piece counts once";
}

TEST_F(TransferBodyTest, NothingIsHashedUnasked) {
  TransferBody& body = open("longer than one piece", 4, std::nullopt);
  read();
  EXPECT_FALSE(body.digest().has_value());
}

}  // namespace
}  // namespace dth::object_copy
