#include "objects/s3/s3_kind.h"

#include <gmock/gmock.h>

#include "base/simulated_clock.h"
#include "credentials/credential_kinds.h"

namespace dth::objects {
namespace {

using credentials::CredentialRef;
using ::testing::HasSubstr;
using Rule = StoreRequest::CustomerKey::Rule;

// Named secrets that a test replaces.
class ChangingSecrets final : public credentials::SecretSource {
 public:
  std::map<std::string, options::Values> values;

  Result<options::Values> find(std::string_view kind, const std::string& name) const override {
    const auto found = values.find(std::string(kind) + " " + name);
    return found == values.end() ? options::Values() : found->second;
  }
  std::string shown_name(const std::string& name, std::string_view field) const override {
    return name + "." + std::string(field);
  }
};

class S3KindTest : public ::testing::Test {
 protected:
  S3KindTest() {
    set_key("one", "AKIA1");
    set_key("two", "AKIA2");
  }

  void set_key(const std::string& name, const std::string& id) {
    secrets.values["aws_access_key " + name] = {{"access-key-id", id},
                                                {"secret-access-key", "s3cret"}};
  }

  StoreRequest request(const std::string& owner, options::Values options = {}) {
    StoreRequest request;
    request.owner = {.name = owner, .option_prefix = "--" + owner + "-"};
    request.bucket = "bucket";
    options.emplace("endpoint-url", "http://127.0.0.1:9");
    request.endpoint = kind->make_endpoint(options, request.owner).value();
    return request;
  }

  OpenStore open(const StoreRequest& request) { return sessions->open(request, counters).value(); }
  Error refused(const StoreRequest& request) { return sessions->open(request, counters).error(); }

