#include "objects/retrying.h"

#include <type_traits>

namespace dth::objects {
namespace {

class RetryingStore final : public ObjectStore {
 public:
  RetryingStore(std::unique_ptr<ObjectStore> owned, ObjectStore& inner, Clock& clock,
                RetryPolicy policy, std::uint64_t& retries, std::uint32_t seed, Outages* outages)
      : owned_(std::move(owned)),
        inner_(inner),
        clock_(clock),
        policy_(policy),
        retries_(retries),
        seeds_(seed),
        outages_(outages) {}

  const StoreLimits& limits() const override { return inner_.limits(); }
  std::string describe() const override { return inner_.describe(); }
  void go_without(TransferAid aid) override { inner_.go_without(aid); }
  std::vector<std::string> take_warnings() override { return inner_.take_warnings(); }

  Async<Result<StoreIdentity>> check(StoreUse use = {}) override {
    return again<Result<StoreIdentity>>(Idempotency::idempotent,
                                        [this, use = std::move(use)] { return inner_.check(use); });
  }

  Async<Result<ListPage>> list(ListRequest request) override {
    return again<Result<ListPage>>(Idempotency::idempotent, [this, request = std::move(request)] {
      return inner_.list(request);
    });
  }

  Async<Result<ObjectHead>> head(std::string key, std::string version_id) override {
    return again<Result<ObjectHead>>(
        Idempotency::idempotent, [this, key = std::move(key), version_id = std::move(version_id)] {
          return inner_.head(key, version_id);
        });
  }

  Async<Result<GetResult>> get(GetRequest request) override {
    return again<Result<GetResult>>(Idempotency::idempotent, [this, request = std::move(request)] {
      return inner_.get(request);
    });
  }

  Async<Result<PutResult>> put(PutRequest request, Body& body) override {
    const bool conditional =
        request.precondition.if_absent || !request.precondition.if_match.empty();
    return send<Result<PutResult>>(
        [this, request = std::move(request), &body] { return inner_.put(request, body); }, &body,
        conditional ? ErrorCode::precondition_failed : ErrorCode::internal);
  }

  Async<Result<void>> remove(RemoveRequest request) override {
    const ErrorCode ambiguous =
        request.if_match.empty() ? ErrorCode::internal : ErrorCode::not_found;
    return send<Result<void>>(
        [this, request = std::move(request)] { return inner_.remove(request); }, nullptr,
        ambiguous);
  }

  Async<Result<std::string>> create_upload(CreateUploadRequest request) override {
    return again<Result<std::string>>(
        Idempotency::not_idempotent,
        [this, request = std::move(request)] { return inner_.create_upload(request); });
  }

  Async<Result<PartResult>> upload_part(UploadPartRequest request, Body& body) override {
    return send<Result<PartResult>>(
        [this, request = std::move(request), &body] { return inner_.upload_part(request, body); },
        &body, ErrorCode::internal);
  }

  Async<Result<PutResult>> complete_upload(CompleteUploadRequest request) override {
    return send<Result<PutResult>>(
        [this, request = std::move(request)] { return inner_.complete_upload(request); }, nullptr,
        ErrorCode::not_found);
  }

  Async<Result<void>> abort_upload(std::string key, std::string upload_id) override {
    return again<Result<void>>(Idempotency::idempotent,
                               [this, key = std::move(key), upload_id = std::move(upload_id)] {
                                 return inner_.abort_upload(key, upload_id);
                               });
  }

  Async<Result<PutResult>> copy(CopyRequest request) override {
    const bool conditional =
        request.precondition.if_absent || !request.precondition.if_match.empty();
    return send<Result<PutResult>>(
        [this, request = std::move(request)] { return inner_.copy(request); }, nullptr,
        conditional ? ErrorCode::precondition_failed : ErrorCode::internal);
  }

  Async<Result<PartResult>> copy_part(CopyPartRequest request) override {
    return again<Result<PartResult>>(Idempotency::idempotent, [this, request = std::move(request)] {
      return inner_.copy_part(request);
    });
  }

