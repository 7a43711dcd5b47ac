#include "control/endpoints/endpoint_checks.h"

#include "base/bounded.h"
#include "base/encoding.h"
#include "base/ids.h"

namespace dth::control {
namespace {

using objects::EndpointClient;
using objects::ObjectInfo;
using objects::ObjectStore;
using State = CheckState;
using Name = CheckName;
using std::chrono::milliseconds;

constexpr std::chrono::seconds check_time_max{8};
constexpr std::chrono::seconds test_time_max{25};  // of what is not cleaning up
constexpr std::chrono::seconds answer_time_max{7};
constexpr std::chrono::minutes clock_skew_max{5};
constexpr std::uint32_t objects_looked_at = 20;
constexpr std::string_view test_text =
    "dth wrote this object to test the endpoint, and deletes it at once.\n";

milliseconds whole(Duration time) { return std::chrono::duration_cast<milliseconds>(time); }

std::string_view permission_of(Name name) {
  switch (name) {
    case Name::list_buckets:
      return "s3:ListAllMyBuckets";
    case Name::list:
      return "s3:ListBucket";
    case Name::read:
      return "s3:GetObject";
    case Name::write:
      return "s3:PutObject";
    case Name::remove:
      return "s3:DeleteObject";
    default:
      return "";
  }
}

std::string advice_of(const Error& error, std::string_view permission) {
  switch (error.code) {
    case ErrorCode::permission_denied:
      if (!permission.empty())
        return "Allow " + std::string(permission) +
               " to who signs, in their policies and in the bucket's.";
      return "Correct the place, or let an administrator of the hub allow it.";
    case ErrorCode::unauthenticated:
      return "Check that the credential belongs to this store, and give its secret again.";
    case ErrorCode::not_found:
      return "Check the name of the bucket and the address.";
    case ErrorCode::timeout:
    case ErrorCode::unavailable:
      return "Check the address, and that the server is running and can be reached from the hub's "
             "host.";
    case ErrorCode::throttled:
      return "Try again later.";
    default:
      return "";
  }
}

// One test. Its methods are the checks.
class Tester {
 public:
  Tester(objects::LaneOpener& lane, Clock& clock, EndpointTestRequest request)
      : lane_(lane), clock_(clock), request_(std::move(request)) {
    for (int i = 0; i < check_count; ++i) report_.checks.push_back({.name = static_cast<Name>(i)});
  }

  Async<EndpointTestReport> run() {
    report_.at = clock_.now();
    const MonotonicTime began = clock_.monotonic_now();
    deadline_ = Deadline::at(began + test_time_max);
    co_await check_all();
    note_clock();
    for (EndpointCheck& check : report_.checks) {
      if (check.state == State::not_tried && check.detail.empty())
        check.detail = "An earlier check failed.";
    }
    report_.time = whole(clock_.monotonic_now() - began);
    co_return std::move(report_);
  }

 private:
  EndpointCheck& at(Name name) { return report_.checks[static_cast<std::size_t>(name)]; }

  Async<void> check_all() {
    if (!open()) co_return;
    if (request_.has_server) {
      if (!co_await reach()) co_return;
      if (!co_await find_identity()) co_return;
      if (!co_await list_buckets()) co_return;
    } else {
      for (const Name name : {Name::address, Name::connection, Name::tls, Name::credential,
                              Name::clock, Name::list_buckets})
        at(name).detail = "It is on the hub's host.";
    }
    if (request_.bucket.empty()) {
      for (const Name name : {Name::list, Name::read, Name::write, Name::remove})
        at(name).detail = "No bucket was given.";
      if (request_.has_server) judge_credential(false);
      co_return;
    }
    if (!co_await list()) co_return;
    if (request_.reads) {
      co_await read();
    } else {
      at(Name::read).detail = "It was not asked for.";
    }
    if (request_.writes) {
      co_await write();
    } else {
      at(Name::write).detail = at(Name::remove).detail = "It was not asked for.";
    }
  }

  objects::StoreRequest store_request() const {
    objects::StoreRequest request;
    request.endpoint = request_.endpoint;
    request.owner = {.name = "endpoint", .option_prefix = ""};
    request.bucket = request_.bucket;
    request.read_only = !request_.writes;
    request.answer_timeout = answer_time_max;
    return request;
  }

