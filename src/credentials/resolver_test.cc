#include <filesystem>
#include <fstream>
#include <mutex>

#include <gmock/gmock.h>

#include "base/testing/run_for_test.h"
#include "cloud/aws/testing/scripted_identity.h"
#include "credentials/credential_kinds.h"
#include "credentials/credential_resolver.h"
#include "credentials/flag_options.h"
#include "credentials/process_environment.h"
#include "net/client/testing/client_fixture.h"

namespace dth::credentials {
namespace {

using net::testing::Peer;
using net::testing::ScriptedServer;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

// Named secrets that a test replaces.
class ChangingSecrets final : public SecretSource {
 public:
  std::map<std::string, options::Values> values;

  Result<options::Values> find(std::string_view, const std::string& name) const override {
    const auto found = values.find(name);
    return found == values.end() ? options::Values() : found->second;
  }
  std::string shown_name(const std::string& name, std::string_view field) const override {
    return name + "." + std::string(field);
  }
};

options::Values keys(const std::string& id, const std::string& secret = "s3cret") {
  return {{"access-key-id", id}, {"secret-access-key", secret}};
}

CredentialRef access_key(const std::string& name) {
  return {.kind = std::string(kind_aws_access_key), .name = name};
}

// An STS that notes with whose key each request is signed, and answers with a session of this name.
class SigningSts {
 public:
  explicit SigningSts(std::size_t requests_max)
      : server_(std::vector<ScriptedServer::Script>(requests_max,
                                                    [this](Peer& peer) { answer(peer); })) {}

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  std::vector<std::string> signers() {
    const std::lock_guard lock(mutex_);
    return signers_;
  }

 private:
  void answer(Peer& peer) {
    const std::string head = peer.read_head();
    constexpr std::string_view before = "Credential=";
    const std::size_t begin = head.find(before) + before.size();
    const std::string signer = head.substr(begin, head.find('/', begin) - begin);
    constexpr std::string_view length = "Content-Length: ";
    peer.read_exactly(std::stoul(head.substr(head.find(length) + length.size())));
    {
      const std::lock_guard lock(mutex_);
      signers_.push_back(signer);
    }
    peer.send(
        net::testing::ok(aws::testing::sts_answer("session-of-" + signer, "2099-01-01T00:00:00Z")));
    peer.wait_for_close();
  }

  std::mutex mutex_;
  std::vector<std::string> signers_;
  ScriptedServer server_;  // after what it uses
};

class ResolverTest : public ::testing::Test {
 protected:
  CredentialRef role_of(const std::string& name, const std::string& sts_url) {
    return {.kind = std::string(kind_aws_role),
            .options = {{"role-arn", "arn:aws:iam::1:role/r"}, {"sts-endpoint-url", sts_url}},
            .base = {access_key(name)}};
  }

  // Who signs, as a lane of its own finds it out.
  std::string signer(const CredentialRef& ref, options::Values endpoint = {}) {
    IdentityRequest request{.executor = context.get_executor(), .clock = clock};
    request.transport.proxies = std::make_shared<const net::ProxyRules>();
    request.endpoint = std::move(endpoint);
    auto identity = resolver->open_identity(ref, std::move(request));
    if (identity.has_error()) return identity.error().to_string();
    lanes.push_back(std::move(*identity));
    auto got = run_for_test(context, lanes.back().provider->get());
    return got.has_value() ? (*got)->access_key_id : got.error().to_string();
  }

