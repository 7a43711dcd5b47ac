#include <gmock/gmock.h>

#include "plugins/object_copy/option_table.h"
#include "plugins/object_copy/task.h"
#include "plugins/object_copy/testing/scripted_kinds.h"

namespace dth::object_copy {
namespace {

using ::testing::HasSubstr;

class EndpointOptionsTest : public ::testing::Test {
 protected:
  Result<std::shared_ptr<const ObjectCopyTask>> parse(options::Values options) {
    options.emplace("source", "s3://from");
    options.emplace("destination", "s3://into");
    return parse_task({.options = std::move(options)}, TimePoint{}, table);
  }

  std::vector<std::unique_ptr<objects::StoreKind>> kinds = testing::scripted_kinds();
  OptionTable table{kinds};
};

TEST_F(EndpointOptionsTest, AreMadeOfWhatTheKindsDeclare) {
  for (const char* name :
       {"source-place", "source-user", "destination-place", "destination-user"}) {
    const options::Option* option = options::find_option(table.all(), name);
    ASSERT_TRUE(option) << name;
    EXPECT_TRUE(std::string_view(name).starts_with(option->group));
  }
  EXPECT_TRUE(options::find_option(table.all(), "source-user")->may_change);
  EXPECT_FALSE(options::find_option(options_of_task(), "source-place"));
  EXPECT_TRUE(options::find_option(options_of_task(), "source"));
}

TEST_F(EndpointOptionsTest, SayWhoMayGiveThemToATaskOfAHub) {
  using InTask = options::Option::InTask;
  const auto who = [&](const char* name) {
    return options::find_option(table.all(), name)->in_task;
  };
  for (const char* name : {"source", "destination", "source-place", "destination-user"})
    EXPECT_EQ(who(name), InTask::place) << name;
  for (const char* name :
       {"object-list", "source-prefix-file", "ledger", "earlier-ledger", "ledger-user"})
    EXPECT_EQ(who(name), InTask::administrator) << name;
  EXPECT_EQ(who("include"), InTask::anybody);
}

TEST_F(EndpointOptionsTest, ATaskHoldsAnEndpointForEachSide) {
  auto task = parse({{"source-place", "here"}, {"destination-user", "me"}});
  ASSERT_TRUE(task.has_value()) << task.error().to_string();
  EXPECT_EQ((*task)->source().endpoint,
            (objects::Endpoint{.kind = "s3", .options = {{"place", "here"}}}));
  EXPECT_EQ((*task)->destination().endpoint,
            (objects::Endpoint{.kind = "s3", .options = {{"user", "me"}}}));
  EXPECT_TRUE((*task)->source().read_only);
  EXPECT_FALSE((*task)->destination().read_only);
  EXPECT_EQ((*task)->destination().customer_key.ref.name, "destination");
}

TEST_F(EndpointOptionsTest, ErrorsNameTheOptionAsItWasTyped) {
  EXPECT_EQ(parse({{"destination-place", "nowhere"}}).error().message,
            "--destination-place: is nowhere");
}

TEST_F(EndpointOptionsTest, OptionsOfServersMeanNothingForADirectory) {
  for (const char* name : {"destination-place", "unsigned-payload"}) {
    EXPECT_EQ(parse({{"destination", "/tmp/d/"}, {name, "true"}}).error().message,
              "--" + std::string(name) +
                  " means nothing here, because the destination is a directory; omit it");
  }
}

TEST_F(EndpointOptionsTest, AListElsewhereIsReadFromTheSourcesEndpoint) {
  auto task = parse({{"source-place", "here"}, {"object-list", "s3://lists/l"}});
  ASSERT_TRUE(task.has_value()) << task.error().to_string();
  ASSERT_TRUE((*task)->list());
  EXPECT_EQ((*task)->list()->bucket, "lists");
  EXPECT_EQ((*task)->list()->endpoint, (*task)->source().endpoint);
  EXPECT_FALSE((*parse({{"object-list", "s3://from/l"}}))->list()) << "the source has it";
  EXPECT_FALSE((*parse({{"object-list", "/tmp/l"}}))->list());
}

}  // namespace
}  // namespace dth::object_copy
