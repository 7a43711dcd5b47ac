#include "plugins/object_copy/scan/paired_listings.h"

#include <random>
#include <set>

#include <gtest/gtest.h>

#include "base/simulated_clock.h"
#include "base/testing/run_for_test.h"
#include "objects/testing/memory_store.h"

namespace dth::object_copy {
namespace {

class PairedListingsTest : public ::testing::Test {
 protected:
  struct Seen {
    std::string key;
    bool source, destination;
    bool operator==(const Seen&) const = default;
  };

  // All that is visited, stopping after each `stop_every` keys.
  Async<Result<std::vector<Seen>>> walk(std::optional<std::string> after, std::size_t stop_every) {
    PairedListings sides(source_store, destination_store, context.get_executor(),
                         {"in/", "out/", std::move(after)}, CopyOptions{});
    std::vector<Seen> seen;
    Result<void> read;
    while (!sides.exhausted() && read.has_value()) {
      read = co_await sides.read(clock.monotonic_now());
      if (read.has_error()) break;
      sides.walk([&](std::string_view key, const objects::ObjectInfo* from,
                     const objects::ObjectInfo* to) {
        seen.push_back({std::string(key), from != nullptr, to != nullptr});
        return seen.size() % stop_every != 0;
      });
    }
    co_await sides.stop();
    if (read.has_error()) co_return read.error();
    co_return seen;
  }

  Result<std::vector<Seen>> run(std::optional<std::string> after = {},
                                std::size_t stop_every = 1000) {
    return run_for_test(context, walk(std::move(after), stop_every), &clock);
  }

  boost::asio::io_context context;
  SimulatedClock clock;
  objects::MemoryBucket source, destination;
  objects::MemoryStore source_store{source, clock, {.page_size_max = 3}};
  objects::MemoryStore destination_store{destination, clock, {.page_size_max = 2}};
};

TEST_F(PairedListingsTest, EachKeyOfEitherSideIsSeenOnceInOrder) {
  std::mt19937 random(7);
  for (int round = 0; round < 40; ++round) {
    source.clear();
    destination.clear();
    std::map<std::string, Seen> expected;
    for (unsigned i = 0; i < random() % 30; ++i) {
      const std::string key(1 + random() % 2, static_cast<char>(random() % 256));
      Seen& seen = expected.emplace(key, Seen{key, false, false}).first->second;
      if (random() % 2) {
        source.put("in/" + key, "x");
        seen.source = true;
      } else {
        destination.put("out/" + key, "x");
        seen.destination = true;
      }
    }
    source.put("im", "outside");
    destination.put("ouu", "outside");
    std::vector<Seen> all;
    for (const auto& [key, seen] : expected) all.push_back(seen);
    EXPECT_EQ(run({}, 1 + random() % 5).value(), all);
    if (all.empty()) continue;
    const std::size_t from = random() % all.size();
    EXPECT_EQ(run(all[from].key).value(),
              std::vector<Seen>(all.begin() + static_cast<std::ptrdiff_t>(from) + 1, all.end()));
  }
}

TEST_F(PairedListingsTest, TheEmptyKeyBeneathThePrefixIsAKey) {
  destination.put("out/", "");
  destination.put("out/a", "");
  EXPECT_EQ(run().value(), (std::vector<Seen>{{"", false, true}, {"a", false, true}}));
  EXPECT_EQ(run("").value(), (std::vector<Seen>{{"a", false, true}}));
}

TEST_F(PairedListingsTest, AListingThatFailsIsAnErrorAndNotItsEnd) {
  for (const char* key : {"in/a", "in/b", "in/c", "in/d"}) source.put(key, "x");
  for (const char* key : {"out/a", "out/b", "out/c", "out/d"}) destination.put(key, "x");
  for (objects::MemoryBucket* bucket : {&source, &destination}) {
    int pages = 0;
    bucket->set_on_request(
        [&](objects::StoreOperation, const std::string&) -> std::optional<Error> {
          if (++pages > 1) return Error{ErrorCode::permission_denied, "denied", ""};
          return std::nullopt;
        });
    EXPECT_EQ(run().error().code, ErrorCode::permission_denied);
    bucket->set_on_request({});
  }
}

}  // namespace
}  // namespace dth::object_copy
