#include "cloud/aws/identity_transport.h"

#include "base/retry.h"
#include "base/timed_body.h"
#include "net/client/request_head.h"
#include "net/http_date.h"

namespace dth::aws {
namespace {

using Answer = IdentityTransport::Answer;
using namespace std::chrono_literals;

class HttpIdentityTransport final : public IdentityTransport {
 public:
  HttpIdentityTransport(Executor executor, Clock& clock, IdentityTransportOptions options)
      : executor_(executor),
        clock_(clock),
        options_(std::move(options)),
        buffers_(executor, 4 << 20) {}

  Async<Result<Answer>> send(net::HttpOrigin origin, net::HttpRequest request, std::string body,
                             Patience patience) override {
    auto client = client_for(origin.tls, patience);
    if (client.has_error()) co_return client.error();
    BytesBody bytes(as_bytes(body));
    auto response = co_await (*client)->send(std::move(origin), std::move(request),
                                             body.empty() ? nullptr : &bytes);
    if (response.has_error()) co_return response.error();
    TimedBody timed(*response->body, clock_, patience == Patience::metadata ? 5s : 30s);
    auto text = co_await read_all(timed, answer_size_max);
    if (text.has_error()) co_return text.error();
    Answer answer;
    answer.status = response->status;
    answer.headers = std::move(response->headers);
    answer.text = std::move(*text);
    co_return answer;
  }

 private:
  Result<net::HttpClient*> client_for(bool tls, Patience patience) {
    std::unique_ptr<net::HttpClient>& client = patience == Patience::metadata ? metadata_
                                               : tls                          ? secure_
                                                                              : plain_;
    if (client) return client.get();
    net::HttpClientOptions http;
    http.connections_per_origin_max = 4;
    if (patience == Patience::metadata) {
      http.connect_timeout = http.first_byte_timeout = http.stall_timeout = std::chrono::seconds(1);
    } else {
      http.connect_timeout = http.stall_timeout = std::chrono::seconds(5);
      http.first_byte_timeout = std::chrono::seconds(10);
      http.proxies = options_.proxies;
      http.addresses = options_.addresses;
    }
    if (tls) {
      auto context = options_.find_tls();
      if (context.has_error()) return context.error();
      http.tls = *context;
    }
    client = std::make_unique<net::HttpClient>(executor_, clock_, buffers_, std::move(http));
    return client.get();
  }

  Executor executor_;
  Clock& clock_;
  IdentityTransportOptions options_;
  net::BufferPool buffers_;
  std::unique_ptr<net::HttpClient> secure_, plain_, metadata_;  // made when they are needed
};

// Parameters by value, and no lambda that is a coroutine: what is sent again and again is in here.
struct Question {
  IdentityServices services;
  net::HttpOrigin origin;
  net::HttpRequest request;
  std::string body;
  IdentityTransport::Patience patience;
};

Async<Result<Answer>> attempt(const Question& question) {
  auto answer = co_await question.services.transport.send(question.origin, question.request,
                                                          question.body, question.patience);
  if (answer.has_value() && answer->status >= 500) {
    co_return Error{
        ErrorCode::unavailable,
        question.origin.url() + " answered with status " + std::to_string(answer->status), ""};
  }
  co_return answer;
}

}  // namespace

std::string_view IdentityTransport::Answer::header(std::string_view name) const {
  return headers.value_of(name);
}

std::unique_ptr<IdentityTransport> make_identity_transport(Executor executor, Clock& clock,
                                                           IdentityTransportOptions options) {
  return std::make_unique<HttpIdentityTransport>(executor, clock, std::move(options));
}

Async<Result<Answer>> ask(IdentityServices services, net::HttpOrigin origin,
                          net::HttpRequest request, std::string body,
                          IdentityTransport::Patience patience) {
  const Question question{services, std::move(origin), std::move(request), std::move(body),
                          patience};
  RetryOptions options;
  options.policy.attempts_max = patience == IdentityTransport::Patience::metadata ? 2 : 3;
  options.policy.throttled_max = 0;  // people wait for this
  options.policy.delay_max = std::chrono::seconds(1);
  co_return co_await retry(services.clock, options, [&question] { return attempt(question); });
}

TimePoint answered_at(const Answer& answer, const Clock& clock) {
  return net::parse_http_date(answer.header("date")).value_or(clock.now());
}

}  // namespace dth::aws
