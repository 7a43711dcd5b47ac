#include "api/graphql_service.h"

#include <array>

#include "api/graphql_request.h"
#include "api/media_type.h"

namespace dth::api {

using graphql::ast::OperationKind;

namespace {

constexpr std::array<std::string_view, 2> response_types = {"application/json",
                                                            "application/graphql-response+json"};

std::string_view outcome_of(const graphql::Response& response) {
  if (!response.data) return "refused";
  return response.errors.empty() ? "ok" : "partial";
}

std::string_view name_of(std::optional<OperationKind> kind) {
  return kind ? to_string(*kind) : "invalid";
}

// For what was not executed at all.
unsigned status_of(const graphql::Response& response) {
  if (response.data) return 200;
  const ErrorCode code =
      response.errors.empty() ? ErrorCode::internal : response.errors.front().code;
  switch (code) {
    case ErrorCode::internal:
      return 500;
    case ErrorCode::unavailable:
    case ErrorCode::cancelled:
      return 503;
    case ErrorCode::permission_denied:
      return 403;
    case ErrorCode::unauthenticated:
      return 401;
    case ErrorCode::throttled:
      return 429;
    default:
      return 400;
  }
}

net::ServerResponse json_answer(unsigned status, std::string_view type, std::string body) {
  net::ServerResponse answer;
  answer.status = status;
  answer.headers.add("Content-Type", std::string(type) + "; charset=utf-8");
  answer.headers.add("Cache-Control", "no-store");
  answer.body = std::move(body);
  return answer;
}

Error wrong(std::string message) { return {ErrorCode::invalid_argument, std::move(message), ""}; }

// What a POST says its body is.
std::optional<net::ServerResponse> refuse_body_type(const net::ServerRequest& request) {
  const auto header = request.headers.find("Content-Type");
  const auto type = header ? parse_media_type(*header) : std::nullopt;
  if (!type || type->type != "application/json") {
    auto answer = refusal(415, wrong("The body has to be JSON, and to say so: send it with "
                                     "\"Content-Type: application/json\"."));
    answer.headers.add("Accept-Post", "application/json");
    return answer;
  }
  std::string charset(type->parameter("charset"));
  for (char& c : charset) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  if (!charset.empty() && charset != "utf-8")
    return refusal(415, wrong("The body has to be UTF-8, and says that it is something else."));
  return std::nullopt;
}

}  // namespace

std::optional<OperationKind> GraphqlService::kind_of(graphql::Request& request) const {
  const auto* operation = engine_.prepare(request).operation;
  if (operation == nullptr) return std::nullopt;
  return operation->operation;
}

Async<graphql::Response> GraphqlService::execute(graphql::Request request) {
  const std::string_view kind = name_of(kind_of(request));
  auto response = co_await engine_.execute(std::move(request));
  metrics_.count_operation(kind, outcome_of(response));
  co_return response;
}

Async<graphql::Subscription> GraphqlService::subscribe(graphql::Request request) {
  auto subscription = co_await engine_.subscribe(std::move(request));
  metrics_.count_operation("subscription", subscription.stream ? "ok" : "refused");
  co_return subscription;
}

void GraphqlService::count_websocket(int change) {
  websockets_ += static_cast<std::size_t>(change);
  metrics_.set_websockets(websockets_);
}

net::ServerResponse answer_of(const graphql::Response& response, ResponseType type) {
  const bool is_legacy = type == ResponseType::json;
  return json_answer(is_legacy ? 200 : status_of(response), response_types[is_legacy ? 0 : 1],
                     graphql::to_json_text(response));
}

net::ServerResponse refusal(unsigned status, const Error& error) {
  graphql::Response response;
  response.errors.push_back({error.message, {}, {}, error.code});
  return json_answer(status, response_types[0], graphql::to_json_text(response));
}

boost::system::result<ReceivedRequest, net::ServerResponse> receive(
    const net::ServerRequest& request, std::span<const std::string_view> offered) {
  const bool is_post = request.method == "POST";
  if (is_post) {
    if (auto refused = refuse_body_type(request)) return std::move(*refused);
  }
  const auto type = choose_media_type(request.headers.find("Accept"), offered);
  if (!type) {
    std::string list;
    for (const std::string_view name : offered)
      list += (list.empty() ? "" : " and ") + std::string(name);
    return refusal(406, wrong("The \"Accept\" header takes none of what there is: " + list + "."));
  }
  auto parsed = is_post ? request_of_body(request.body) : request_of_query(request.query);
  if (parsed.has_error()) return refusal(400, parsed.error());
  return ReceivedRequest{std::move(*parsed), *type};
}

Async<void> serve_graphql(GraphqlService* service, net::ServerExchange& exchange) {
  const net::ServerRequest& request = exchange.request();
  auto received = receive(request, response_types);
  if (received.has_error()) {
    net::ServerResponse refused = received.error();
    co_await exchange.answer(std::move(refused));
    co_return;
  }
  if (request.method != "POST" && service->kind_of(received->request) == OperationKind::mutation) {
    auto refused =
        refusal(405, wrong("A mutation changes something, and GET must not: send it by POST."));
    refused.headers.add("Allow", "POST");
    co_await exchange.answer(std::move(refused));
    co_return;
  }
  const auto type = received->media_type == 0 ? ResponseType::json : ResponseType::graphql_response;
  auto response = co_await service->execute(std::move(received->request));
  auto answer = answer_of(response, type);
  co_await exchange.answer(std::move(answer));
}

}  // namespace dth::api