  // Nothing is sent yet: what fails is what the options or the credential say.
  bool open() {
    auto client = lane_.open_client(store_request());
    if (client.has_value()) {
      client_ = std::move(*client);
      return true;
    }
    const ErrorCode code = client.error().code;
    const bool of_credential = code == ErrorCode::not_found || code == ErrorCode::unauthenticated;
    fail(at(of_credential ? Name::credential : Name::address), client.error());
    return false;
  }

  // --- what a check came to

  void fail(EndpointCheck& check, const Error& error) {
    check.state = State::failed;
    check.error = printable(error.to_string());
    const bool is_denied =
        error.code == ErrorCode::permission_denied && error.reason == ErrorReason::unspecified;
    if (is_denied && request_.has_server) check.missing_permission = permission_of(check.name);
    check.advice = advice_of(error, check.missing_permission);
    note_answer(check);
  }
  void note_answer(EndpointCheck& check) {
    if (!client_) return;
    const objects::LastAnswer answer = client_->last_answer();
    check.vendor_code = answer.vendor_code;
    check.request_id = answer.request_id;
  }

  // Awaits what a check does, within its time.
  template <class T>
  Async<Result<T>> timed(EndpointCheck* check, std::function<Async<Result<T>>()> work,
                         Duration time_max = check_time_max) {
    const MonotonicTime began = clock_.monotonic_now();
    const Deadline deadline = deadline_.shortened(began + time_max);
    auto result = co_await within<T>(clock_, deadline, std::move(work), "the store");
    check->time = whole(clock_.monotonic_now() - began);
    co_return result;
  }

  // --- the checks; false: the rest is pointless

  Async<bool> reach() {
    using Steps = std::vector<objects::ReachStep>;
    std::function<Async<Result<Steps>>()> work = [this] { return reach_steps(client_.get()); };
    EndpointCheck whole_way;
    auto steps = co_await timed<Steps>(&whole_way, std::move(work), 2 * check_time_max);
    if (steps.has_error()) {
      fail(at(Name::connection), steps.error());
      co_return false;
    }
    at(Name::tls).state = State::warning;
    at(Name::tls).detail = "Plain HTTP: nothing is encrypted on the way.";
    for (const objects::ReachStep& step : *steps) {
      EndpointCheck& check = at(static_cast<Name>(step.what));
      check.time = whole(step.time);
      check.state = State::passed;
      check.detail = step.detail;
      if (!step.error) continue;
      fail(check, *step.error);
      if (step.what != objects::ReachStep::What::tls) at(Name::tls) = {.name = Name::tls};
      co_return false;
    }
    co_return true;
  }
  static Async<Result<std::vector<objects::ReachStep>>> reach_steps(EndpointClient* client) {
    auto steps = co_await client->reach();
    co_return steps;
  }

  Async<bool> find_identity() {
    EndpointCheck& check = at(Name::credential);
    std::function<Async<Result<std::string>>()> work = [this] { return client_->identity(); };
    auto identity = co_await timed<std::string>(&check, std::move(work));
    if (identity.has_error()) {
      fail(check, identity.error());
      co_return false;
    }
    report_.identity = std::move(*identity);
    signs_ = !report_.identity.empty();
    if (!signs_) check.detail = "Requests are not signed.";
    co_return true;
  }

  // Whether an answer showed that the credential is accepted.
  void judge_credential(bool is_shown) {
    EndpointCheck& check = at(Name::credential);
    if (!signs_ || check.state == State::passed || check.state == State::failed) return;
    check.state = is_shown ? State::passed : State::warning;
    check.detail = is_shown ? report_.identity
                            : "No answer of the store showed that it accepts the credential.";
  }
  // The store does not let in who signs: nothing else can succeed.
  bool is_refused(const Error& error) {
    if (error.code != ErrorCode::unauthenticated) return false;
    fail(at(Name::credential), error);
    return true;
  }