  Async<Result<Tags>> get_tags(std::string key, std::string version_id) override {
    return again<Result<Tags>>(Idempotency::idempotent,
                               [this, key = std::move(key), version_id = std::move(version_id)] {
                                 return inner_.get_tags(key, version_id);
                               });
  }

  Async<Result<void>> restore(RestoreRequest request) override {
    return again<Result<void>>(Idempotency::idempotent, [this, request = std::move(request)] {
      return inner_.restore(request);
    });
  }

  Async<Result<void>> create_bucket(CreateBucketRequest request) override {
    return again<Result<void>>(Idempotency::idempotent,
                               [this, request] { return inner_.create_bucket(request); });
  }

  Async<Result<std::vector<UploadInfo>>> list_uploads(std::string key) override {
    return again<Result<std::vector<UploadInfo>>>(
        Idempotency::idempotent, [this, key = std::move(key)] { return inner_.list_uploads(key); });
  }

  Async<Result<std::vector<PartInfo>>> list_parts(std::string key, std::string upload_id) override {
    return again<Result<std::vector<PartInfo>>>(
        Idempotency::idempotent, [this, key = std::move(key), upload_id = std::move(upload_id)] {
          return inner_.list_parts(key, upload_id);
        });
  }

 private:
  RetryOptions options(Idempotency idempotency) {
    RetryOptions options;
    options.policy = policy_;
    options.idempotency = idempotency;
    options.seed = static_cast<std::uint32_t>(seeds_());
    options.outages = outages_;
    return options;
  }

  template <class Answer, class Operation>
  Async<Answer> again(Idempotency idempotency, Operation operation) {
    RetryReport report;
    auto answer = co_await retry(clock_, options(idempotency), std::move(operation), &report);
    retries_ += static_cast<std::uint64_t>(report.attempts - 1);
    co_return answer;
  }

  // A request that changes the store, with a body where `body` is given. `ambiguous` is the answer
  // that an earlier, successful attempt may have caused; internal means none.
  template <class Answer, class Operation>
  Async<Answer> send(Operation operation, Body* body, ErrorCode ambiguous) {
    RetryReport report;
    RetryOptions chosen = options(Idempotency::idempotent);
    // Asked before the first attempt, so that nobody waits for a second one that cannot be made.
    if (body && !body->rewind()) {
      chosen.policy.attempts_max = 1;
      chosen.policy.throttled_max = 0;
    }
    bool first = true;
    auto attempt = [&operation, body, &first] {
      const bool ready = !body || first || body->rewind();
      first = false;
      return ready ? operation() : refuse<Answer>();
    };
    auto answer = co_await retry(clock_, chosen, attempt, &report);
    retries_ += static_cast<std::uint64_t>(report.attempts - 1);
    if (answer.has_error() && report.attempts > 1 && answer.error().code == ambiguous) {
      co_return answer.error().with_context(
          "attempt " + std::to_string(report.attempts) +
          " (an earlier one, whose answer was lost, may have done it: look at the object)");
    }
    co_return answer;
  }

  template <class Answer>
  static Async<Answer> refuse() {
    co_return Error{ErrorCode::internal,
                    "a body that could be rewound once cannot be rewound again", ""};
  }

  const std::unique_ptr<ObjectStore> owned_;  // null where the store is somebody else's
  ObjectStore& inner_;
  Clock& clock_;
  const RetryPolicy policy_;
  std::uint64_t& retries_;
  std::minstd_rand seeds_;
  Outages* const outages_;
};

}  // namespace

std::unique_ptr<ObjectStore> make_retrying_store(std::unique_ptr<ObjectStore> store, Clock& clock,
                                                 RetryPolicy policy, std::uint64_t& retries,
                                                 std::uint32_t seed, Outages* outages) {
  ObjectStore& inner = *store;
  return std::make_unique<RetryingStore>(std::move(store), inner, clock, policy, retries, seed,
                                         outages);
}

std::unique_ptr<ObjectStore> make_retrying_store(ObjectStore& store, Clock& clock,
                                                 RetryPolicy policy, std::uint64_t& retries,
                                                 std::uint32_t seed, Outages* outages) {
  return std::make_unique<RetryingStore>(nullptr, store, clock, policy, retries, seed, outages);
}

}  // namespace dth::objects
