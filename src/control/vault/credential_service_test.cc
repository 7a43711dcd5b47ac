#include "control/vault/credential_service.h"

#include <fstream>

#include <gmock/gmock.h>

#include "base/testing/run_for_test.h"
#include "control/vault/hub_credentials.h"
#include "control/vault/rotation.h"
#include "credentials/credential_resolver.h"
#include "credentials/flag_options.h"
#include "state/sqlite_state.h"
#include "state/testing/state_conformance.h"
#include "state/testing/temporary_directory.h"

namespace dth::control {
namespace {

using credentials::CredentialRef;
using state::testing::TemporaryDirectory;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* planted = "pl4nted-s3cret";

class CredentialServiceTest : public ::testing::Test {
 protected:
  KeySource source() {
    KeyPlaces places;
    places.default_file = directory_ / "master.key";
    return KeySource::find(places);
  }
  state::CredentialStore& store() { return state_->control().credentials(); }

  static CredentialInput key(const std::string& name, const std::string& id = "AKIA1") {
    return {.name = name,
            .kind = "aws_access_key",
            .secrets = {{"access-key-id", id}, {"secret-access-key", planted}}};
  }
  std::string created(CredentialInput input) {
    auto outcome = service_.create(std::move(input), {});
    EXPECT_TRUE(outcome.has_value() && outcome->problems.empty());
    return outcome->credential ? outcome->credential->id : "";
  }
  // The fields that are wrong.
  static std::vector<std::string> fields(const Result<CredentialOutcome>& outcome) {
    std::vector<std::string> fields;
    for (const auto& problem : outcome->problems) {
      fields.push_back(problem.field);
      EXPECT_THAT(problem.message, Not(HasSubstr(planted)));
    }
    EXPECT_FALSE(outcome->credential.has_value());
    return fields;
  }
  std::string actions() {
    std::string all;
    for (const auto& record : state_->control().audit().list({}, {}, 100).value()) {
      all += record.action + " ";
      EXPECT_THAT(record.changes, Not(HasSubstr(planted)));
    }
    return all;
  }
  // Who signs, and from then on again and again.
  std::shared_ptr<aws::CredentialProvider> provider(const CredentialRef& ref) {
    credentials::IdentityRequest request{.executor = context_.get_executor(), .clock = clock_};
    request.transport.proxies = std::make_shared<const net::ProxyRules>();
    auto identity = resolver_->open_identity(ref, std::move(request));
    if (identity.has_error()) {
      failure_ = identity.error().to_string();
      return nullptr;
    }
    lanes_.push_back(std::move(*identity));
    return lanes_.back().provider;
  }
  std::string signer(const CredentialRef& ref) {
    auto found = provider(ref);
    return found ? signer(*found) : failure_;
  }
  std::string signer(aws::CredentialProvider& provider) {
    auto got = run_for_test(context_, provider.get());
    return got.has_value() ? (*got)->access_key_id : got.error().to_string();
  }
  static CredentialRef kept(const std::string& id) { return {.kind = "vault", .name = id}; }

