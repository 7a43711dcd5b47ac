#include "api/graphql_service.h"

#include <array>
#include <new>

#include "api/graphql_request.h"
#include "api/host_check.h"
#include "api/media_type.h"
#include "api/resolvers.h"

namespace dth::api {

using graphql::ast::OperationKind;
using namespace std::chrono_literals;

namespace {

constexpr std::array<std::string_view, 2> response_types = {"application/json",
                                                            "application/graphql-response+json"};

void hide(const std::string& place, std::string* text) {
  for (std::size_t at = text->find(place); at != text->npos; at = text->find(place, at))
    text->replace(at, place.size(), "(hidden)");
}

// Errors for people who are no administrators do not tell where the hub's files are.
void hide_places(const std::vector<std::string>& places, graphql::Response* response) {
  for (graphql::GraphqlError& error : response->errors) {
    for (const std::string& place : places) {
      if (place.empty()) continue;
      hide(place, &error.message);
      hide(place, &error.detail);
    }
  }
}

// Who has not signed in learns nothing of what is wrong inside.
void hide_faults(graphql::Response* response) {
  for (graphql::GraphqlError& error : response->errors) {
    error.detail.clear();
    if (error.code == ErrorCode::unavailable || error.code == ErrorCode::internal ||
        error.code == ErrorCode::data_corrupted)
      error.message = "the hub cannot answer now: try again in a moment";
  }
}

std::string_view outcome_of(const graphql::Response& response) {
  if (!response.data) return "refused";
  return response.errors.empty() ? "ok" : "partial";
}

std::string_view name_of(std::optional<OperationKind> kind) {
  return kind ? to_string(*kind) : "invalid";
}

constexpr std::size_t user_agent_bytes_max = 200;

// The same of a document that was not seen before.
constexpr std::size_t text_bytes_per_cost_new = 4;

Error no_memory() {
  return {ErrorCode::throttled,
          "The hub has no memory left for this request: others take it. Try again in a moment, or "
          "ask for less.",
          ""};
}

graphql::Response no_memory_response() {
  graphql::Response response;
  response.errors.push_back({no_memory().message, {}, {}, ErrorCode::throttled});
  return response;
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

Caller caller_of(const net::ServerRequest& request) {
  RequestContext context;
  context.client = request.client;
  if (const auto* principal = std::any_cast<std::shared_ptr<const Principal>>(&request.context))
    context.principal = *principal;
  context.request_id = request.id;
  context.user_agent =
      std::string(request.headers.value_of("User-Agent").substr(0, user_agent_bytes_max));
  context.is_secure = request.secure;
  const std::string_view host = request.headers.value_of("Host");
  context.is_loopback = is_from_this_host(request);
  context.origin = (request.secure ? "https://" : "http://") + std::string(host);
  return {request.client, request.memory, std::move(context)};
}

Result<ByteReservation> GraphqlService::admit_text(const Caller& caller, std::size_t bytes) {
  auto allowed = admission_.check_cost(caller.client);
  if (allowed.has_error()) return allowed.error();
  admission_.charge(caller.client, 1 + bytes / text_bytes_per_cost);
  ByteReservation memory = caller.memory.reservation();
  if (!memory.grow_to(tree_bytes_per_text_byte * bytes)) return no_memory();
  return memory;
}

Async<Result<std::unique_ptr<GraphqlService::Operation>>> GraphqlService::begin(
    Caller caller, graphql::Request* request) {
  auto allowed = admission_.check_cost(caller.client);
  if (allowed.has_error()) co_return allowed.error();
  auto place = co_await admission_.begin_operation(caller.client);
  if (place.has_error()) co_return place.error();
  // It may have waited while others of the same client spent what there was.
  allowed = admission_.check_cost(caller.client);
  if (allowed.has_error()) co_return allowed.error();
  std::unique_ptr<Operation> operation(
      new Operation{caller.is_anonymous() ? &anonymous_engine_ : &engine_,
                    Admission::ClientTurns(admission_, caller.client),
                    std::move(*place),
                    {},
                    0});
  graphql::Turn turn(&operation->turns);
  if (!turn.try_begin()) {
    const bool begun = co_await turn.begin();
    if (!begun) co_return cancelled_error();
  }
  request->memory = caller.memory;
  request->turns = &operation->turns;
  request->context = caller.context;
  try {
    const auto& preparation = operation->engine->prepare(*request);
    if (preparation.operation != nullptr) operation->kind = preparation.operation->operation;
    operation->cost = preparation.errors.empty() ? preparation.cost : 0;
    if (!preparation.was_cached) operation->cost += request->query.size() / text_bytes_per_cost_new;
    admission_.charge(caller.client, operation->cost + 1);
  } catch (const std::bad_alloc&) {
    co_return no_memory();
  }
  co_return std::move(operation);
}

Async<graphql::Response> GraphqlService::execute(graphql::Request request,
                                                 const Operation& operation) {
  const std::string_view kind = name_of(operation.kind);
  graphql::Response response;
  bool has_failed = false;
  try {
    response = co_await operation.engine->execute(std::move(request));
  } catch (const std::bad_alloc&) {
    has_failed = true;
  }
  if (has_failed) response = no_memory_response();
  metrics_.count_operation(kind, outcome_of(response));
  co_return response;
}

Async<graphql::Subscription> GraphqlService::subscribe(graphql::Request request,
                                                       const Operation& operation) {
  auto subscription = co_await operation.engine->subscribe(std::move(request));
  metrics_.count_operation("subscription", subscription.stream ? "ok" : "refused");
  co_return subscription;
}

Async<std::optional<graphql::Response>> GraphqlService::next(Caller caller,
                                                             const Operation& operation,
                                                             graphql::ResponseStream* stream) {
  const bool may_spend = co_await admission_.wait_for_cost(caller.client);
  if (!may_spend || caller.has_ended()) co_return std::nullopt;
  std::optional<graphql::Response> response;
  try {
    response = co_await stream->next();
  } catch (const std::bad_alloc&) {
    response = no_memory_response();
  }
  if (response) admission_.charge(caller.client, operation.cost + 1);
  co_return response;
}

Async<std::string> GraphqlService::write(Caller caller, Operation* operation,
                                         graphql::Response* response) {
  graphql::Turn turn(&operation->turns);
  if (!turn.try_begin()) {
    const bool begun = co_await turn.begin();
    if (!begun) co_return std::string();
  }
  std::string text;
  try {
    if (!caller.is_administrator()) hide_places(limits_.host_places, response);
    if (caller.is_anonymous()) hide_faults(response);
    text = graphql::to_json_text(*response);
    response->data.reset();
  } catch (const std::bad_alloc&) {
    text = R"({"errors":[{"message":"The hub has no memory left for this response.",)"
           R"("extensions":{"code":"THROTTLED"}}]})";
    response->data.reset();
  }
  response->memory.shrink_to(text.capacity());
  admission_.charge(caller.client, text.size() / text_bytes_per_cost);
  co_return text;
}

void GraphqlService::count_websocket(int change) {
  websockets_ += static_cast<std::size_t>(change);
  metrics_.set_websockets(websockets_);
}

unsigned status_of(const graphql::Response& response, ResponseType type) {
  const bool is_refused = !response.data && !response.errors.empty();
  if (is_refused && response.errors.front().code == ErrorCode::throttled) return 503;
  return type == ResponseType::json ? 200 : status_of(response);
}

net::ServerResponse answer_of(std::string text, unsigned status, ResponseType type) {
  auto answer =
      json_answer(status, response_types[type == ResponseType::json ? 0 : 1], std::move(text));
  if (status == 503) answer.headers.add("Retry-After", "1");
  return answer;
}

net::ServerResponse answer_of(const graphql::Response& response, ResponseType type) {
  return answer_of(graphql::to_json_text(response), status_of(response, type), type);
}

net::ServerResponse refusal(GraphqlService& service, const Caller& caller, const Error& error) {
  const bool is_behind = service.admission().is_behind(caller.client);
  auto answer = refusal(is_behind ? 429 : 503, error);
  const auto wait = is_behind ? service.admission().retry_after(caller.client) : 1s;
  answer.headers.add("Retry-After", std::to_string(wait.count()));
  return answer;
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

namespace {

struct Answered {
  net::ServerResponse answer;
  ByteReservation memory;  // until it is written
};

Async<Answered> answer_graphql(GraphqlService* service, const net::ServerRequest* request) {
  Answered done;
  Caller caller = caller_of(*request);
  const auto cookies = std::make_shared<std::vector<std::string>>();
  if (request->method == "POST") caller.context.cookies = cookies;
  auto admitted = service->admit_text(caller, request->body.size() + request->query.size());
  if (admitted.has_error()) {
    done.answer = refusal(*service, caller, admitted.error());
    co_return done;
  }
  auto received = receive(*request, response_types);
  if (received.has_error()) {
    done.answer = received.error();
    co_return done;
  }
  auto operation = co_await service->begin(caller, &received->request);
  if (operation.has_error()) {
    done.answer = refusal(*service, caller, operation.error());
    co_return done;
  }
  if (request->method != "POST" && (*operation)->kind == OperationKind::mutation) {
    done.answer = refusal(405, wrong(std::string(mutation_by_post_only)));
    done.answer.headers.add("Allow", "POST");
    co_return done;
  }
  const auto type = received->media_type == 0 ? ResponseType::json : ResponseType::graphql_response;
  auto response = co_await service->execute(std::move(received->request), **operation);
  const unsigned status = status_of(response, type);
  auto text = co_await service->write(caller, operation->get(), &response);
  done.answer = answer_of(std::move(text), status, type);
  for (const std::string& cookie : *cookies) done.answer.headers.add("Set-Cookie", cookie);
  done.memory = std::move(response.memory);
  co_return done;
}

}  // namespace

Async<void> serve_graphql(GraphqlService* service, net::ServerExchange& exchange) {
  auto answered = co_await answer_graphql(service, &exchange.request());
  co_await exchange.answer(std::move(answered.answer));
}

}  // namespace dth::api