  boost::asio::io_context context{1};
  SystemClock clock;
  ChangingSecrets secrets;
  std::unique_ptr<CredentialResolver> resolver = make_credential_resolver({}, secrets);
  std::vector<OpenIdentity> lanes;
};

TEST_F(ResolverTest, EachTaskAssumesARoleWithItsOwnKey) {
  SigningSts sts(2);
  secrets.values = {{"one", keys("AKIA1")}, {"two", keys("AKIA2")}};
  EXPECT_EQ(signer(role_of("one", sts.url())), "session-of-AKIA1");
  EXPECT_EQ(signer(role_of("two", sts.url())), "session-of-AKIA2");
  // Other lanes of the two tasks ask nobody.
  EXPECT_EQ(signer(role_of("one", sts.url())), "session-of-AKIA1");
  EXPECT_EQ(signer(role_of("two", sts.url())), "session-of-AKIA2");
  EXPECT_EQ(sts.signers(), (std::vector<std::string>{"AKIA1", "AKIA2"}));
}

TEST_F(ResolverTest, AKeyThatWasReplacedAssumesTheRoleAgain) {
  SigningSts sts(2);
  secrets.values = {{"one", keys("AKIAOLD")}};
  EXPECT_EQ(signer(role_of("one", sts.url())), "session-of-AKIAOLD");
  secrets.values = {{"one", keys("AKIANEW")}};
  EXPECT_EQ(signer(role_of("one", sts.url())), "session-of-AKIANEW");
}

TEST_F(ResolverTest, EndpointsDoNotShareSessions) {
  SigningSts sts(2);
  secrets.values = {{"one", keys("AKIA1")}};
  signer(role_of("one", sts.url()), {{"endpoint-url", "http://a"}});
  signer(role_of("one", sts.url()), {{"endpoint-url", "http://b"}});
  EXPECT_EQ(sts.signers().size(), 2u);
}

TEST_F(ResolverTest, ARevisionIsThatOfTheSecretAndShowsNothingOfIt) {
  secrets.values = {{"one", keys("AKIA1", "s3cret")}, {"two", keys("AKIA1", "s3cret")}};
  const std::string before = resolver->revision(access_key("one")).value();
  EXPECT_THAT(before, AllOf(Not(HasSubstr("AKIA1")), Not(HasSubstr("s3cret"))));
  EXPECT_EQ(before, resolver->revision(access_key("two")).value());
  EXPECT_EQ(before, resolver->revision(access_key("one")).value());
  secrets.values["one"] = keys("AKIA1", "an0ther");
  EXPECT_NE(before, resolver->revision(access_key("one")).value());
  EXPECT_NE(before, make_credential_resolver({}, secrets)->revision(access_key("two")).value());
}

TEST_F(ResolverTest, TheFirstThatExistsIsMeant) {
  const CredentialRef either = {.kind = std::string(kind_first_found),
                                .base = {access_key("one"), access_key("two")}};
  secrets.values = {{"two", keys("AKIA2")}};
  EXPECT_EQ(signer(either), "AKIA2");
  EXPECT_EQ(resolver->revision(either).value(), resolver->revision(access_key("two")).value());
  secrets.values["one"] = keys("AKIA1");
  EXPECT_EQ(signer(either), "AKIA1");
  secrets.values.clear();
  EXPECT_EQ(resolver->revision(either).error().code, ErrorCode::not_found);
}

TEST_F(ResolverTest, HalfAKeyIsAnErrorThatNamesBothHalves) {
  secrets.values = {{"one", {{"secret-access-key", "s3cret"}}}};
  const Error error =
      resolver->revision({.kind = std::string(kind_first_found), .base = {access_key("one")}})
          .error();
  EXPECT_EQ(error.code, ErrorCode::invalid_argument);
  EXPECT_THAT(error.to_string(),
              AllOf(HasSubstr("one.access-key-id"), HasSubstr("one.secret-access-key"),
                    Not(HasSubstr("s3cret"))));
}

TEST_F(ResolverTest, ReferencesInACircleEnd) {
  CredentialRef deep = access_key("one");
  for (int i = 0; i < 100; ++i)
    deep = {.kind = std::string(kind_first_found), .base = {std::move(deep)}};
  secrets.values = {{"one", keys("AKIA1")}};
  EXPECT_EQ(resolver->revision(deep).error().code, ErrorCode::invalid_argument);
}

TEST_F(ResolverTest, ASecretHasTheNameThatItsOwnerGaveIt) {
  const CredentialRef key{.kind = std::string(kind_sse_c_key), .name = "one"};
  EXPECT_EQ(resolver->find_secret(key)->text, "");
  EXPECT_EQ(resolver->find_secret(key)->shown_name, "one.sse-c-key");
  secrets.values = {{"one", {{"sse-c-key", "key"}}}};
  EXPECT_EQ(resolver->find_secret(key)->text, "key");
  EXPECT_EQ(resolver->find_secret(access_key("one")).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(resolver->find_secret({})->text, "");
}

TEST(EnvironmentSecretsTest, VariablesAreNamedByOwnerAndField) {
  const EnvironmentSecrets secrets({{"DTH_SOURCE_ACCESS_KEY_ID", "id"},
                                    {"DTH_SOURCE_SECRET_ACCESS_KEY", "s"},
                                    {"DTH_SOURCE_SESSION_TOKEN", ""},
                                    {"DTH_DESTINATION_PROXY", "http://p"}});
  EXPECT_EQ(*secrets.find(kind_aws_access_key, "source"), keys("id", "s"));
  EXPECT_EQ(*secrets.find(kind_aws_access_key, "destination"), options::Values());
  EXPECT_EQ(*secrets.find(kind_http_proxy, "destination"),
            (options::Values{{"proxy", "http://p"}}));
  EXPECT_EQ(secrets.shown_name("destination", "sse-c-key"), "DTH_DESTINATION_SSE_C_KEY");
}

// A process that works for the users of a hub.
class HubDirectory final : public CredentialDirectory {
 public:
  bool runs_programs = false;
  Result<CredentialRef> find(const std::string& id) const override {
    return Error{ErrorCode::not_found, id, {}};
  }
  void note_used(const std::string&) const override {}
  std::shared_ptr<const net::AddressPolicy> addresses() const override { return nullptr; }
  bool allows_process() const override { return runs_programs; }
};

TEST_F(ResolverTest, AProfileThatARunNamesItselfRunsAProgramOnlyWhereTheHubAllowsIt) {
  std::string directory = (std::filesystem::temp_directory_path() / "dth-files-XXXXXX").string();
  ASSERT_NE(mkdtemp(directory.data()), nullptr);
  std::ofstream(directory + "/program") << R"({"Version": 1, "AccessKeyId": "AKIAPROGRAM", )"
                                           R"("SecretAccessKey": "s"})";
  std::ofstream(directory + "/config")
      << "[profile p]\ncredential_process = /bin/cat " + directory + "/program\n";
  const aws::Environment environment{{"AWS_CONFIG_FILE", directory + "/config"},
                                     {"AWS_SHARED_CREDENTIALS_FILE", directory + "/none"}};
  HubDirectory hub;
  const CredentialRef profile{.kind = "aws_profile", .options = {{"profile", "p"}}};
  const CredentialRef as_flags = aws_reference({{"profile", "p"}}, "source", "--source-").value();
  for (const CredentialRef& ref : {profile, as_flags}) {
    resolver = make_credential_resolver(environment, secrets, &hub);
    EXPECT_THAT(signer(ref), Not(HasSubstr("AKIAPROGRAM")));
    hub.runs_programs = true;
    EXPECT_EQ(signer(ref), "AKIAPROGRAM");
    hub.runs_programs = false;
    resolver = make_credential_resolver(environment, secrets);  // a command of its own user
    EXPECT_EQ(signer(ref), "AKIAPROGRAM");
  }
  std::filesystem::remove_all(directory);
}

TEST(ReferenceTest, FlagsNameACredential) {
  const auto plain = aws_reference({}, "source", "--source-").value();
  EXPECT_EQ(plain.kind, kind_first_found);
  EXPECT_EQ(plain.base.at(0), access_key("source"));
  EXPECT_EQ(plain.base.at(1).kind, kind_aws_default);
  const auto role =
      aws_reference({{"role-arn", "arn"}, {"profile", "p"}}, "source", "--source-").value();
  EXPECT_EQ(role.kind, kind_aws_role);
  EXPECT_EQ(role.options, (options::Values{{"role-arn", "arn"}}));
  EXPECT_EQ(role.base.at(0).base.at(1),
            (CredentialRef{.kind = "aws_profile", .options = {{"profile", "p"}}}));
  EXPECT_EQ(aws_reference({{"anonymous", "true"}}, "source", "--source-")->kind, kind_anonymous);
  EXPECT_EQ(aws_reference({{"anonymous", "false"}}, "source", "--source-").value(), plain);
  EXPECT_EQ(aws_reference({{"anonymous", "true"}, {"role-arn", "arn"}}, "source", "--source-")
                .error()
                .message,
            "--source-anonymous and --source-role-arn contradict each other; leave one of them");
}

TEST(ReferenceTest, ReferencesHaveAnOrder) {
  const CredentialRef one = access_key("one"), two = access_key("two");
  const CredentialRef on_one{.kind = "aws_role", .base = {one}},
      on_two{.kind = "aws_role", .base = {two}}, on_none{.kind = "aws_role"};
  EXPECT_LT(one, two);
  EXPECT_LT(on_one, on_two);
  EXPECT_LT(on_none, on_one);
  EXPECT_EQ(on_one <=> on_one, std::strong_ordering::equal);
}

TEST(ProcessEnvironmentTest, HoldsEveryVariable) {
  ASSERT_EQ(::setenv("DTH_TEST_VARIABLE", "a=b", 1), 0);
  const auto environment = process_environment();
  ::unsetenv("DTH_TEST_VARIABLE");
  EXPECT_EQ(aws::value_of(environment, "DTH_TEST_VARIABLE"), "a=b");
  EXPECT_EQ(temporary_directory({{"TMPDIR", "/elsewhere"}}), "/elsewhere");
  EXPECT_EQ(temporary_directory({{"TMPDIR", ""}}), "/var/tmp");
}

TEST(ProfileRevisionTest, FollowsTheFiles) {
  std::string directory = (std::filesystem::temp_directory_path() / "dth-files-XXXXXX").string();
  ASSERT_NE(mkdtemp(directory.data()), nullptr);
  const aws::Environment environment{{"AWS_CONFIG_FILE", directory + "/config"},
                                     {"AWS_SHARED_CREDENTIALS_FILE", directory + "/credentials"}};
  ChangingSecrets none;
  const auto resolver = make_credential_resolver(environment, none);
  const CredentialRef profile{.kind = "aws_profile", .options = {{"profile", "p"}}};
  const std::string before = resolver->revision(profile).value();
  EXPECT_EQ(resolver->revision(profile).value(), before);
  std::ofstream(directory + "/credentials") << "[p]\n";
  EXPECT_NE(resolver->revision(profile).value(), before);
  std::filesystem::remove_all(directory);
}

}  // namespace
}  // namespace dth::credentials
