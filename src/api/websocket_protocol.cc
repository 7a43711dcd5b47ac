#include "api/websocket_protocol.h"

#include "api/graphql_request.h"
#include "base/json_writer.h"

namespace dth::api {

namespace json = boost::json;

namespace {

using Protocol = WebSocketProtocol;

constexpr std::size_t id_bytes_max = 256;

Protocol::Close bad(std::string reason) {
  if (reason.size() > Protocol::reason_bytes_max) {
    reason.resize(Protocol::reason_bytes_max - 3);
    while (!reason.empty() && (static_cast<unsigned char>(reason.back()) & 0x80) != 0)
      reason.pop_back();  // a whole character
    reason += "...";
  }
  return {Protocol::bad_request, std::move(reason)};
}

std::string_view text_of(const json::object& message, std::string_view name) {
  const json::value* value = message.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string())
                                                : std::string_view();
}

// A payload that may be omitted: an object or null.
bool has_fit_payload(const json::object& message) {
  const json::value* payload = message.if_contains("payload");
  return payload == nullptr || payload->is_null() || payload->is_object();
}

std::string message_text(std::string_view type, const std::string& id, std::string_view payload) {
  std::string text =
      R"({"id":)" + write_json(json::string(id)) + R"(,"type":")" + std::string(type) + '"';
  if (!payload.empty()) text.append(R"(,"payload":)").append(payload);
  return text + "}";
}

}  // namespace

Protocol::Action WebSocketProtocol::on_message(std::string_view text) {
  auto parsed = parse_message(text, "The message");
  if (parsed.has_error()) return bad(parsed.error().message);
  if (!parsed->is_object()) return bad("A message is a JSON object.");
  const json::object& message = parsed->get_object();
  const std::string_view type = text_of(message, "type");
  if (type == "subscribe") return subscribe(message);
  if (type == "complete") return stop(message);
  if (type != "connection_init" && type != "ping" && type != "pong") {
    return bad(
        "The message's \"type\" is none of connection_init, ping, pong, subscribe, complete.");
  }
  if (!has_fit_payload(message))
    return bad("The \"payload\" of " + std::string(type) + " has to be an object.");
  if (type == "pong") return Nothing{};
  if (type == "ping") return Send{R"({"type":"pong"})"};
  if (initialised_) return Close{too_many_initialisations, "Too many initialisation requests"};
  initialised_ = true;
  return Send{R"({"type":"connection_ack"})"};
}

Protocol::Action WebSocketProtocol::on_initialisation_timeout() const {
  if (initialised_) return Nothing{};
  return Close{initialisation_timeout, "Connection initialisation timeout"};
}

Protocol::Action WebSocketProtocol::subscribe(const json::object& message) {
  if (!initialised_) return Close{unauthorized, "Unauthorized"};
  const std::string id(text_of(message, "id"));
  if (id.empty() || id.size() > id_bytes_max) {
    return bad("subscribe has to have an \"id\" of 1 to " + std::to_string(id_bytes_max) +
               " bytes.");
  }
  const json::value* payload = message.if_contains("payload");
  if (payload == nullptr) return bad("subscribe has to have a \"payload\".");
  auto request = request_of_json(*payload);
  if (request.has_error()) return bad(request.error().message);
  if (by_id_.contains(id)) {
    // A long id would not fit into the reason.
    return Close{subscriber_exists, id.size() <= 64 ? "Subscriber for " + id + " already exists"
                                                    : "The subscriber already exists"};
  }
  if (operations_.size() >= operations_max_) {
    json::array errors;
    errors.push_back(graphql::to_json(
        {"There are " + std::to_string(operations_max_) +
             " operations on this socket already: complete one, or open another socket.",
         {},
         {},
         ErrorCode::throttled}));
    return Send{message_text("error", id, write_json(errors))};
  }
  const Operation operation = ++last_;
  by_id_.emplace(id, operation);
  operations_.emplace(operation, id);
  return Begin{operation, std::move(*request)};
}

Protocol::Action WebSocketProtocol::stop(const json::object& message) {
  const std::string_view id = text_of(message, "id");
  if (id.empty()) return bad("complete has to have an \"id\".");
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return Nothing{};  // it is over already
  const Operation operation = found->second;
  finish(operation);
  return Stop{operation};
}

// Forgets the operation; its id is free again.
std::string WebSocketProtocol::finish(Operation operation) {
  const auto found = operations_.find(operation);
  std::string id = std::move(found->second);
  operations_.erase(found);
  by_id_.erase(id);
  return id;
}

std::optional<std::string> WebSocketProtocol::next(Operation operation,
                                                   std::string_view response) const {
  const auto found = operations_.find(operation);
  if (found == operations_.end()) return std::nullopt;
  return message_text("next", found->second, response);
}

std::optional<std::string> WebSocketProtocol::error(
    Operation operation, const std::vector<graphql::GraphqlError>& errors) {
  if (!operations_.contains(operation)) return std::nullopt;
  json::array array;
  for (const auto& error : errors) array.push_back(graphql::to_json(error));
  return message_text("error", finish(operation), write_json(array));
}

std::optional<std::string> WebSocketProtocol::complete(Operation operation) {
  if (!operations_.contains(operation)) return std::nullopt;
  return message_text("complete", finish(operation), "");
}

}  // namespace dth::api