  TemporaryDirectory directory_;
  SystemClock clock_;
  boost::asio::io_context context_{1};
  std::unique_ptr<state::State> state_ =
      state::open_sqlite_state({.path = ":memory:", .synchronous = false}).value();
  std::unique_ptr<Vault> vault_ =
      std::move(Vault::open(source(), store(), Vault::Begin::yes).value());
  CredentialService service_{store(), *vault_, clock_};
  aws::Environment environment_{{"DTH_BACKUP_ACCESS_KEY_ID", "AKIAENV"},
                                {"DTH_BACKUP_SECRET_ACCESS_KEY", "s"},
                                {"AWS_CONFIG_FILE", directory_ / "config"},
                                {"AWS_SHARED_CREDENTIALS_FILE", directory_ / "none"}};
  HubCredentials found_{environment_};
  std::unique_ptr<credentials::CredentialResolver> resolver_ =
      credentials::make_credential_resolver(environment_, found_, &found_);
  std::vector<credentials::OpenIdentity> lanes_;
  std::string failure_;
};

TEST_F(CredentialServiceTest, EverythingThatIsWrongIsSaidAtOnceAndNothingIsRepeated) {
  CredentialInput input{.name = " x", .kind = "aws_access_key"};
  input.options = {{"role-arn", planted}};
  input.secrets = {{"access-key-id", "AKIA\n"}, {"nonsense", planted}};
  EXPECT_THAT(fields(service_.create(input, {})),
              ElementsAre("name", "options.role-arn", "secrets.access-key-id", "secrets.nonsense",
                          "secrets.secret-access-key"));
  EXPECT_THAT(fields(service_.create({.name = "x", .kind = "first_found"}, {})),
              ElementsAre("kind"));
  EXPECT_THAT(fields(service_.create({.name = "x", .kind = planted}, {})), ElementsAre("kind"));
  EXPECT_THAT(fields(service_.create({.name = "", .kind = "aws_role"}, {})),
              ElementsAre("name", "options.role-arn", "base"));
  CredentialInput based = key("x");
  based.base = "credential_1";
  EXPECT_THAT(fields(service_.create(based, {})), ElementsAre("base"));
  EXPECT_THAT(fields(service_.create(key(std::string(101, 'n')), {})), ElementsAre("name"));
  input = key("x");
  input.secrets["secret-access-key"] = std::string(credential_value_max + 1, 's');
  EXPECT_THAT(fields(service_.create(input, {})), ElementsAre("secrets.secret-access-key"));
  EXPECT_EQ(actions(), "");
}

TEST_F(CredentialServiceTest, CredentialLivesAndEachStepIsAudited) {
  const std::string id = created(key("one"));
  EXPECT_THAT(id, ::testing::StartsWith("credential_"));
  EXPECT_THAT(fields(service_.create(key("one"), {})), ElementsAre("name"));
  const auto renamed = service_.update({.id = id, .revision = 1, .name = "two"}, {});
  ASSERT_TRUE(renamed->problems.empty());
  EXPECT_EQ(renamed->credential->revision, 2);
  EXPECT_THAT(fields(service_.update({.id = id, .revision = 1, .name = "three"}, {})),
              ElementsAre("revision"));
  // Nothing is judged by what its sender did not see.
  EXPECT_THAT(fields(service_.update({.id = id, .revision = 1, .name = ""}, {})),
              ElementsAre("revision"));
  EXPECT_THAT(fields(service_.update({.id = "credential_9"}, {})), ElementsAre("id"));
  EXPECT_EQ(vault_->open(binding_of(*service_.find(id)), service_.find(id)->sealed)
                ->at("secret-access-key"),
            planted);
  const auto rotated = service_.rotate(id, key("", "AKIA2").secrets, {}, {});
  EXPECT_EQ(rotated->credential->revision, 3);
  EXPECT_THAT(fields(service_.rotate(id, {{"access-key-id", "AKIA3"}}, {}, {})),
              ElementsAre("secrets.secret-access-key"));
  ASSERT_TRUE(service_.remove(id, {})->problems.empty());
  EXPECT_THAT(fields(service_.remove(id, {})), ElementsAre("id"));
  EXPECT_EQ(actions(), "deleteCredential rotateCredential updateCredential createCredential ");
}

TEST_F(CredentialServiceTest, BasesAreThereSignAndMakeNoCircle) {
  CredentialInput role{.name = "role", .kind = "aws_role"};
  role.options = {{"role-arn", "arn:aws:iam::1:role/r"}};
  role.base = created(key("one"));
  const std::string outer = created(role);
  EXPECT_THAT(fields(service_.remove(role.base, {})), ElementsAre("id"));
  EXPECT_THAT(fields(service_.update({.id = outer, .base = outer}, {})), ElementsAre("base"));
  role.name = "second";
  role.base = outer;
  const std::string second = created(role);
  EXPECT_THAT(fields(service_.update({.id = outer, .base = second}, {})), ElementsAre("base"));
  role.name = "third";
  role.base =
      created({.name = "proxy", .kind = "http_proxy", .secrets = {{"proxy", "http://u:p@h"}}});
  EXPECT_THAT(fields(service_.create(role, {})), ElementsAre("base"));
  role.base = "credential_none";
  EXPECT_THAT(fields(service_.create(role, {})), ElementsAre("base"));
}

TEST_F(CredentialServiceTest, MasterKeyMayChangeBetweenSealingAndWriting) {
  ASSERT_OK(rotate_master_key(source(), store(), {}, {}));
  const std::string id = created(key("one"));
  EXPECT_EQ(store().find(id)->sealed_with, store().keys()->front().id);
}

TEST_F(CredentialServiceTest, OpensInAProcessThatHasTheVaultAndNowhereElse) {
  const std::string id = created(key("one"));
  EXPECT_THAT(signer(kept(id)), HasSubstr("--master-key"));
  found_.attach({store(), *vault_, clock_});
  EXPECT_EQ(signer(kept(id)), "AKIA1");
  EXPECT_THAT(signer(kept("credential_none")), HasSubstr("there is no credential"));
  found_.detach();  // waits until the use is written
  EXPECT_TRUE(store().find(id)->last_used_at.has_value());
  const auto ref = credentials::aws_reference({{"credential", id}}, "source", "--source-").value();
  EXPECT_EQ(ref, kept(id));
  EXPECT_CODE(credentials::aws_reference({{"credential", id}, {"profile", "p"}}, "source", "--"),
              invalid_argument);
}

TEST_F(CredentialServiceTest, RotatedSecretIsUsedOnceTheOldOneIsRefused) {
  found_.attach({store(), *vault_, clock_});
  const std::string id = created(key("one", "AKIAOLD"));
  const std::string before = resolver_->revision(kept(id)).value();
  auto running = provider(kept(id));
  ASSERT_TRUE(running);
  EXPECT_EQ(signer(*running), "AKIAOLD");
  ASSERT_TRUE(service_.rotate(id, key("", "AKIANEW").secrets, {}, {})->problems.empty());
  EXPECT_NE(resolver_->revision(kept(id)).value(), before);
  auto held = run_for_test(context_, running->get());
  running->forget(*held);
  EXPECT_EQ(signer(*running), "AKIANEW");
  EXPECT_EQ(signer(kept(id)), "AKIANEW");
}

TEST_F(CredentialServiceTest, KindsOfTheHostTakeWhatTheHubHas) {
  found_.attach({store(), *vault_, clock_});
  CredentialInput input{.name = "env", .kind = "aws_environment"};
  input.options = {{"variable", "backup"}};
  EXPECT_EQ(signer(kept(created(input))), "AKIAENV");
  input.name = "other";
  input.options = {{"variable", "nobody"}};
  EXPECT_THAT(signer(kept(created(input))), HasSubstr("DTH_NOBODY_ACCESS_KEY_ID"));
  std::ofstream(directory_ / "keys.json")
      << R"({"access_key_id":"AKIAFILE","secret_access_key":"s"})";
  CredentialInput file{.name = "file", .kind = "aws_file"};
  file.options = {{"file", directory_ / "keys.json"}};
  EXPECT_EQ(signer(kept(created(file))), "AKIAFILE");
  CredentialInput anonymous{.name = "nobody", .kind = "anonymous"};
  EXPECT_EQ(signer(kept(created(anonymous))), "");
}

TEST_F(CredentialServiceTest, ProgramsOfProfilesRunOnlyWhereTheAdministratorAllowsThem) {
  found_.attach({store(), *vault_, clock_});
  std::ofstream(directory_ / "config")
      << "[profile p]\ncredential_process = /bin/echo "
         "'{\"Version\":1,\"AccessKeyId\":\"AKIAPROC\",\"SecretAccessKey\":\"s\"}'\n";
  CredentialInput input{.name = "p", .kind = "aws_profile"};
  input.options = {{"profile", "p"}};
  const std::string id = created(input);
  found_.restrict({}, false);
  EXPECT_THAT(signer(kept(id)), HasSubstr("credential_process"));
  found_.restrict({}, true);
  EXPECT_NE(resolver_->addresses(kept(id)), nullptr);
}

TEST_F(CredentialServiceTest, OneDamagedSecretSparesTheOthers) {
  found_.attach({store(), *vault_, clock_});
  const std::string good = created(key("good"));
  const std::string bad = created(key("bad"));
  auto damaged = store().find(bad).value();
  damaged.sealed = store().find(good)->sealed;
  ASSERT_OK(store().replace(damaged, {}));
  EXPECT_THAT(signer(kept(bad)), AllOf(HasSubstr(bad), HasSubstr("damaged")));
  EXPECT_EQ(signer(kept(good)), "AKIA1");
  // Given again, it is whole.
  ASSERT_TRUE(service_.rotate(bad, key("").secrets, {}, {})->problems.empty());
  EXPECT_EQ(signer(kept(bad)), "AKIA1");
}

}  // namespace
}  // namespace dth::control
