#include "objects/s3/endpoint_client.h"

#include "cloud/aws/caller_identity.h"
#include "cloud/aws/partitions.h"
#include "cloud/aws/s3_hosts.h"
#include "net/http_date.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {
namespace {

using What = ReachStep::What;

// Carries requests, and looks at the clock in the answers.
class WatchedTransport final : public Transport {
 public:
  WatchedTransport(net::HttpClient& http, Clock& clock,
                   std::optional<std::chrono::milliseconds>* ahead)
      : http_(http), clock_(clock), ahead_(ahead) {}

  Async<Result<net::HttpResponse>> send(net::HttpOrigin origin, net::HttpRequest request,
                                        Body* body) override {
    const TimePoint sent = clock_.now();
    auto response = co_await http_.send(std::move(origin), std::move(request), body);
    if (response.has_value()) {
      if (auto found = clock_ahead(response->header("date"), sent, clock_.now())) *ahead_ = found;
    }
    co_return response;
  }

 private:
  net::HttpClient& http_;
  Clock& clock_;
  std::optional<std::chrono::milliseconds>* ahead_;
};

class S3EndpointClient final : public EndpointClient {
 public:
  S3EndpointClient(S3Options options, std::shared_ptr<Session> session, const LaneServices& lane)
      : options_(std::move(options)), session_(std::move(session)), lane_(lane) {
    S3Options service = options_;
    service.bucket.clear();
    service.of_service = true;
    service_ = open(std::move(service));
  }

  Async<std::vector<ReachStep>> reach() override {
    net::ConnectReport report;
    const MonotonicTime began = lane_.clock.monotonic_now();
    auto opened = co_await session_->http().try_connection(service_->origin(), &report);
    std::optional<Error> error;
    if (opened.has_error()) error = opened.error();
    co_return reach_steps(report, error, service_->origin().tls, began,
                          lane_.clock.monotonic_now());
  }

  // Of AWS, STS is asked. Where it does not tell, for whatever reason but a refusal of the
  // credential, the key's public part says who signs.
  Async<Result<std::string>> identity() override {
    if (options_.anonymous || !session_->provider()) co_return std::string();
    auto credentials = co_await session_->provider()->get();
    if (credentials.has_error()) co_return credentials.error();
    if ((*credentials)->anonymous()) co_return std::string();
    if (!aws::s3_host_kind(service_->origin().host)) co_return (*credentials)->access_key_id;
    auto host = aws::sts_host(service_->region());
    if (host.has_error()) co_return (*credentials)->access_key_id;
    const auto transport = session_->open_transport(lane_);
    const aws::IdentityServices services{*transport, lane_.clock};
    aws::StsPlace place{.origin = {}, .region = service_->region()};
    place.origin.host = std::move(*host);
    auto arn = co_await aws::ask_caller_identity(services, *credentials, std::move(place));
    if (arn.has_error() && arn.error().code != ErrorCode::unauthenticated)
      co_return (*credentials)->access_key_id;
    co_return arn;
  }

  Async<Result<BucketPage>> list_buckets(BucketRequest request) override {
    begin(*service_);
    return service_->list_buckets(std::move(request));
  }

  Async<Result<LevelPage>> list_level(LevelRequest request) override {
    auto opened = open_bucket(request.bucket);
    if (opened.has_error()) co_return opened.error();
    co_return co_await bucket_->list_level(std::move(request));
  }

  Result<ObjectStore*> open_bucket(const std::string& bucket) override {
    if (!bucket_ || bucket_name_ != bucket) {
      S3Options options = options_;
      options.bucket = bucket_name_ = bucket;
      options.learnt_aids = session_->learnt_aids(bucket);
      bucket_ = open(std::move(options));
    }
    begin(*bucket_);
    return static_cast<ObjectStore*>(bucket_.get());
  }

  LastAnswer last_answer() const override {
    LastAnswer answer{.clock_ahead = ahead_};
    if (!last_) return answer;
    answer.vendor_code = last_->refusal_note().code;
    answer.request_id = last_->refusal_note().request_id;
    return answer;
  }

 private:
  std::unique_ptr<S3Store> open(S3Options options) {
    return std::make_unique<S3Store>(
        std::move(options),
        std::make_unique<WatchedTransport>(session_->http(), lane_.clock, &ahead_), lane_.clock,
        session_->provider(), counters_);
  }
  void begin(S3Store& store) {
    store.forget_refusal();
    last_ = &store;
  }

  const S3Options options_;
  const std::shared_ptr<Session> session_;
  const LaneServices lane_;
  RequestCounters counters_;
  std::optional<std::chrono::milliseconds> ahead_;
  std::unique_ptr<S3Store> service_, bucket_;
  std::string bucket_name_;
  const S3Store* last_ = nullptr;  // of the newest request
};

std::string address_detail(const net::ConnectReport& report) {
  if (report.tried.empty()) return "";
  std::string text = report.tried.front().address().to_string();
  const std::size_t others = report.tried.size() - 1;
  if (others > 0) text += " and " + std::to_string(others) + (others == 1 ? " other" : " others");
  return text;
}

}  // namespace

std::optional<std::chrono::milliseconds> clock_ahead(std::string_view date, TimePoint sent,
                                                     TimePoint answered) {
  const auto parsed = net::parse_http_date(date);
  if (!parsed) return std::nullopt;
  const TimePoint there = *parsed + std::chrono::milliseconds(500);
  const TimePoint here = sent + (answered - sent) / 2;
  return std::chrono::duration_cast<std::chrono::milliseconds>(there - here);
}

std::vector<ReachStep> reach_steps(const net::ConnectReport& report,
                                   const std::optional<Error>& error, bool tls, MonotonicTime began,
                                   MonotonicTime ended) {
  std::vector<ReachStep> steps;
  // Addresses that may not be connected to are none.
  if (!report.resolved_at || report.tried.empty()) {
    steps.push_back({.what = What::address, .time = ended - began, .error = error});
    return steps;
  }
  steps.push_back({.what = What::address,
                   .time = *report.resolved_at - began,
                   .detail = address_detail(report)});
  if (!report.connected_at) {
    steps.push_back(
        {.what = What::connection, .time = ended - *report.resolved_at, .error = error});
    return steps;
  }
  const auto& used = report.tried.back();
  steps.push_back({.what = What::connection,
                   .time = *report.connected_at - *report.resolved_at,
                   .detail = used.address().to_string() + ", port " + std::to_string(used.port())});
  if (!tls) return steps;
  steps.push_back({.what = What::tls,
                   .time = ended - *report.connected_at,
                   .detail = report.tls_version,
                   .error = error});
  return steps;
}

std::unique_ptr<EndpointClient> make_endpoint_client(S3Options options,
                                                     std::shared_ptr<Session> session,
                                                     const LaneServices& lane) {
  return std::make_unique<S3EndpointClient>(std::move(options), std::move(session), lane);
}

}  // namespace dth::objects::s3
