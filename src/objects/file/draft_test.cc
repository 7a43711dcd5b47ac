#include "objects/file/draft.h"

#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gtest/gtest.h>

#include "base/hash.h"
#include "objects/file/testing/directory_under_test.h"
#include "objects/file/token.h"

namespace dth::objects::file {
namespace {

namespace fs = std::filesystem;

class DraftTest : public testing::Test {
 protected:
  Draft begin(const std::string& name) {
    auto draft = Draft::begin(directory(), name, name);
    EXPECT_TRUE(draft.has_value());
    return std::move(*draft);
  }
  Descriptor directory() {
    return Descriptor(::open(directory_.path().c_str(), O_RDONLY | O_DIRECTORY));
  }
  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(directory_.path()))
      names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
  Result<struct stat> write(const std::string& name, std::string_view text,
                            Precondition precondition = {}, TimePoint modified = {}) {
    Draft draft = begin(name);
    EXPECT_TRUE(draft.append(as_bytes(text)).has_value());
    return draft.publish({}, modified, precondition);
  }
  std::string text_of(const std::string& name) {
    std::ifstream file(directory_.path() / name);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }

  const TestDirectory directory_;
};

using Names = std::vector<std::string>;

TEST_F(DraftTest, NothingIsSeenBeforeItIsPublished) {
  Draft draft = begin("f");
  ASSERT_TRUE(draft.append(as_bytes("text")).has_value());
  EXPECT_FALSE(fs::exists(directory_.path() / "f"));
  ASSERT_TRUE(draft.publish({}, {}, {}).has_value());
  EXPECT_EQ(text_of("f"), "text");
  EXPECT_EQ(names(), Names{"f"});
}

TEST_F(DraftTest, WhatIsGivenUpLeavesNothing) {
  {
    Draft draft = begin("f");
    ASSERT_TRUE(draft.append(as_bytes("text")).has_value());
    EXPECT_EQ(names().size(), 1u);
  }
  EXPECT_EQ(names(), Names());
}

TEST_F(DraftTest, WhatADeadWriterLeftIsReplaced) {
  Draft living = begin("f");
  const std::string own_name = names().at(0);
  Draft second = begin("f");  // a living one is left alone
  EXPECT_EQ(names().size(), 2u);
  EXPECT_FALSE(remove_stale_draft(directory().get(), own_name));
  living.discard();
  second.discard();
  std::ofstream(directory_.path() / own_name) << "left by the dead, and longer";
  ASSERT_TRUE(write("f", "text").has_value());
  EXPECT_EQ(text_of("f"), "text");
  EXPECT_EQ(names(), Names{"f"});
  std::ofstream(directory_.path() / own_name) << "left by the dead";
  EXPECT_TRUE(remove_stale_draft(directory().get(), own_name));
  EXPECT_EQ(names(), Names{"f"});
}

TEST_F(DraftTest, PreconditionsDecide) {
  Precondition absent{.if_absent = true};
  auto first = write("f", "one", absent);
  ASSERT_TRUE(first.has_value());
  EXPECT_EQ(write("f", "two", absent).error().code, ErrorCode::precondition_failed);
  Precondition match{.if_match = change_token(*first)};
  ASSERT_TRUE(write("f", "three", match).has_value());
  EXPECT_EQ(write("f", "four", match).error().code, ErrorCode::precondition_failed);
  EXPECT_EQ(write("g", "five", match).error().code, ErrorCode::not_found);
  EXPECT_EQ(text_of("f"), "three");
  EXPECT_EQ(names(), Names{"f"});
}

TEST_F(DraftTest, WhatIsNoFileIsNotReplaced) {
  fs::create_directory(directory_.path() / "folder");
  fs::create_symlink("elsewhere", directory_.path() / "link");
  for (const char* name : {"folder", "link"}) {
    auto written = write(name, "text");
    ASSERT_TRUE(written.has_error()) << name;
    EXPECT_EQ(written.error().code, ErrorCode::already_exists) << written.error().to_string();
  }
  EXPECT_TRUE(fs::is_symlink(directory_.path() / "link"));
  EXPECT_FALSE(fs::exists(directory_.path() / "elsewhere"));
  EXPECT_EQ(names(), (Names{"folder", "link"}));
}

TEST_F(DraftTest, TheTimeIsThatOfTheSource) {
  const TimePoint modified(std::chrono::microseconds(1'600'000'000'123'456));
  const auto status = write("f", "text", {}, modified);
  ASSERT_TRUE(status.has_value());
  EXPECT_EQ(time_of(status->st_mtim), modified);
  EXPECT_GT(time_of(status->st_ctim), modified);

  Draft draft = begin("g");
  Attributes attributes;
  attributes.metadata.user = {{"mtime", "1500000000.000000001"}};
  const auto told = draft.publish(attributes, modified, {});
  ASSERT_TRUE(told.has_value());
  EXPECT_EQ(format_mtime(told->st_mtim), "1500000000.000000001");
}

}  // namespace
}  // namespace dth::objects::file
