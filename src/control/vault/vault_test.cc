#include "control/vault/vault.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "base/encoding.h"
#include "control/vault/rotation.h"
#include "state/sqlite_state.h"
#include "state/testing/state_conformance.h"
#include "state/testing/temporary_directory.h"

namespace dth::control {
namespace {

using state::testing::TemporaryDirectory;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const options::Values secret = {{"access-key-id", "AKIA1"},
                                {"secret-access-key", "s3\"cr\xc3\xa9t"}};

TEST(EnvelopeTest, OpensForWhatItWasSealedForAndNothingElse) {
  const auto key = SecretKey::generate();
  const std::string envelope = seal(*key, {"credential", "credential_1", "aws"}, secret);
  EXPECT_EQ(key_id_of(envelope), key->id());
  EXPECT_THAT(envelope, AllOf(Not(HasSubstr("AKIA1")), Not(HasSubstr("access-key"))));
  EXPECT_EQ(open(*key, {"credential", "credential_1", "aws"}, envelope).value(), secret);
  EXPECT_CODE(open(*key, {"credential", "credential_2", "aws"}, envelope), data_corrupted);
  EXPECT_CODE(open(*key, {"credential", "credential_1", "gcp"}, envelope), data_corrupted);
  EXPECT_CODE(open(*key, {"token", "credential_1", "aws"}, envelope), data_corrupted);
  EXPECT_CODE(open(*key, {"credential", "credential_1a", "ws"}, envelope), data_corrupted);
  EXPECT_CODE(open(*SecretKey::generate(), {"credential", "credential_1", "aws"}, envelope),
              data_corrupted);
  // Nobody sees by two envelopes that they hold the same.
  EXPECT_NE(envelope, seal(*key, {"credential", "credential_1", "aws"}, secret));
}

TEST(EnvelopeTest, EveryChangedByteIsSeen) {
  const auto key = SecretKey::generate();
  const Binding binding{"credential", "credential_1", "aws"};
  const std::string envelope = seal(*key, binding, secret);
  for (std::size_t i = 0; i < envelope.size(); ++i) {
    std::string changed = envelope;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_CODE(open(*key, binding, changed), data_corrupted) << i;
    EXPECT_CODE(open(*key, binding, envelope.substr(0, i)), data_corrupted) << i;
  }
  EXPECT_CODE(open(*key, binding, envelope + "x"), data_corrupted);
}

TEST(MasterKeyTest, IsNamedWithoutBeingShown) {
  const auto key = SecretKey::generate();
  EXPECT_EQ(key->id().size(), 16u);
  EXPECT_THAT(key->base64(), Not(HasSubstr(key->id())));
  EXPECT_EQ(SecretKey::parse(key->base64()).value()->id(), key->id());
  for (const char* text : {"", "c2hvcnQ=", "not base64 of anything at all, really not, no....="}) {
    const auto parsed = SecretKey::parse(text);
    EXPECT_CODE(parsed, invalid_argument);
    if (*text != '\0') {
      EXPECT_THAT(parsed.error().to_string(), Not(HasSubstr(text)));
    }
  }
  const auto other = SecretKey::generate();
  const auto ring = parse_keys(
      "# new\n " + key->base64() + "\r\n\n" + other->base64() + "," + key->base64(), "x");
  ASSERT_EQ(ring.value().size(), 2u);
  EXPECT_EQ(find_key(*ring, other->id())->base64(), other->base64());
  EXPECT_CODE(parse_keys("# none\n", "x"), invalid_argument);
}

class VaultTest : public ::testing::Test {
 protected:
  KeySource source(const std::string& name = "master.key") {
    KeyPlaces places;
    places.default_file = directory_ / name;
    return KeySource::find(places);
  }
  std::unique_ptr<Vault> vault(const std::string& name = "master.key") {
    return std::move(Vault::open(source(name), store(), Vault::Begin::yes).value());
  }
  state::CredentialStore& store() { return state_->control().credentials(); }
  void add(Vault& vault, const std::string& id) {
    auto sealed = vault.seal({"credential", id, "aws"}, {{"secret", "of " + id}});
    state::StoredCredential credential{.id = id, .name = "name of " + id, .kind = "aws"};
    credential.sealed = sealed->envelope;
    credential.sealed_with = sealed->key;
    ASSERT_EQ(store().create(credential, {}).value(), state::SealedWrite::written);
  }
  Result<options::Values> opened(Vault& vault, const std::string& id) {
    return vault.open({"credential", id, "aws"}, store().find(id)->sealed);
  }
  std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  TemporaryDirectory directory_;
  std::unique_ptr<state::State> state_ =
      state::open_sqlite_state({.path = ":memory:", .synchronous = false}).value();
};

TEST_F(VaultTest, FirstStartMakesAKeyThatOnlyItsOwnerReads) {
  const auto first = vault();
  struct stat status {};
  ASSERT_EQ(::stat((directory_ / "master.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  add(*first, "credential_1");
  EXPECT_EQ(opened(*vault(), "credential_1").value(),
            (options::Values{{"secret", "of credential_1"}}));
}

TEST_F(VaultTest, WrongMasterKeyIsRefusedAndNothingIsMadeInItsPlace) {
  const std::string id = vault()->current_key();
  const auto wrong = Vault::open(source("other.key"), store(), Vault::Begin::yes);
  EXPECT_CODE(wrong, unauthenticated);
  EXPECT_THAT(wrong.error().message,
              AllOf(HasSubstr("wrong master key"), HasSubstr(id), HasSubstr("other.key")));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "other.key"));
  ASSERT_OK(source("other.key").create({SecretKey::generate()}));
  EXPECT_CODE(Vault::open(source("other.key"), store(), Vault::Begin::yes), unauthenticated);
  // A key of the right name that is another one: the check tells.
  auto& database = store();
  (void)database;
  const auto key = SecretKey::generate();
  state::VaultKey check = make_key_check(*SecretKey::generate());
  check.id = key->id();
  EXPECT_FALSE(opens(*key, check));
}

TEST_F(VaultTest, KeyFileOfOthersOrOfSomethingElseIsRefused) {
  ASSERT_OK(source().create({SecretKey::generate()}));
  ::chmod((directory_ / "master.key").c_str(), 0640);
  const auto shared = Vault::open(source(), store(), Vault::Begin::yes);
  EXPECT_CODE(shared, permission_denied);
  EXPECT_THAT(shared.error().message, HasSubstr("chmod 600"));
  std::ofstream(directory_ / "text.key") << "hello\n";
  ::chmod((directory_ / "text.key").c_str(), 0600);
  EXPECT_CODE(Vault::open(source("text.key"), store(), Vault::Begin::yes), invalid_argument);
  EXPECT_CODE(Vault::open(source("none.key"), store(), Vault::Begin::no), not_found);
}

TEST_F(VaultTest, KeysComeFromFileEnvironmentSystemdInThisOrder) {
  const auto key = SecretKey::generate();
  KeyPlaces places{.file = "f",
                   .environment = key->base64(),
                   .credentials_directory = directory_ / "",
                   .default_file = "d"};
  EXPECT_EQ(KeySource::find(places).name(), "f");
  places.file = "";
  EXPECT_EQ(KeySource::find(places).read().value().front()->id(), key->id());
  EXPECT_FALSE(KeySource::find(places).is_writable());
  places.environment = "";
  EXPECT_EQ(KeySource::find(places).name(), "d") << "systemd gave none";
  std::ofstream(directory_ / "dth-master-key") << key->base64() << "\n";
  ::chmod((directory_ / "dth-master-key").c_str(), 0440);
  EXPECT_EQ(KeySource::find(places).read().value().front()->id(), key->id());
}

TEST_F(VaultTest, RotationSealsAllAgainWhileAnotherProcessUsesTheVault) {
  const auto running = vault();
  for (int i = 0; i < 7; ++i) add(*running, "credential_" + std::to_string(i));
  const std::string before = running->current_key();
  const auto rotated = rotate_master_key(source(), store(), {}, {.batch = 3});
  ASSERT_OK(rotated);
  EXPECT_EQ(rotated->resealed, 7);
  EXPECT_NE(rotated->key, before);
  EXPECT_TRUE(rotated->dropped_old_keys);
  EXPECT_EQ(source().read().value().size(), 1u);
  // It did not know, and finds out.
  EXPECT_EQ(opened(*running, "credential_3").value().at("secret"), "of credential_3");
  EXPECT_EQ(running->current_key(), rotated->key);
  const auto audited = state_->control().audit().list({}, {}, 1).value().front();
  EXPECT_EQ(audited.action, "rotateMasterKey");
  EXPECT_THAT(audited.changes, AllOf(HasSubstr(before), HasSubstr(rotated->key)));
}

TEST_F(VaultTest, SecretSealedWithAReplacedKeyIsRefusedAndSealedAgain) {
  const auto running = vault();
  add(*running, "credential_1");
  ASSERT_OK(rotate_master_key(source(), store(), {}, {}));
  state::StoredCredential credential{.id = "credential_2", .name = "two", .kind = "aws"};
  auto sealed = running->seal({"credential", "credential_2", "aws"}, secret);
  credential.sealed = sealed->envelope;
  credential.sealed_with = sealed->key;
  EXPECT_EQ(store().create(credential, {}).value(), state::SealedWrite::key_replaced);
  ASSERT_OK(running->refresh());
  add(*running, "credential_2");
}

TEST_F(VaultTest, InterruptedRotationIsResumed) {
  const auto running = vault();
  for (int i = 0; i < 7; ++i) add(*running, "credential_" + std::to_string(i));
  for (int stopped_after = 1; stopped_after <= 2; ++stopped_after) {
    int batches = 0;
    const auto stopped = rotate_master_key(
        source(), store(), {},
        {.batch = 2, .on_batch = [&](std::int64_t) { return ++batches < stopped_after; }});
    EXPECT_CODE(stopped, cancelled);
    for (int i = 0; i < 7; ++i) ASSERT_OK(opened(*running, "credential_" + std::to_string(i)));
  }
  EXPECT_EQ(source().read().value().size(), 2u) << "one new key, not one for each attempt";
  const auto finished = rotate_master_key(source(), store(), {}, {});
  ASSERT_OK(finished);
  EXPECT_TRUE(finished->resumed);
  EXPECT_EQ(finished->resealed, 1);
  EXPECT_EQ(store().keys().value().size(), 1u);
  EXPECT_EQ(source().read().value().size(), 1u);
}

TEST_F(VaultTest, OneDamagedSecretIsNamedAndSparesTheOthers) {
  const auto running = vault();
  add(*running, "credential_1");
  state::StoredCredential broken{.id = "credential_2", .name = "broken", .kind = "aws"};
  broken.sealed = store().find("credential_1")->sealed;  // another one's envelope
  broken.sealed_with = running->current_key();
  ASSERT_OK(store().create(broken, {}));
  const auto failed = opened(*running, "credential_2");
  EXPECT_CODE(failed, data_corrupted);
  EXPECT_THAT(failed.error().message, HasSubstr("credential_2"));
  ASSERT_OK(opened(*running, "credential_1"));
  const auto rotated = rotate_master_key(source(), store(), {}, {});
  ASSERT_OK(rotated);
  EXPECT_EQ(rotated->resealed, 1);
  ASSERT_EQ(rotated->damaged.size(), 1u);
  EXPECT_THAT(rotated->damaged.front(), HasSubstr("broken"));
  EXPECT_FALSE(rotated->dropped_old_keys);
  ASSERT_OK(opened(*running, "credential_1"));
  // It stands in no later rotation's way.
  const auto again = rotate_master_key(source(), store(), {}, {});
  ASSERT_OK(again);
  EXPECT_NE(again->key, rotated->key);
  EXPECT_EQ(again->resealed, 1);
}

TEST_F(VaultTest, KeysOfTheEnvironmentAreRotatedByTheirOperator) {
  const auto one = SecretKey::generate(), two = SecretKey::generate();
  const auto from = [](const std::string& text) {
    KeyPlaces places;
    places.environment = text;
    return KeySource::find(places);
  };
  const auto running =
      std::move(Vault::open(from(one->base64()), store(), Vault::Begin::yes).value());
  add(*running, "credential_1");
  const auto refused = rotate_master_key(from(one->base64()), store(), {}, {});
  EXPECT_CODE(refused, invalid_argument);
  EXPECT_THAT(refused.error().message, HasSubstr("DTH_MASTER_KEY_BASE64"));
  const auto rotated =
      rotate_master_key(from(two->base64() + "," + one->base64()), store(), {}, {});
  ASSERT_OK(rotated);
  EXPECT_EQ(rotated->key, two->id());
  ASSERT_OK(Vault::open(from(two->base64()), store(), Vault::Begin::yes));
}

}  // namespace
}  // namespace dth::control
