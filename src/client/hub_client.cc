#include "client/hub_client.h"

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include "base/async_scope.h"
#include "base/ids.h"
#include "base/json_writer.h"
#include "base/retry.h"
#include "base/timed_body.h"
#include "client/answer.h"
#include "net/tls.h"

namespace dth::client {
namespace {

namespace json = boost::json;

constexpr std::uint64_t answer_bytes_max = 32 << 20;
constexpr std::uint64_t buffer_bytes = 4 << 20;
constexpr std::chrono::seconds answer_time_max{120};
constexpr std::size_t token_bytes_max = 1024;

bool may_be_token(std::string_view token) {
  return token.size() <= token_bytes_max &&
         token.find_first_not_of(
             "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
             "-._~+/=") == token.npos;
}

net::HttpClientOptions http_options(const HubClientOptions& options,
                                    std::shared_ptr<net::TlsContext> tls) {
  net::HttpClientOptions http;
  http.tls = std::move(tls);
  http.proxies = std::make_shared<const net::ProxyRules>(options.proxies);
  http.connections_per_origin_max = 2;
  http.first_byte_timeout = answer_time_max;
  http.ca_option = "--ca-bundle of `dth context add`, or DTH_HUB_CA_BUNDLE";
  return http;
}

// What one attempt needs.
struct Question {
  net::HttpClient* http = nullptr;
  Clock* clock = nullptr;
  net::HttpOrigin origin;
  net::HttpRequest request;
  std::string body;
  std::string hub;
};

struct Reply {
  json::object data;
  std::string cookie;  // "name=value"; empty: none was set
};

std::string cookie_of(const net::HttpResponse& response) {
  const std::string_view set = response.header("Set-Cookie");
  return std::string(set.substr(0, set.find(';')));
}

Async<Result<Reply>> attempt(const Question& question) {
  BytesBody body(as_bytes(question.body));
  net::HttpRequest request = question.request;
  auto response = co_await question.http->send(question.origin, std::move(request), &body);
  if (response.has_error()) co_return response.error();
  if (response->status >= 300 && response->status < 400)
    co_return redirected(question.hub, response->header("Location"));
  TimedBody timed(*response->body, *question.clock, answer_time_max);
  auto text = co_await read_all(timed, answer_bytes_max);
  if (text.has_error()) co_return std::move(text.error()).with_context(question.hub);
  auto data = read_answer(response->status, *text, question.hub);
  if (data.has_error()) co_return data.error();
  Reply reply;
  reply.data = std::move(*data);
  reply.cookie = cookie_of(*response);
  co_return reply;
}

Async<void> ask_until_answered(const Question* question, Idempotency idempotency,
                               Result<Reply>* reply) {
  RetryOptions options;
  options.policy.attempts_max = 3;
  options.policy.throttled_max = 3;
  options.policy.delay_max = std::chrono::seconds(2);
  options.idempotency = idempotency;
  *reply = co_await retry(*question->clock, options, [question] { return attempt(*question); });
}

class HttpHubClient final : public HubClient {
 public:
  HttpHubClient(HubClientOptions options, std::shared_ptr<net::TlsContext> tls)
      : HubClient(options.address, options.name.empty() ? options.address.url() : options.name),
        buffers_(context_.get_executor(), buffer_bytes),
        http_(context_.get_executor(), clock_, buffers_, http_options(options, std::move(tls))),
        token_(std::move(options.token)) {}

  Result<json::object> ask(const Document& document, json::object variables) override {
    Question question;
    question.http = &http_;
    question.clock = &clock_;
    question.origin = address().endpoint.origin;
    question.hub = name();
    question.request.method = "POST";
    question.request.target = address().graphql_target();
    add_headers(&question.request.headers);
    const bool can_repeat = document.repeats != Repeats::no;
    question.body =
        write_json(json::object{{"query", document.text}, {"variables", std::move(variables)}});
    Result<Reply> reply = Error{ErrorCode::internal, "no answer", ""};
    {
      AsyncScope scope(context_.get_executor());
      scope.spawn(ask_until_answered(
          &question, can_repeat ? Idempotency::idempotent : Idempotency::not_idempotent, &reply));
      context_.restart();
      // Not run(): the connection that is kept for the next request waits there for seconds.
      while (scope.size() > 0 && context_.run_one() > 0) continue;
    }
    if (reply.has_error()) return reply.error();
    if (uses_session_ && !reply->cookie.empty()) cookie_ = reply->cookie;
    return std::move(reply->data);
  }

  void use_session() override { uses_session_ = true; }

 private:
  void add_headers(net::HttpHeaders* headers) const {
    headers->add("Content-Type", "application/json");
    headers->add("Accept", "application/graphql-response+json, application/json");
    headers->add("X-DTH-Request", "1");
    if (uses_session_) {
      if (!cookie_.empty()) headers->add("Cookie", cookie_);
    } else if (!token_.empty()) {
      headers->add("Authorization", "Bearer " + token_);
    }
  }

  SystemClock clock_;
  boost::asio::io_context context_{1};
  net::BufferPool buffers_;
  net::HttpClient http_;
  const std::string token_;
  bool uses_session_ = false;
  std::string cookie_;
};

}  // namespace

Result<std::unique_ptr<HubClient>> HubClient::open(HubClientOptions options) {
  if (!may_be_token(options.token)) {
    return Error{ErrorCode::invalid_argument,
                 "that is not a token of a hub: a token is one word, such as dth_token_…", ""};
  }
  std::shared_ptr<net::TlsContext> tls;
  if (options.address.endpoint.origin.tls) {
    auto context = net::make_tls_client_context({options.ca_bundle});
    if (context.has_error()) return context.error();
    tls = *context;
  }
  return std::unique_ptr<HubClient>(new HttpHubClient(std::move(options), std::move(tls)));
}

Result<json::object> HubClient::change(const Document& document, json::object input) {
  if (document.repeats == Repeats::with_key) input["idempotencyKey"] = random_name();
  json::object variables;
  if (document.repeats != Repeats::no || !input.empty()) variables["input"] = std::move(input);
  auto data = ask(document, std::move(variables));
  if (data.has_error()) return data.error();
  return read_payload(std::move(*data), document.root, name());
}

}  // namespace dth::client
