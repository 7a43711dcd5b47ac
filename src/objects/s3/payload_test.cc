#include "objects/s3/payload.h"

#include <gtest/gtest.h>

#include "base/testing/run_for_test.h"

namespace dth::objects::s3 {
namespace {

// Pieces, then the end or an error. They are at hand or have to be waited for, and nothing that is
// sent may tell.
class PiecesBody final : public Body {
 public:
  PiecesBody(std::vector<std::string> pieces, std::uint64_t announced, bool at_hand,
             std::optional<Error> end = {})
      : pieces_(std::move(pieces)),
        announced_(announced),
        at_hand_(at_hand),
        end_(std::move(end)) {}
  std::uint64_t size() const override { return announced_; }
  Async<Result<Bytes>> next() override { co_return take(); }
  std::optional<Result<Bytes>> try_next() override {
    return at_hand_ ? std::optional(take()) : std::nullopt;
  }
  bool rewind() override {
    ++rewinds;
    taken_ = 0;
    return true;
  }

  int takes = 0, rewinds = 0;

 private:
  Result<Bytes> take() {
    ++takes;
    if (taken_ < pieces_.size()) return as_bytes(pieces_[taken_++]);
    if (end_) return *end_;
    return Bytes();
  }
  const std::vector<std::string> pieces_;
  const std::uint64_t announced_;
  const bool at_hand_;
  const std::optional<Error> end_;
  std::size_t taken_ = 0;
};

class OutgoingBodyTest : public ::testing::TestWithParam<bool> {
 protected:
  PiecesBody pieces(std::vector<std::string> pieces, std::uint64_t announced,
                    std::optional<Error> end = {}) {
    return PiecesBody(std::move(pieces), announced, GetParam(), std::move(end));
  }
  // As a requester does it: what is at hand is taken, for the rest is waited.
  Result<void> look_ahead(OutgoingBody& body) {
    const auto at_hand = body.try_look_ahead();
    EXPECT_TRUE(at_hand.has_value() || !GetParam());
    return at_hand ? *at_hand : run_for_test(context_, body.look_ahead());
  }
  Result<void> finish(OutgoingBody& body) {
    const auto at_hand = body.try_finish();
    return at_hand ? *at_hand : run_for_test(context_, body.finish());
  }
  Result<std::string> read(OutgoingBody& body) {
    return run_for_test(context_, read_all(body, 100));
  }

  boost::asio::io_context context_;
};

TEST_P(OutgoingBodyTest, AWholeBodyIsKnownAheadAndReadOnce) {
  PiecesBody source = pieces({"abc"}, 3);
  OutgoingBody body(source);
  ASSERT_TRUE(look_ahead(body).has_value());
  EXPECT_TRUE(body.whole());
  EXPECT_EQ(body.first().size(), 3u);
  EXPECT_TRUE(look_ahead(body).has_value()) << "what is known is not asked for again";
  EXPECT_TRUE(finish(body).has_value());
  EXPECT_EQ(source.takes, 2) << "the piece and the end";
}

TEST_P(OutgoingBodyTest, AfterTheFirstPieceComeTheOthersAndFromItsStartAgain) {
  PiecesBody source = pieces({"abc", "de"}, 5);
  OutgoingBody body(source);
  ASSERT_TRUE(look_ahead(body).has_value());
  EXPECT_FALSE(body.whole());
  EXPECT_EQ(*read(body), "abcde");
  ASSERT_TRUE(body.rewind());
  EXPECT_EQ(*read(body), "abcde");
}

TEST_P(OutgoingBodyTest, TheFirstPieceAloneIsSentAgainWithoutTheSource) {
  PiecesBody source = pieces({"abc", "de"}, 5);
  OutgoingBody body(source);
  ASSERT_TRUE(look_ahead(body).has_value());
  EXPECT_EQ(run_for_test(context_, body.next())->size(), 3u);
  ASSERT_TRUE(body.rewind());
  EXPECT_EQ(source.rewinds, 0) << "the piece still stands in its buffer";
  EXPECT_EQ(*read(body), "abcde");
}

TEST_P(OutgoingBodyTest, ASourceWithMoreThanItAnnouncedIsNoticedAtItsEnd) {
  PiecesBody source = pieces({"abc", "surplus"}, 3);
  OutgoingBody body(source);
  ASSERT_TRUE(look_ahead(body).has_value());
  EXPECT_TRUE(body.whole());
  EXPECT_EQ(finish(body).error().code, ErrorCode::data_corrupted);
}

TEST_P(OutgoingBodyTest, WhyTheSourceFailedIsRemembered) {
  const Error broken{ErrorCode::unavailable, "the source broke off", ""};
  for (const bool ahead : {true, false}) {
    PiecesBody source =
        pieces(ahead ? std::vector<std::string>{} : std::vector<std::string>{"abc"}, 5, broken);
    OutgoingBody body(source);
    const auto looked = look_ahead(body);
    EXPECT_EQ(looked.has_error(), ahead);
    if (!ahead) {
      EXPECT_EQ(read(body).error().message, broken.message);
    }
    ASSERT_TRUE(body.failure());
    EXPECT_EQ(body.failure()->message, broken.message);
    EXPECT_FALSE(body.rewind()) << "what is read again would be another body";
  }
}

TEST_P(OutgoingBodyTest, ALargeBodyIsNotAskedForAhead) {
  PiecesBody source = pieces({"abc"}, OutgoingBody::ahead_size_max + 1);
  OutgoingBody body(source);
  EXPECT_TRUE(body.try_look_ahead().has_value());
  EXPECT_TRUE(body.first().empty());
  EXPECT_FALSE(body.whole());
}

INSTANTIATE_TEST_SUITE_P(Ways, OutgoingBodyTest, ::testing::Bool(),
                         [](const auto& info) { return info.param ? "AtHand" : "AfterAWait"; });

}  // namespace
}  // namespace dth::objects::s3
