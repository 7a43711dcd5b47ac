// Keys: every one kept apart from all others, byte for byte.
#include <algorithm>

#include "base/encoding.h"
#include "objects/testing/awkward_keys.h"
#include "objects/testing/conformance.h"

namespace dth::objects {

void link_conformance_of_keys() {}

namespace {

bool can_hold(const StoreDeviations& deviations, const AwkwardKey& key) {
  return (key.is_valid_utf8 || deviations.accepts_invalid_utf8) &&
         !(key.has_control_character && deviations.refuses_control_characters) &&
         !(key.is_changed_by_path_normalisation && deviations.refuses_path_like_keys);
}

TEST_P(ObjectStoreConformance, AwkwardKeys) {
  std::vector<std::string> keys;
  for (const AwkwardKey& awkward : awkward_keys()) {
    if (can_hold(deviations(), awkward)) keys.push_back(awkward.key);
  }
  keys = holdable(std::move(keys));
  ASSERT_GT(keys.size(), 20u);
  for (const std::string& key : keys) put_text(key, "of " + key);
  for (const std::string& key : keys) {
    auto got = get_text(key);
    ASSERT_TRUE(got.has_value()) << printable(key) << ": " << got.error().to_string();
    EXPECT_TRUE(*got == "of " + key) << printable(key);
    auto head = run(store().head(key, ""));
    ASSERT_TRUE(head.has_value()) << printable(key) << ": " << head.error().to_string();
    EXPECT_EQ(head->info.key, key);
  }
  std::sort(keys.begin(), keys.end());
  EXPECT_EQ(list_keys({}), keys);
  EXPECT_EQ(list_keys({.page_size = 1}), keys);  // every key serves as a continuation once

  // Each as a prefix and as a start: what comes is what a comparison of bytes says.
  for (const std::string& key : keys) {
    std::vector<std::string> below, after;
    for (const std::string& other : keys) {
      if (other.starts_with(key)) below.push_back(other);
      if (other > key) after.push_back(other);
    }
    EXPECT_EQ(list_keys({.prefix = key}), below) << printable(key);
    EXPECT_EQ(list_keys({.start_after = key}), after) << printable(key);
  }
  for (std::size_t i = 0; i < keys.size(); i += 2) {
    auto removed = run(store().remove({keys[i]}));
    EXPECT_TRUE(removed.has_value()) << printable(keys[i]);
  }
  std::vector<std::string> left;
  for (std::size_t i = 1; i < keys.size(); i += 2) left.push_back(keys[i]);
  EXPECT_EQ(list_keys({}), left);
}

TEST_P(ObjectStoreConformance, KeyThatIsTooLong) {
  if (deviations().key_size_unchecked) GTEST_SKIP() << "a declared deviation";
  std::string longest(limits().key_size_max, 'k');
  const std::size_t name_size = deviations().name_size_max;
  for (std::size_t i = name_size; name_size > 0 && i < longest.size(); i += name_size + 1)
    longest[i] = '/';
  put_text(longest, "fits");
  auto put = try_put(PutRequest{.key = longest + "k"}, "does not");
  ASSERT_TRUE(put.has_error());
  EXPECT_EQ(put.error().code, ErrorCode::invalid_argument) << put.error().to_string();
  EXPECT_EQ(list_keys({}), std::vector<std::string>{longest});
}

TEST_P(ObjectStoreConformance, FolderMarkersAreObjects) {
  if (deviations().refuses_path_like_keys) GTEST_SKIP() << "a declared deviation";
  put_text("folder", "an object");
  put_text("folder/", "");
  put_text("folder/below", "x");
  put_text("marker/", "with content");
  EXPECT_EQ(list_keys({}),
            (std::vector<std::string>{"folder", "folder/", "folder/below", "marker/"}));
  EXPECT_EQ(get_text("folder").value(), "an object");
  EXPECT_EQ(get_text("folder/").value(), "");
  EXPECT_EQ(get_text("marker/").value(), "with content");
  run(store().remove({"folder/"}));
  EXPECT_EQ(list_keys({.prefix = "folder"}), (std::vector<std::string>{"folder", "folder/below"}));
}

TEST_P(ObjectStoreConformance, AwkwardKeysAsUploads) {
  std::vector<std::string> keys;
  for (const AwkwardKey& awkward : awkward_keys()) {
    if (can_hold(deviations(), awkward)) keys.push_back(awkward.key);
  }
  keys = holdable(std::move(keys));
  for (const AwkwardKey& awkward : awkward_keys()) {
    if (std::find(keys.begin(), keys.end(), awkward.key) == keys.end()) continue;
    const std::string id = create_upload(awkward.key);
    const auto open = uploads_of(awkward.key);
    ASSERT_EQ(open.size(), 1u) << awkward.name;
    EXPECT_EQ(open[0].key, awkward.key);
    EXPECT_EQ(open[0].upload_id, id);
    const CompletedPart part = put_part(awkward.key, id, 1, "the only part");
    auto completed = complete(awkward.key, id, {part});
    ASSERT_TRUE(completed.has_value()) << awkward.name << ": " << completed.error().to_string();
    EXPECT_EQ(get_text(awkward.key).value(), "the only part") << awkward.name;
  }
}

}  // namespace
}  // namespace dth::objects
