#include "plugins/object_copy/comparison.h"

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

objects::ObjectInfo object(std::uint64_t size, std::string etag, int modified_s) {
  objects::ObjectInfo info;
  info.key = "k";
  info.size = size;
  info.etag = std::move(etag);
  info.last_modified = TimePoint(std::chrono::seconds(modified_s));
  return info;
}

constexpr char md5_a[] = "0cc175b9c0f1b6a831c399e269772661";
constexpr char md5_b[] = "92eb5ffee6ae2fec3ad71c777531578f";

TEST(Comparison, OtherSizeIsNeverTheSame) {
  EXPECT_FALSE(is_same(object(1, md5_a, 1), object(2, md5_a, 9)));
}

TEST(Comparison, EqualEtagsDecideWhateverTheTimes) {
  EXPECT_TRUE(is_same(object(1, md5_a, 9), object(1, md5_a, 1)));
}

TEST(Comparison, NoEtagsAreNotEqualEtags) { EXPECT_FALSE(is_same(object(1, "", 9), object(1, "", 1))); }

TEST(Comparison, SameSizeEditIsSeen) { EXPECT_FALSE(is_same(object(1, md5_b, 9), object(1, md5_a, 5))); }

TEST(Comparison, MultipartObjectsAreNotCopiedForEver) {
  EXPECT_TRUE(is_same(object(1, std::string(md5_a) + "-3", 5), object(1, md5_b, 6)));
}

TEST(Comparison, WrittenInTheSameInstantIsNotAfter) { EXPECT_FALSE(is_same(object(1, md5_a, 5), object(1, md5_b, 5))); }

TEST(Comparison, Md5Etags) {
  EXPECT_TRUE(is_md5_etag(md5_a));
  EXPECT_TRUE(is_md5_etag("0CC175B9C0F1B6A831C399E269772661"));
  EXPECT_FALSE(is_md5_etag(std::string(md5_a) + "-3"));
  EXPECT_FALSE(is_md5_etag("0cc175b9c0f1b6a831c399e26977266g"));
  EXPECT_FALSE(is_md5_etag(""));
}

TEST(Comparison, ArchivedClasses) {
  EXPECT_TRUE(is_archived("GLACIER"));
  EXPECT_TRUE(is_archived("DEEP_ARCHIVE"));
  EXPECT_FALSE(is_archived("GLACIER_IR"));
  EXPECT_FALSE(is_archived(""));
}

}  // namespace
}  // namespace dth::object_copy
