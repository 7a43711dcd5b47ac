#include "objects/file/attributes.h"

#include <cerrno>

#include <fcntl.h>
#include <gtest/gtest.h>

#include "objects/file/content_type.h"
#include "objects/file/descriptor.h"
#include "objects/file/testing/directory_under_test.h"

namespace dth::objects::file {
namespace {

Attributes everything() {
  Attributes attributes;
  attributes.metadata.content_type = "text/plain";
  attributes.metadata.content_encoding = "gzip";
  attributes.metadata.content_language = "de";
  attributes.metadata.content_disposition = "attachment; filename=\"a: b\"";
  attributes.metadata.cache_control = "no-cache";
  attributes.metadata.expires = "never";
  attributes.metadata.website_redirect_location = "/x";
  attributes.metadata.user = {{"a", "1: 2"}, {"b", ""}, {"c", "\xFF\xFE"}};
  attributes.checksums.crc64nvme = "AAAA";
  attributes.checksums.sha256 = "BBBB";
  attributes.checksums_size = 12;
  attributes.checksums_mtime = {34, 56};
  attributes.origin = {"etag-2", TimePoint(std::chrono::microseconds(0)),
                       TimePoint(std::chrono::microseconds(-5))};
  return attributes;
}

TEST(Attributes, ComeBackAsTheyWere) {
  const Attributes before = everything();
  const Attributes after = parse_attributes(format_attributes(before));
  EXPECT_EQ(after.metadata, before.metadata);
  EXPECT_EQ(after.checksums.crc64nvme, "AAAA");
  EXPECT_EQ(after.checksums.sha256, "BBBB");
  EXPECT_EQ(after.checksums_size, 12u);
  EXPECT_EQ(after.checksums_mtime.tv_nsec, 56);
  EXPECT_EQ(after.marker_written, TimePoint{});
  EXPECT_EQ(after.origin.etag, "etag-2");
  EXPECT_EQ(after.origin.modified, before.origin.modified);
  EXPECT_EQ(after.origin.read_from, before.origin.read_from);
}

TEST(Attributes, AnOriginHoldsForTheFileAsItWasWritten) {
  Attributes attributes;
  attributes.origin.etag = "e";
  attributes.checksums_size = 12;
  attributes.checksums_mtime = {34, 56};
  const Attributes read = parse_attributes(format_attributes(attributes));
  struct stat file {};
  file.st_size = 12;
  file.st_mtim = {34, 56};
  EXPECT_EQ(head_of("f", file, read).info.origin.etag, "e");
  file.st_ctim = {99, 0};
  EXPECT_EQ(head_of("f", file, read).info.origin.etag, "e") << "whatever else was done to the file";
  file.st_mtim = {35, 56};
  EXPECT_FALSE(head_of("f", file, read).info.origin.known());
  attributes.origin = {"two\nlines", {}, {}};
  EXPECT_FALSE(parse_attributes(format_attributes(attributes)).origin.known());
}

TEST(Attributes, RubbishIsPassedOver) {
  const Attributes attributes = parse_attributes(
      "content-type: a/b\nnonsense\nfuture: x\n: \n\nchecksums-of: what\ncrc64nvme: "
      "AAAA\ncontent-language: d");
  EXPECT_EQ(attributes.metadata.content_type, "a/b");
  EXPECT_EQ(attributes.metadata.content_language, "d");
  EXPECT_EQ(attributes.checksums.crc64nvme, "");  // of nobody knows what
  EXPECT_EQ(parse_attributes("crc64nvme: AAAA\n").checksums.crc64nvme, "");
}

TEST(Attributes, WhatIsNoLineIsRefused) {
  ObjectMetadata metadata = everything().metadata;
  EXPECT_EQ(attributes_problem(metadata), std::nullopt);
  metadata.user.emplace_back("d", "two\nlines");
  EXPECT_NE(attributes_problem(metadata), std::nullopt);
  metadata.user.back() = {"d: e", "x"};
  EXPECT_NE(attributes_problem(metadata), std::nullopt);
  metadata.user.pop_back();
  metadata.cache_control = "a\nmeta-forged: x";
  EXPECT_NE(attributes_problem(metadata), std::nullopt);
}

TEST(Attributes, AreKeptWithAFile) {
  const TestDirectory directory;
  const Descriptor file(::open((directory.path() / "f").c_str(), O_RDWR | O_CREAT, 0600));
  ASSERT_TRUE(keeps_attributes(file.get()))
      << "the tests need a file system with extended attributes below TMPDIR";
  EXPECT_FALSE(has_attributes(file.get()));
  EXPECT_FALSE(read_attributes(file.get(), "f").value().has_value());
  ASSERT_TRUE(write_attributes(file.get(), everything(), "f").value());
  EXPECT_EQ(read_attributes(file.get(), "f").value()->metadata, everything().metadata);
  ASSERT_TRUE(remove_attributes(file.get(), "f").has_value());
  EXPECT_FALSE(has_attributes(file.get()));
}

// A file system in user space on which each of these fails in a way of its own.
class FailingCalls {
 public:
  FailingCalls() {
    attribute_calls.get = [](int, const char*, void*, std::size_t) -> ssize_t { return fail(); };
    attribute_calls.list = [](int, char*, std::size_t) -> ssize_t { return fail(); };
    attribute_calls.set = [](int, const char*, const void*, std::size_t, int) { return fail(); };
    attribute_calls.remove = [](int, const char*) { return fail(); };
  }
  ~FailingCalls() { attribute_calls = before_; }
  static int fail() {
    errno = number;
    return -1;
  }
  static inline int number = EIO;