  boost::asio::io_context context{1};
  SimulatedClock clock;
  ChangingSecrets secrets;
  RequestCounters counters;
  std::unique_ptr<credentials::CredentialResolver> resolver =
      credentials::make_credential_resolver({{"HOME", "/nonexistent"}}, secrets);
  std::unique_ptr<StoreKind> kind = make_s3_kind(*resolver);
  BufferBudget buffers{context.get_executor(), 8 << 20};
  std::unique_ptr<LaneSessions> sessions =
      kind->open_lane({context.get_executor(), clock, 1, buffers});
};

TEST_F(S3KindTest, RunsOfOneEndpointShareASession) {
  const OpenStore first = open(request("one"));
  EXPECT_EQ(open(request("one")).session, first.session);
  StoreRequest other_bucket = request("one");
  other_bucket.bucket = "other";
  EXPECT_EQ(open(other_bucket).session, first.session);
}

TEST_F(S3KindTest, OthersDoNot) {
  const OpenStore first = open(request("one"));
  EXPECT_NE(open(request("two")).session, first.session);
  EXPECT_NE(open(request("one", {{"endpoint-url", "http://127.0.0.1:10"}})).session, first.session);
  EXPECT_NE(open(request("one", {{"role-arn", "arn:aws:iam::1:role/r"}})).session, first.session);
  EXPECT_NE(open(request("one", {{"anonymous", "true"}})).session, first.session);
  StoreRequest patient = request("one");
  patient.answer_timeout = std::chrono::seconds(300);
  EXPECT_NE(open(patient).session, first.session);
  EXPECT_EQ(open(request("one")).session, first.session);
}

TEST_F(S3KindTest, ASecretThatWasReplacedOpensANewSession) {
  const OpenStore first = open(request("one"));
  set_key("one", "AKIANEW");
  const OpenStore second = open(request("one"));
  EXPECT_NE(second.session, first.session);
  secrets.values["http_proxy one"] = {{"proxy", "http://user:password@127.0.0.1:8"}};
  EXPECT_NE(open(request("one")).session, second.session);
}

TEST_F(S3KindTest, ASessionIsClosedAfterAMinuteWithoutUse) {
  std::optional<OpenStore> store = open(request("one"));
  const std::weak_ptr<void> session = store->session;
  clock.advance(std::chrono::minutes(10));
  sessions->close_idle();
  EXPECT_FALSE(session.expired()) << "it is in use";
  store.reset();
  sessions->close_idle();
  clock.advance(std::chrono::seconds(59));
  sessions->close_idle();
  EXPECT_FALSE(session.expired());
  clock.advance(std::chrono::seconds(1));
  sessions->close_idle();
  EXPECT_TRUE(session.expired());
}

TEST_F(S3KindTest, ErrorsNameWhatTheOwnerSet) {
  EXPECT_THAT(
      kind->make_endpoint({{"endpoint-url", "nonsense"}}, {"one", "--one-"}).error().message,
      HasSubstr("--one-endpoint-url"));
  EXPECT_THAT(refused(request("one", {{"ca-bundle", "/nonexistent.pem"}})).message,
              HasSubstr("--one-ca-bundle"));
  EXPECT_THAT(refused(request("one", {{"proxy", "http://user:password@host"}})).message,
              HasSubstr("set one.proxy in the environment"));
  EXPECT_THAT(refused(request("one", {{"role-arn", "reader"}})).message,
              HasSubstr("--one-role-arn"));
  EXPECT_THAT(kind->make_endpoint({{"addressing", "maybe"}}, {"one", "--one-"}).error().message,
              HasSubstr("--one-addressing"));
  EXPECT_EQ(
      kind->make_endpoint({{"anonymous", "true"}, {"requester-pays", "true"}}, {"one", "--one-"})
          .error()
          .message,
      "--one-anonymous and --one-requester-pays contradict each other; leave one of them");
}

TEST_F(S3KindTest, ACustomersKeyIsThereExactlyWhereItIsMeant) {
  StoreRequest request = this->request("one");
  request.customer_key.ref = {.kind = "sse_c_key", .name = "one"};
  request.customer_key.because = "--encryption sse-c";
  EXPECT_TRUE(open(request).store);
  request.customer_key.rule = Rule::required;
  EXPECT_THAT(refused(request).message,
              HasSubstr("--encryption sse-c takes the key from one.sse-c-key, which is not set"));
  secrets.values["sse_c_key one"] = {{"sse-c-key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}};
  EXPECT_TRUE(open(request).store);
  request.customer_key.rule = Rule::excluded;
  EXPECT_THAT(refused(request).message, HasSubstr("one.sse-c-key is set"));
  secrets.values["sse_c_key one"] = {{"sse-c-key", "c2hvcnQ="}};
  request.customer_key.rule = Rule::required;
  EXPECT_THAT(refused(request).message, HasSubstr("one.sse-c-key"));
}

TEST_F(S3KindTest, AStoreCopiesByItselfWhereBothSidesAreOnePrincipal) {
  const StoreRequest one = request("one"), two = request("two");
  EXPECT_TRUE(sessions->can_copy_between(one, one));
  EXPECT_FALSE(sessions->can_copy_between(one, two));
  set_key("two", "AKIA1");
  EXPECT_TRUE(sessions->can_copy_between(one, two)) << "the same key under another name";
  EXPECT_FALSE(sessions->can_copy_between(one, request("two", {{"region", "eu-west-1"}})));
  const StoreRequest nobody = request("one", {{"anonymous", "true"}});
  EXPECT_FALSE(sessions->can_copy_between(nobody, nobody));
  StoreRequest with_key = one;
  with_key.customer_key.ref = {.kind = "sse_c_key", .name = "one"};
  EXPECT_TRUE(sessions->can_copy_between(with_key, one));
  secrets.values["sse_c_key one"] = {{"sse-c-key", "k"}};
  EXPECT_FALSE(sessions->can_copy_between(with_key, one));
}

TEST_F(S3KindTest, OnePlaceIsSeenThroughSpellings) {
  const auto at = [this](const std::string& url) {
    return request("one", {{"endpoint-url", url}}).endpoint;
  };
  EXPECT_TRUE(kind->is_one_place(at("http://Host:80/"), at("http://host")));
  EXPECT_TRUE(kind->is_one_place(at("https://host:443"), at("https://host/")));
  EXPECT_FALSE(kind->is_one_place(at("https://host"), at("http://host")));
}

}  // namespace
}  // namespace dth::objects
