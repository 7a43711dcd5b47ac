#include "control/endpoints/endpoint_service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/simulated_clock.h"
#include "objects/testing/fake_kind.h"
#include "state/sqlite_state.h"
#include "state/testing/temporary_directory.h"

namespace dth::control {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class EndpointServiceTest : public ::testing::Test {
 protected:
  EndpointServiceTest() {
    state::StoredCredential credential;
    credential.id = credential.name = "credential_1";
    credential.kind = "aws_access_key";
    credential.sealed_with = "key";
    auto& credentials = state_->control().credentials();
    EXPECT_TRUE(credentials.begin_keys({.id = "key", .check = "c"}).has_value());
    EXPECT_TRUE(credentials.create(credential, {}).has_value());
    credential.id = credential.name = "credential_2";
    credential.kind = "http_proxy";
    EXPECT_TRUE(credentials.create(credential, {}).has_value());
  }

  static std::unique_ptr<state::State> open(const std::string& path) {
    state::SqliteOptions options;
    options.path = path;
    options.synchronous = false;
    return state::open_sqlite_state(options).value();
  }
  static EndpointInput input(const std::string& name) {
    return {.name = name,
            .kind = "s3",
            .options = {{"endpoint-url", "https://one.example"}, {"region", "r1"}},
            .credential = "credential_1"};
  }
  state::StoredEndpoint created(EndpointInput given) {
    auto outcome = service_.create(given, {});
    EXPECT_TRUE(outcome.has_value() && outcome->value);
    return outcome->value.value_or(state::StoredEndpoint());
  }
  static std::vector<std::string> fields(const Result<EndpointOutcome>& outcome) {
    EXPECT_FALSE(outcome->value);
    std::vector<std::string> fields;
    for (const Fault& fault : outcome->faults) fields.push_back(fault.field);
    return fields;
  }
  std::string actions() {
    std::string all;
    for (const auto& record : state_->control().audit().list({}, {}, 100).value())
      if (!record.action.empty()) all += record.action + " ";
    return all;
  }