  Async<bool> list_buckets() {
    EndpointCheck& check = at(Name::list_buckets);
    if (!signs_) {
      check.detail = "Only somebody who signs can list buckets.";
      co_return true;
    }
    std::function<Async<Result<objects::BucketPage>>()> work = [this] {
      objects::BucketRequest request;
      return client_->list_buckets(std::move(request));
    };
    auto page = co_await timed<objects::BucketPage>(&check, std::move(work));
    report_.clock_ahead = client_->last_answer().clock_ahead;
    if (page.has_value()) {
      judge_credential(true);
      check.state = State::passed;
      check.detail = std::to_string(page->buckets.size()) +
                     (page->next_token.empty() ? "" : " or more") +
                     (page->buckets.size() == 1 ? " bucket" : " buckets");
      co_return true;
    }
    if (is_refused(page.error())) {
      check.time.reset();
      co_return false;
    }
    fail(check, page.error());
    const bool is_denied = page.error().code == ErrorCode::permission_denied;
    const bool is_unknown = page.error().code == ErrorCode::unsupported;
    if (is_denied || is_unknown) {
      if (is_denied) judge_credential(true);
      check.state = State::warning;
      check.advice = "Tasks do not need it: give the name of a bucket.";
    }
    // What hangs or breaks off once does so again.
    const bool is_gone = page.error().code == ErrorCode::timeout ||
                         page.error().code == ErrorCode::unavailable ||
                         page.error().code == ErrorCode::cancelled;
    co_return !is_gone;
  }

  Async<bool> list() {
    EndpointCheck& check = at(Name::list);
    std::function<Async<Result<objects::ListPage>>()> work = [this] { return list_some(this); };
    auto page = co_await timed<objects::ListPage>(&check, std::move(work));
    const auto ahead = client_->last_answer().clock_ahead;
    if (ahead && request_.has_server) report_.clock_ahead = ahead;
    if (page.has_error()) {
      if (is_refused(page.error())) {
        check.time.reset();
        co_return false;
      }
      fail(check, page.error());
      judge_credential(page.error().code == ErrorCode::permission_denied ||
                       page.error().reason == ErrorReason::bucket_missing);
      // Who may not list may still write.
      co_return page.error().code == ErrorCode::permission_denied;
    }
    judge_credential(true);
    check.state = State::passed;
    check.detail = page->objects.empty() ? "There are no objects." : "There are objects.";
    found_ = std::move(page->objects);
    co_return true;
  }
  static Async<Result<objects::ListPage>> list_some(Tester* it) {
    auto store = it->client_->open_bucket(it->request_.bucket);
    if (store.has_error()) co_return store.error();
    if (!it->request_.has_server) {
      objects::StoreUse use;
      use.prefix = it->request_.prefix;
      auto checked = co_await (*store)->check(std::move(use));
      if (checked.has_error()) co_return checked.error();
    }
    objects::ListRequest request;
    request.prefix = it->request_.prefix;
    request.page_size = objects_looked_at;
    co_return co_await (*store)->list(std::move(request));
  }

  // One with bytes, if there is any; null: there is no object at all.
  const ObjectInfo* object_to_read() const {
    const ObjectInfo* chosen = nullptr;
    for (const ObjectInfo& object : found_) {
      if (!object.obstacle.empty() || object.hidden_size > 0) continue;
      const bool has_bytes = object.size.known() && object.size.value() > 0;
      if (!chosen || has_bytes) chosen = &object;
      if (has_bytes) break;
    }
    return chosen;
  }

  Async<void> read() {
    EndpointCheck& check = at(Name::read);
    const ObjectInfo* const object = object_to_read();
    if (!object) {
      check.detail = "There is no object to read.";
      co_return;
    }
    std::function<Async<Result<std::uint64_t>>()> work = [this, object] {
      return read_byte(this, object);
    };
    auto size = co_await timed<std::uint64_t>(&check, std::move(work));
    if (size.has_value()) {
      check.state = State::passed;
      check.detail = printable(object->key);
      co_return;
    }
    fail(check, size.error());
    if (size.error().reason != ErrorReason::object_archived) co_return;
    check.state = State::warning;
    check.advice = "Tasks restore archived objects if they are told to.";
  }
  static Async<Result<std::uint64_t>> read_byte(Tester* it, const ObjectInfo* object) {
    auto store = it->client_->open_bucket(it->request_.bucket);
    if (store.has_error()) co_return store.error();
    objects::GetRequest request;
    request.key = object->key;
    const bool has_bytes = object->size.known() && object->size.value() > 0;
    if (has_bytes) request.range = objects::ByteRange{.offset = 0, .length = 1};
    auto got = co_await (*store)->get(std::move(request));
    if (got.has_error()) co_return got.error();
    auto piece = co_await got->body->next();
    if (piece.has_error()) co_return piece.error();
    co_return piece->size();
  }

