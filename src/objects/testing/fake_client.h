#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "objects/store_opener.h"
#include "objects/testing/memory_store.h"

namespace dth::objects::testing {

// What a FakeLane's client answers, and what it was asked.
struct FakeEndpoint {
  std::optional<Error> open_error = {};
  std::vector<ReachStep> steps = {};
  Result<std::string> identity = std::string("arn:aws:iam::1:user/a");
  Result<BucketPage> buckets = BucketPage{};
  Result<LevelPage> level = LevelPage{};
  LastAnswer answer = {};
  ObjectStore* store = nullptr;  // of any bucket
  bool hangs = false;            // list_buckets() never answers

  std::vector<StoreRequest> opened = {};
  std::vector<BucketRequest> bucket_requests = {};
  std::vector<LevelRequest> level_requests = {};
};

class FakeClient final : public EndpointClient {
 public:
  FakeClient(FakeEndpoint& endpoint, Clock& clock) : it_(endpoint), clock_(clock) {}

  Async<std::vector<ReachStep>> reach() override { co_return it_.steps; }
  Async<Result<std::string>> identity() override { co_return it_.identity; }
  Async<Result<BucketPage>> list_buckets(BucketRequest request) override {
    it_.bucket_requests.push_back(std::move(request));
    if (it_.hangs) {
      auto slept = co_await clock_.sleep_for(std::chrono::hours(1));
      if (slept.has_error()) co_return slept.error();
    }
    co_return it_.buckets;
  }
  Async<Result<LevelPage>> list_level(LevelRequest request) override {
    it_.level_requests.push_back(std::move(request));
    co_return it_.level;
  }
  Result<ObjectStore*> open_bucket(const std::string&) override { return it_.store; }
  LastAnswer last_answer() const override { return it_.answer; }

 private:
  FakeEndpoint& it_;
  Clock& clock_;
};

class FakeLane final : public LaneOpener {
 public:
  FakeLane(FakeEndpoint& endpoint, Clock& clock) : it_(endpoint), clock_(clock) {}

  Result<std::unique_ptr<OpenStores>> open(const StoreRequest&, const StoreRequest&) override {
    return Error{ErrorCode::unsupported, "no stores", ""};
  }
  Result<std::unique_ptr<EndpointClient>> open_client(const StoreRequest& request) override {
    it_.opened.push_back(request);
    if (it_.open_error) return *it_.open_error;
    return std::unique_ptr<EndpointClient>(std::make_unique<FakeClient>(it_, clock_));
  }
  void close_idle() override {}

 private:
  FakeEndpoint& it_;
  Clock& clock_;
};

}  // namespace dth::objects::testing
