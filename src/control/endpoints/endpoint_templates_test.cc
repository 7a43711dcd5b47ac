#include "control/endpoints/endpoint_templates.h"

#include <set>

#include <gtest/gtest.h>

#include "cloud/aws/partitions.h"

namespace dth::control {
namespace {

std::string_view value_of(const EndpointTemplate& each, std::string_view name) {
  for (const auto& value : each.values)
    if (value.name == name) return value.value;
  return {};
}

TEST(EndpointTemplates, EachPartitionOfAwsHasOneWithARegionOfItsOwn) {
  for (const aws::Partition& partition : aws::partitions()) {
    const EndpointTemplate* each = find_endpoint_template(partition.name);
    ASSERT_NE(each, nullptr) << partition.name;
    EXPECT_EQ(aws::find_partition(value_of(*each, "region")), &partition) << partition.name;
    EXPECT_EQ(value_of(*each, "region"), partition.region_first) << partition.name;
    EXPECT_TRUE(value_of(*each, "endpoint-url").empty()) << partition.name;
  }
}

TEST(EndpointTemplates, NamesAreUniqueAndWhatIsAskedIsThere) {
  std::set<std::string_view> names;
  for (const EndpointTemplate& each : endpoint_templates()) {
    EXPECT_TRUE(names.insert(each.name).second) << each.name;
    EXPECT_FALSE(each.help.empty()) << each.name;
    for (const std::string_view asked : each.asks)
      EXPECT_FALSE(value_of(each, asked).empty()) << each.name << " " << asked;
    const std::string_view url = value_of(each, "endpoint-url");
    EXPECT_TRUE(url.empty() || url.starts_with("https://")) << each.name;
    const bool takes_region = url.find("{region}") != url.npos;
    EXPECT_TRUE(!takes_region || !value_of(each, "region").empty()) << each.name;
  }
  EXPECT_EQ(find_endpoint_template("nobody"), nullptr);
}

}  // namespace
}  // namespace dth::control
