#include "ledger/objects/run_ledgers.h"

#include "ledger/objects/testing/memory_place.h"
#include "ledger/testing/fixture.h"

namespace dth::ledger::testing {
namespace {

// Whatever is asked for, it is one bucket in memory, where nothing is written under a condition.
class MemoryOpener final : public objects::StoreOpener {
 public:
  std::span<const std::unique_ptr<objects::StoreKind>> kinds() const override { return {}; }
  std::unique_ptr<objects::LaneOpener> open_lane(Executor, Clock& clock, unsigned) override {
    return std::make_unique<Lane>(bucket_, clock);
  }
  objects::MemoryBucket& bucket() { return bucket_; }

 private:
  class Stores final : public objects::OpenStores {
   public:
    Stores(objects::MemoryBucket& bucket, const Clock& clock)
        : store_(bucket, clock, without_conditions()) {}
    objects::ObjectStore& source() override { return store_; }
    objects::ObjectStore& destination() override { return store_; }
    objects::RequestCounters& requests() override { return requests_; }
    std::string copy_source_bucket() const override { return ""; }

   private:
    static objects::MemoryStoreOptions without_conditions() {
      objects::MemoryStoreOptions options;
      options.limits.conditional_put = false;
      return options;
    }
    objects::MemoryStore store_;
    objects::RequestCounters requests_;
  };

  class Lane final : public objects::LaneOpener {
   public:
    Lane(objects::MemoryBucket& bucket, const Clock& clock) : bucket_(bucket), clock_(clock) {}
    Result<std::unique_ptr<objects::OpenStores>> open(const objects::StoreRequest&,
                                                      const objects::StoreRequest&) override {
      std::unique_ptr<objects::OpenStores> stores = std::make_unique<Stores>(bucket_, clock_);
      return stores;
    }
    Result<std::unique_ptr<objects::EndpointClient>> open_client(
        const objects::StoreRequest&) override {
      return Error{ErrorCode::unsupported, "no client", ""};
    }
    void close_idle() override {}

   private:
    objects::MemoryBucket& bucket_;
    const Clock& clock_;
  };

  objects::MemoryBucket bucket_;
};

// Other workers closed the runs that this one knew, so that it forgets the place of one that goes
// on, and opens it again.
TEST(RunLedgers, APlaceThatIsOpenedAgainUsesNoNameTwice) {
  TemporaryDirectory directory;
  SystemClock clock;
  MemoryOpener opener;
  RunLedgersOptions options;
  options.worker_name = "w";
  options.find_place = [&](const std::string& run) -> Result<std::optional<LedgerPlace>> {
    LedgerPlace place;
    if (run != "run") place.directory = directory / run.substr(0, run.find('-'));
    return std::optional(place);
  };
  RunLedgers ledgers({opener, clock}, nullptr, options);
  const auto first = ledgers.append("run", lines_of("a", 1));
  ASSERT_FALSE(first.has_error()) << why(first);
  // Without a key nothing is sealed, but the runs are known.
  for (int i = 0; i < 1'100; ++i) {
    state::Run other;
    other.id = std::to_string(i % 32) + "-" + std::to_string(i);
    ASSERT_TRUE(ledgers.seal(other, {}).has_error());
  }
  LedgerPlace one_more;
  one_more.directory = directory / "more";
  ASSERT_FALSE(ledgers.check(one_more).has_error());
  const auto second = ledgers.append("run", lines_of("b", 1));
  ASSERT_FALSE(second.has_error()) << why(second);
  EXPECT_NE(first->file, second->file);
  EXPECT_EQ(opener.bucket().size(), 2u);
}

// Each run has its own patience, also with a place that several have.
TEST(RunLedgers, ARunThatDoesNotWaitForItsPlaceFails) {
  SystemClock clock;
  MemoryOpener opener;
  RunLedgersOptions options;
  options.worker_name = "w";
  options.find_place = [&](const std::string& run) -> Result<std::optional<LedgerPlace>> {
    LedgerPlace place;
    place.store.bucket = "bucket";
    if (run == "impatient") place.unreachable_timeout = std::chrono::seconds(1);
    return std::optional(place);
  };
  RunLedgers ledgers({opener, clock}, nullptr, options);
  ASSERT_FALSE(ledgers.append("patient", lines_of("a", 1)).has_error());
  opener.bucket().set_on_request([](objects::StoreOperation, const std::string&) {
    return std::optional<Error>(
        Error(ErrorCode::unavailable, ErrorReason::unreachable, "no route", ""));
  });
  const auto refused = ledgers.append("impatient", lines_of("b", 1));
  ASSERT_TRUE(refused.has_error());
  EXPECT_TRUE(is_given_up(refused.error())) << why(refused);
  EXPECT_NE(refused.error().message.find("--unreachable-timeout (1 s)"), std::string::npos)
      << why(refused);
}

}  // namespace
}  // namespace dth::ledger::testing