  state::testing::TemporaryDirectory directory_;
  std::unique_ptr<state::State> state_ = open(directory_ / "state.db");
  SimulatedClock clock_;
  std::vector<std::unique_ptr<objects::StoreKind>> kinds_ = objects::testing::fake_kinds();
  EndpointService service_{state_->control(), kinds_, clock_};
};

TEST_F(EndpointServiceTest, EndpointIsMadeChangedAndDeletedWithItsEntries) {
  EndpointInput given = input("one");
  given.labels = {{"env", "prod"}};
  const auto endpoint = created(given);
  EXPECT_EQ(endpoint.labels, (state::Labels{{"env", "prod"}}));
  EndpointChange change{.id = endpoint.id, .revision = 1, .endpoint = input("two")};
  const auto changed = service_.update(change, {});
  ASSERT_TRUE(changed->value) << changed->faults.at(0).message;
  EXPECT_EQ(changed->value->revision, 2);
  EXPECT_THAT(changed->value->labels, IsEmpty()) << "all of it is replaced";
  EXPECT_EQ(service_.update(change, {})->faults.at(0).kind, FaultKind::stale_revision);
  EXPECT_TRUE(service_.remove(endpoint.id, {})->value);
  EXPECT_EQ(service_.remove(endpoint.id, {})->faults.at(0).kind, FaultKind::not_found);
  EXPECT_EQ(actions(), "deleteEndpoint updateEndpoint createEndpoint ");
}

TEST_F(EndpointServiceTest, EverythingThatIsWrongIsToldAtItsField) {
  EndpointInput wrong = input("a:b");
  wrong.description = std::string("a\0b", 3);
  wrong.vendor = "nobody";
  wrong.options = {{"endpoint-url", "a\nb"}, {"requester-pays", "perhaps"}, {"secret", "x"}};
  wrong.credential = "credential_9";
  wrong.labels = {{"a", "1"}, {"a", "2"}};
  EXPECT_THAT(
      fields(service_.create(wrong, {})),
      ElementsAre("endpoint.name", "endpoint.description", "endpoint.labels", "endpoint.vendor",
                  "endpoint.options.endpoint-url", "endpoint.options.requester-pays",
                  "endpoint.options.secret", "endpoint.credentialId"));
  EndpointInput other = input("");
  other.kind = "tape";
  EXPECT_THAT(fields(service_.create(other, {})), ElementsAre("endpoint.name", "endpoint.kind"));
  other = input("x");
  other.credential = "credential_2";
  EXPECT_THAT(fields(service_.create(other, {})), ElementsAre("endpoint.credentialId"))
      << "it signs no requests";
  other = input("x");
  other.options["region"] = "nowhere";
  EXPECT_THAT(fields(service_.create(other, {})), ElementsAre("endpoint.options.region"))
      << "the kind looks at it, too";
  created(input("taken"));
  EXPECT_THAT(fields(service_.create(input("taken"), {})), ElementsAre("endpoint.name"));
  EXPECT_EQ(actions(), "createEndpoint ");
}

TEST_F(EndpointServiceTest, AddressesHoldNoPassword) {
  EndpointInput given = input("one");
  given.options["endpoint-url"] = "https://user:pl4nted@one.example";
  const auto refused = service_.create(given, {});
  EXPECT_THAT(fields(refused), ElementsAre("endpoint.options.endpoint-url"));
  EXPECT_THAT(refused->faults[0].message, ::testing::Not(HasSubstr("pl4nted")));
}

TEST_F(EndpointServiceTest, DirectoriesTakeNoCredential) {
  EndpointInput directory{.name = "disk", .kind = "file", .credential = "credential_1"};
  EXPECT_THAT(fields(service_.create(directory, {})), ElementsAre("endpoint.credentialId"));
  directory.credential = "";
  EXPECT_EQ(created(directory).kind, "file");
}

TEST_F(EndpointServiceTest, NamesMayBeOfAnyScript) {
  EXPECT_EQ(created(input("生产 S3")).name, "生产 S3");
}

TEST_F(EndpointServiceTest, StoredSecretGoesToNoOtherServerUnasked) {
  const auto endpoint = created(input("one"));
  EndpointChange change{.id = endpoint.id, .revision = 1, .endpoint = input("one")};
  change.endpoint.options["endpoint-url"] = "https://two.example";
  const auto refused = service_.update(change, {});
  EXPECT_THAT(fields(refused), ElementsAre("confirmHost"));
  EXPECT_EQ(refused->faults[0].kind, FaultKind::confirmation_required);
  EXPECT_THAT(refused->faults[0].message, HasSubstr("https://two.example"));
  change.confirmed_host = "https://three.example";
  EXPECT_THAT(fields(service_.update(change, {})), ElementsAre("confirmHost"));
  EXPECT_THAT(fields(service_.check_change(change)), ElementsAre("confirmHost"));
  change.confirmed_host = "HTTPS://two.example";
  EXPECT_TRUE(service_.update(change, {})->value);
  // Nothing is signed: nothing to confirm.
  change.revision = 2;
  change.confirmed_host = "";
  change.endpoint.credential = "";
  change.endpoint.options["endpoint-url"] = "https://four.example";
  EXPECT_TRUE(service_.update(change, {})->value);
}

TEST_F(EndpointServiceTest, TestIsForgottenWithThePlaceThatWasTested) {
  const auto endpoint = created(input("one"));
  ASSERT_TRUE(service_.store().keep_test(endpoint.id, 1, R"({"ok":true})", {}).value());
  EndpointChange change{.id = endpoint.id, .revision = 1, .endpoint = input("renamed")};
  EXPECT_EQ(service_.update(change, {})->value->last_test, R"({"ok":true})");
  change.revision = 2;
  change.endpoint.options["region"] = "r2";
  EXPECT_EQ(service_.update(change, {})->value->last_test, "");
}

TEST_F(EndpointServiceTest, WithoutACredentialNothingOfTheHostSigns) {
  EndpointInput anonymous = input("one");
  anonymous.credential = "";
  EXPECT_EQ(make_endpoint(kinds_, created(anonymous))->credential.kind, "anonymous");
  EXPECT_EQ(make_endpoint(kinds_, created(input("two")))->credential.name, "credential_1");
}

TEST_F(EndpointServiceTest, AddressOfATemplateTakesTheRegion) {
  EndpointInput given = input("one");
  given.vendor = "wasabi";
  given.options = {{"endpoint-url", "https://s3.{region}.wasabisys.com"}, {"region", "eu-west-1"}};
  EXPECT_EQ(kept_options(created(given))->at("endpoint-url"), "https://s3.eu-west-1.wasabisys.com");
  given.options.erase("region");
  given.name = "two";
  EXPECT_THAT(fields(service_.create(given, {})), ::testing::Contains("endpoint.options.region"));
}

}  // namespace
}  // namespace dth::control
