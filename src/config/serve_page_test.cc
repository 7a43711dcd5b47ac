#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/setting_table.h"

namespace dth::config {
namespace {

TEST(ServePage, HasTheTableOfSettings) {
  std::ifstream file(DTH_SERVE_PAGE);
  std::ostringstream page;
  page << file.rdbuf();
  EXPECT_THAT(page.str(), testing::HasSubstr(reference_table())) << "put this into docs/serve.md:\n"
                                                                 << reference_table();
}

}  // namespace
}  // namespace dth::config