  Async<void> write() {
    EndpointCheck& check = at(Name::write);
    const std::string key = request_.prefix + new_id(".dth-test");
    std::string version;
    std::function<Async<Result<std::string>>()> work = [this, &key] { return put(this, key); };
    auto written = co_await timed<std::string>(&check, std::move(work));
    if (written.has_error()) {
      fail(check, written.error());
      const bool is_outright = written.error().code == ErrorCode::permission_denied ||
                               written.error().code == ErrorCode::unauthenticated ||
                               written.error().code == ErrorCode::not_found ||
                               written.error().code == ErrorCode::invalid_argument;
      // It may have been written all the same.
      if (!is_outright) co_await remove(key, version);
      co_return;
    }
    check.state = State::passed;
    check.detail = printable(key);
    co_await remove(key, *written);
  }
  // The version's id, if the store has any.
  static Async<Result<std::string>> put(Tester* it, std::string key) {
    auto store = it->client_->open_bucket(it->request_.bucket);
    if (store.has_error()) co_return store.error();
    BytesBody body(as_bytes(test_text));
    objects::PutRequest request;
    request.key = std::move(key);
    request.metadata.content_type = "text/plain";
    auto put = co_await (*store)->put(std::move(request), body);
    if (put.has_error()) co_return put.error();
    co_return put->version_id;
  }

  // Not bound by the time of the test: what was written is taken away.
  Async<void> remove(std::string key, std::string version) {
    EndpointCheck& check = at(Name::remove);
    const MonotonicTime began = clock_.monotonic_now();
    Result<void> removed = co_await remove_object(this, key);
    check.time = whole(clock_.monotonic_now() - began);
    if (removed.has_error()) {
      fail(check, removed.error());
      check.detail = "The object " + printable(key) + " may still be there. Delete it.";
      co_return;
    }
    check.state = State::passed;
    if (!version.empty() && version != "null")
      check.detail = "The bucket keeps versions: one of the test's object stays.";
  }
  static Async<Result<void>> remove_object(Tester* it, std::string key) {
    auto store = it->client_->open_bucket(it->request_.bucket);
    if (store.has_error()) co_return store.error();
    objects::RemoveRequest request;
    request.key = std::move(key);
    co_return co_await (*store)->remove(std::move(request));
  }

  void note_clock() {
    EndpointCheck& check = at(Name::clock);
    if (!report_.clock_ahead) return;
    const milliseconds ahead = *report_.clock_ahead;
    const bool is_ahead = ahead.count() >= 0;
    const auto seconds = (std::abs(ahead.count()) + 500) / 1000;
    check.state = State::passed;
    check.detail = seconds <= 1 ? "The clocks agree to about a second."
                                : "The store's clock is " + std::to_string(seconds) + " s " +
                                      (is_ahead ? "ahead." : "behind.");
    if (std::chrono::abs(ahead) < clock_skew_max) return;
    check.state = State::warning;
    check.advice =
        "Set the clock of the hub's host right. Stores refuse requests of clocks that are far off; "
        "dth signs by the store's clock.";
  }

  objects::LaneOpener& lane_;
  Clock& clock_;
  const EndpointTestRequest request_;
  EndpointTestReport report_;
  std::unique_ptr<EndpointClient> client_;
  std::vector<ObjectInfo> found_;
  bool signs_ = false;
  Deadline deadline_ = Deadline::never();
};

}  // namespace

Async<Result<EndpointTestReport>> test_endpoint(objects::LaneOpener& lane, Clock& clock,
                                                EndpointTestRequest request) {
  Tester tester(lane, clock, std::move(request));
  auto report = co_await tester.run();
  co_return report;
}

}  // namespace dth::control