 private:
  const AttributeCalls before_ = attribute_calls;
};

TEST(Attributes, WhereTheyDoNotWorkThereAreNone) {
  const TestDirectory directory;
  const Descriptor file(::open((directory.path() / "f").c_str(), O_RDWR | O_CREAT, 0600));
  const FailingCalls failing;
  for (int number : {EIO, EPERM, EINVAL, ENOSYS, EOPNOTSUPP}) {
    FailingCalls::number = number;
    EXPECT_FALSE(keeps_attributes(file.get())) << number;
    auto read = read_attributes(file.get(), "f");
    ASSERT_TRUE(read.has_value()) << read.error().to_string();
    EXPECT_FALSE(read->has_value());
    EXPECT_FALSE(write_attributes(file.get(), everything(), "f").value());
    EXPECT_TRUE(remove_attributes(file.get(), "f").has_value());
  }
}

TEST(Attributes, ThatAreThereAndCannotBeReadAreAnError) {
  const TestDirectory directory;
  const Descriptor file(::open((directory.path() / "f").c_str(), O_RDWR | O_CREAT, 0600));
  ASSERT_TRUE(write_attributes(file.get(), everything(), "f").value());
  const AttributeCalls before = attribute_calls;
  FailingCalls::number = EIO;
  attribute_calls.get = [](int, const char*, void*, std::size_t) -> ssize_t {
    return FailingCalls::fail();
  };
  auto read = read_attributes(file.get(), "f");
  attribute_calls = before;
  ASSERT_TRUE(read.has_error());
  EXPECT_EQ(read.error().detail, "EIO");
}

TEST(Attributes, NoSpaceForThemIsNoFullDestination) {
  const TestDirectory directory;
  const Descriptor file(::open((directory.path() / "f").c_str(), O_RDWR | O_CREAT, 0600));
  const FailingCalls failing;
  FailingCalls::number = ENOSPC;
  auto written = write_attributes(file.get(), everything(), "f");
  ASSERT_TRUE(written.has_error());
  EXPECT_EQ(written.error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(written.error().reason, ErrorReason::unspecified);
}

TEST(Attributes, MoreThanTheFileSystemTakesIsRefused) {
  const TestDirectory directory;
  const Descriptor file(::open((directory.path() / "f").c_str(), O_RDWR | O_CREAT, 0600));
  Attributes attributes;
  attributes.metadata.user = {{"large", std::string(80'000, 'x')}};
  auto written = write_attributes(file.get(), attributes, "f");
  ASSERT_TRUE(written.has_error());
  EXPECT_NE(written.error().message.find("the metadata of f"), std::string::npos)
      << written.error().message;
}

struct stat status_of(std::uint64_t size, timespec mtime) {
  struct stat status {};
  status.st_size = static_cast<off_t>(size);
  status.st_mtim = mtime;
  return status;
}

TEST(HeadOfFile, ChecksumsHoldForTheBytesThatTheyAreOf) {
  const Attributes attributes = everything();
  EXPECT_EQ(head_of("a", status_of(12, {34, 56}), attributes).checksums.crc64nvme, "AAAA");
  EXPECT_EQ(head_of("a", status_of(13, {34, 56}), attributes).checksums.crc64nvme, "");
  EXPECT_EQ(head_of("a", status_of(12, {34, 57}), attributes).checksums.crc64nvme, "");
}

TEST(HeadOfFile, TellsItsTimeAsRcloneDoes) {
  using User = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(head_of("a", status_of(1, {34, 500'000'000}), std::nullopt).metadata.user,
            (User{{"mtime", "34.5"}}));
  Attributes attributes;
  attributes.metadata.user = {{"a", "b"}, {"mtime", "34.500"}};
  // The same time in other words is told in these; another one was overtaken by whoever touched the
  // file since.
  EXPECT_EQ(head_of("a", status_of(1, {34, 500'000'000}), attributes).metadata.user,
            (User{{"a", "b"}, {"mtime", "34.500"}}));
  EXPECT_EQ(head_of("a", status_of(1, {35, 0}), attributes).metadata.user,
            (User{{"a", "b"}, {"mtime", "35"}}));
  attributes.metadata.user = {{"mtime", "yesterday"}};
  EXPECT_EQ(head_of("a", status_of(1, {35, 0}), attributes).metadata.user,
            (User{{"mtime", "yesterday"}}));
}

TEST(ContentType, IsGuessedFromTheEnding) {
  EXPECT_EQ(guess_content_type("a/b.PNG"), "image/png");
  EXPECT_EQ(guess_content_type("archive.tar.gz"), "application/gzip");
  EXPECT_EQ(guess_content_type("index.html"), "text/html");
  for (std::string_view key : {"a", ".png", "dir.png/a", "a.unheardof", "a.", ""})
    EXPECT_EQ(guess_content_type(key), "") << key;
  EXPECT_EQ(head_of("a.css", status_of(1, {}), std::nullopt).metadata.content_type, "text/css");
  EXPECT_EQ(head_of("a.css", status_of(1, {}), everything()).metadata.content_type, "text/plain");
}

}  // namespace
}  // namespace dth::objects::file
