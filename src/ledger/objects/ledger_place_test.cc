#include "ledger/objects/ledger_place.h"

#include <gtest/gtest.h>

namespace dth::ledger {
namespace {

constexpr options::Option endpoint_table[] = {{.name = "region", .placeholder = "REGION"}};

class Kind final : public objects::StoreKind {
 public:
  explicit Kind(bool has_server) : has_server_(has_server) {}
  std::string_view name() const override { return has_server_ ? "s3" : "file"; }
  std::string_view noun() const override { return "a store"; }
  bool has_server() const override { return has_server_; }
  std::span<const options::Option> endpoint_options() const override {
    if (has_server_) return endpoint_table;
    return {};
  }
  std::span<const options::Option> credential_options() const override { return {}; }
  Result<objects::Endpoint> make_endpoint(const options::Values& given,
                                          const objects::EndpointOwner&) const override {
    return objects::Endpoint{.kind = std::string(name()), .options = given};
  }
  bool is_one_place(const objects::Endpoint&, const objects::Endpoint&) const override {
    return false;
  }
  std::unique_ptr<objects::LaneSessions> open_lane(objects::LaneServices) override {
    return nullptr;
  }

 private:
  const bool has_server_;
};

class LedgerPlaceTest : public ::testing::Test {
 protected:
  LedgerPlaceTest() {
    kinds_.push_back(std::make_unique<Kind>(true));
    kinds_.push_back(std::make_unique<Kind>(false));
  }
  Result<LedgerPlace> read(const std::string& text) {
    const objects::SideOptions sides(kinds_, names_);
    return read_ledger_place(text, sides, {{"ledger-region", "mars"}});
  }
  std::string shown(const std::string& text) {
    auto place = read(text);
    return place.has_error() ? place.error().message : place->to_string();
  }

  static constexpr std::string_view names_[] = {ledger_side};
  std::vector<std::unique_ptr<objects::StoreKind>> kinds_;
};

TEST_F(LedgerPlaceTest, ASlashAtTheEndMakesNoDifference) {
  EXPECT_EQ(shown("s3://bucket"), "s3://bucket");
  EXPECT_EQ(shown("s3://bucket/"), "s3://bucket");
  EXPECT_EQ(shown("s3://bucket/a/b"), "s3://bucket/a/b");
  EXPECT_EQ(shown("s3://bucket/a/b/"), "s3://bucket/a/b");
  EXPECT_EQ(shown("/a/b"), "/a/b");
  EXPECT_EQ(shown("/a/b/"), "/a/b");
  EXPECT_EQ(shown("file:///a/b"), "/a/b");
}

TEST_F(LedgerPlaceTest, WhatIsOfARunIsBehindItsId) {
  const LedgerPlace place = read("s3://bucket/a").value();
  EXPECT_EQ(place.prefix, "a/");
  EXPECT_EQ(place.of_run("01").prefix, "a/01/");
  EXPECT_EQ(place.of_run("01").to_string(), "s3://bucket/a/01");
  EXPECT_EQ(place.store.endpoint.options, (options::Values{{"region", "mars"}}));
  EXPECT_EQ(place.store.owner.name, "ledger");
  EXPECT_EQ(read("/a")->of_run("01").directory, "/a/01");
}

TEST_F(LedgerPlaceTest, WhatIsNoPlaceIsRefused) {
  EXPECT_EQ(read("s3://").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(read("relative").error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(absolute_ledger_place("relative", "/here"), "/here/relative");
  EXPECT_EQ(absolute_ledger_place("s3://bucket", "/here"), "s3://bucket");
}

}  // namespace
}  // namespace dth::ledger
