#include "control/vault/rotation.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include "control/vault/testing/delegating_store.h"
#include "state/sqlite_state.h"
#include "state/testing/state_conformance.h"
#include "state/testing/temporary_directory.h"

namespace dth::control {
namespace {

namespace fs = std::filesystem;
using state::testing::TemporaryDirectory;
using ::testing::HasSubstr;

class RotationTest : public ::testing::Test {
 protected:
  KeySource source(const std::string& name = "master.key") {
    KeyPlaces places;
    places.default_file = directory_ / name;
    return KeySource::find(places);
  }
  state::CredentialStore& store() { return state_->control().credentials(); }
  std::unique_ptr<Vault> vault() {
    return std::move(Vault::open(source(), store(), Vault::Begin::yes).value());
  }
  void add(Vault& vault, const std::string& id) {
    auto sealed = vault.seal({"credential", id, "aws"}, {{"secret", "of " + id}});
    state::StoredCredential credential{.id = id, .name = id, .kind = "aws"};
    credential.sealed = sealed->envelope;
    credential.sealed_with = sealed->key;
    ASSERT_EQ(store().create(credential, {}).value(), state::SealedWrite::written);
  }
  void expect_opens(const std::string& id) {
    auto opened = vault()->open({"credential", id, "aws"}, store().find(id)->sealed);
    ASSERT_OK(opened);
    EXPECT_EQ(opened->at("secret"), "of " + id);
  }
  std::vector<std::string> ids(const std::string& name = "master.key") {
    std::vector<std::string> ids;
    for (const auto& key : source(name).read().value()) ids.push_back(key->id());
    return ids;
  }
  // What is in the directory, locks left out.
  std::vector<std::string> files() {
    std::vector<std::string> files;
    for (const auto& each : fs::directory_iterator(directory_ / "")) {
      if (each.path().extension() != ".lock") files.push_back(each.path().filename());
    }
    return files;
  }
  // As many keys as a file may hold, the current one first.
  void fill_file() {
    KeyRing ring = source().read().value();
    while (ring.size() < keys_max) ring.push_back(SecretKey::generate());
    ASSERT_OK(source().write(ring));
  }

  TemporaryDirectory directory_;
  std::unique_ptr<state::State> state_ =
      state::open_sqlite_state({.path = ":memory:", .synchronous = false}).value();
};

TEST_F(RotationTest, TwoAtOnceNeverLoseTheCurrentKey) {
  add(*vault(), "credential_1");
  Result<Rotation> second = Rotation{};
  RotationOptions options;
  options.on_batch = [&](std::int64_t) {
    second = rotate_master_key(source(), store(), {}, {});
    return true;
  };
  const auto first = rotate_master_key(source(), store(), {}, options);
  ASSERT_OK(first);
  EXPECT_CODE(second, already_exists);
  EXPECT_THAT(second.error().message, HasSubstr("master.key is in use by"));
  EXPECT_EQ(ids(), std::vector<std::string>{first->key});
  expect_opens("credential_1");
  ASSERT_OK(rotate_master_key(source(), store(), {}, {}));
  expect_opens("credential_1");
}

// Another host with a copy of the file, on the same state.
class RotatedElsewhere final : public testing::DelegatingStore {
 public:
  using DelegatingStore::DelegatingStore;
  Result<void> change_key(const std::string&, const state::VaultKey&,
                          const state::AuditEntry&) override {
    return Error{ErrorCode::precondition_failed, "the master key was changed", {}};
  }
};

TEST_F(RotationTest, OneThatLosesToAnotherHostLeavesTheFileAsItWas) {
  add(*vault(), "credential_1");
  const auto before = ids();
  RotatedElsewhere elsewhere(store());
  EXPECT_CODE(rotate_master_key(source(), elsewhere, {}, {}), precondition_failed);
  EXPECT_EQ(ids(), before);
  EXPECT_EQ(files(), std::vector<std::string>{"master.key"});
}

TEST_F(RotationTest, AKeyTooManyIsRefusedBeforeAnythingIsWritten) {
  add(*vault(), "credential_1");
  fill_file();
  const auto before = ids();
  const auto refused = rotate_master_key(source(), store(), {}, {.keeps_old_keys = true});
  EXPECT_CODE(refused, invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("16"));
  EXPECT_EQ(ids(), before);
  EXPECT_EQ(store().keys()->size(), 1u);
  expect_opens("credential_1");
  KeyRing too_many = source().read().value();
  too_many.push_back(SecretKey::generate());
  EXPECT_CODE(source().write(too_many), invalid_argument);
  EXPECT_EQ(ids(), before);
}

TEST_F(RotationTest, KeysThatNothingIsSealedWithMakeRoom) {
  add(*vault(), "credential_1");
  fill_file();
  const auto rotated = rotate_master_key(source(), store(), {}, {});
  ASSERT_OK(rotated);
  EXPECT_EQ(ids(), std::vector<std::string>{rotated->key});
  expect_opens("credential_1");
}

TEST_F(RotationTest, OwnerModeAndSymbolicLinkOfTheFileStay) {
  add(*vault(), "credential_1");
  fs::create_directory(directory_ / "real");
  fs::rename(directory_ / "master.key", directory_ / "real/the.key");
  fs::create_symlink("real/the.key", directory_ / "master.key");
  ASSERT_EQ(::chmod((directory_ / "real/the.key").c_str(), 0400), 0);
  const bool is_root = ::geteuid() == 0;
  if (is_root) {
    ASSERT_EQ(::chown((directory_ / "real/the.key").c_str(), 4711, 4712), 0);
  }
  ASSERT_OK(rotate_master_key(source(), store(), {}, {}));
  expect_opens("credential_1");
  EXPECT_TRUE(fs::is_symlink(directory_ / "master.key"));
  struct stat status {};
  ASSERT_EQ(::stat((directory_ / "real/the.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0400u);
  if (is_root) {
    EXPECT_EQ(status.st_uid, 4711u);
    EXPECT_EQ(status.st_gid, 4712u);
    // Its owner can rotate later.
    ASSERT_EQ(::stat((directory_ / "real/the.key.lock").c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, 4711u);
  }
}

}  // namespace
}  // namespace dth::control
