#include "objects/store_opener.h"

#include <gmock/gmock.h>

#include "base/simulated_clock.h"
#include "objects/testing/memory_store.h"

namespace dth::objects {
namespace {

// A kind of store whose stores are in memory: all that a new kind has to say.
class MemoryKind final : public StoreKind {
 public:
  MemoryBucket bucket{"b"};
  std::vector<LaneServices> lanes;
  int idle_calls = 0;

  std::string_view name() const override { return "memory"; }
  std::string_view noun() const override { return "memory"; }
  bool has_server() const override { return false; }
  std::span<const options::Option> endpoint_options() const override { return {}; }
  std::span<const options::Option> credential_options() const override { return {}; }
  Result<Endpoint> make_endpoint(const options::Values&, const EndpointOwner&) const override {
    return Endpoint{.kind = "memory"};
  }
  bool is_one_place(const Endpoint&, const Endpoint&) const override { return true; }
  std::unique_ptr<LaneSessions> open_lane(LaneServices services) override {
    lanes.push_back(services);
    return std::make_unique<Sessions>(*this, services);
  }

 private:
  class Sessions final : public LaneSessions {
   public:
    Sessions(MemoryKind& kind, LaneServices services) : kind_(kind), services_(services) {}
    Result<OpenStore> open(const StoreRequest& request, RequestCounters& counters) override {
      if (request.bucket.empty()) return Error{ErrorCode::invalid_argument, "no bucket", ""};
      ++counters.other;
      OpenStore opened;
      opened.store = std::make_unique<MemoryStore>(kind_.bucket, services_.clock);
      return opened;
    }
    bool can_copy_between(const StoreRequest& source, const StoreRequest&) const override {
      return source.bucket != "alone";
    }
    void close_idle() override { ++kind_.idle_calls; }

   private:
    MemoryKind& kind_;
    LaneServices services_;
  };
};

class StoreOpenerTest : public ::testing::Test {
 protected:
  StoreOpenerTest() {
    auto made = std::make_unique<MemoryKind>();
    kind = made.get();
    std::vector<std::unique_ptr<StoreKind>> kinds;
    kinds.push_back(std::move(made));
    opener = make_store_opener(std::move(kinds));
  }

  static StoreRequest request(const std::string& bucket, const std::string& of = "memory") {
    StoreRequest request;
    request.endpoint.kind = of;
    request.bucket = bucket;
    return request;
  }

  boost::asio::io_context context{1};
  SimulatedClock clock;
  MemoryKind* kind = nullptr;
  std::unique_ptr<StoreOpener> opener;
};

TEST_F(StoreOpenerTest, AKindIsAllThatANewStoreNeeds) {
  auto lane = opener->open_lane(context.get_executor(), clock, 1);
  auto stores = lane->open(request("b"), request("b"));
  ASSERT_TRUE(stores.has_value());
  EXPECT_EQ((*stores)->source().describe(), "memory://b");
  EXPECT_EQ((*stores)->copy_source_bucket(), "b");
  EXPECT_EQ((*lane->open(request("alone"), request("b")))->copy_source_bucket(), "");
  EXPECT_EQ(lane->open(request("b"), request("")).error().message, "no bucket");
  EXPECT_EQ(lane->open(request("b"), request("b", "azure")).error().code, ErrorCode::unsupported);
}

TEST_F(StoreOpenerTest, EachRunCountsItsOwnRequests) {
  auto lane = opener->open_lane(context.get_executor(), clock, 1);
  auto one = lane->open(request("b"), request("b")), two = lane->open(request("b"), request("b"));
  ++(*one)->requests().get;
  EXPECT_EQ((*one)->requests().get, 1u);
  EXPECT_EQ((*two)->requests().get, 0u);
}

TEST_F(StoreOpenerTest, ALaneHasOneBudgetForAllRunsAndKinds) {
  auto first = opener->open_lane(context.get_executor(), clock, 2);
  auto second = opener->open_lane(context.get_executor(), clock, 2);
  for (auto* lane : {first.get(), first.get(), second.get()})
    ASSERT_TRUE(lane->open(request("b"), request("b")).has_value());
  ASSERT_EQ(kind->lanes.size(), 2u) << "the sessions of a lane are opened once";
  EXPECT_NE(&kind->lanes[0].buffers, &kind->lanes[1].buffers);
  EXPECT_EQ(kind->lanes[0].buffers.bytes.capacity() + kind->lanes[1].buffers.bytes.capacity(),
            BufferBudget::process_bytes_max);
}

TEST_F(StoreOpenerTest, OpeningClosesWhatIsIdle) {
  auto lane = opener->open_lane(context.get_executor(), clock, 1);
  ASSERT_TRUE(lane->open(request("b"), request("b")).has_value());
  const int before = kind->idle_calls;
  ASSERT_TRUE(lane->open(request("b"), request("b")).has_value());
  EXPECT_GT(kind->idle_calls, before);
}

}  // namespace
}  // namespace dth::objects
