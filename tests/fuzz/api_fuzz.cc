// What clients of the hub send: bodies, URLs' queries, Accept headers, and the messages of a
// WebSocket, a line each. Whatever comes, the protocol keeps its promises: what it sends is JSON,
// what it closes with fits into a close frame, and operations are bounded.
#include <array>
#include <optional>
#include <set>

#include "api/graphql_request.h"
#include "api/media_type.h"
#include "api/websocket_protocol.h"
#include "base/encoding.h"
#include "fuzz/fuzz.h"

using namespace dth;
using namespace dth::api;

namespace {

constexpr std::size_t operations_max = 4;

void check_request(const Result<graphql::Request>& request) {
  if (request.has_error()) {
    fuzz::require(request.error().code == ErrorCode::invalid_argument,
                  "what is no request is the client's fault");
    fuzz::require(!request.error().message.empty() && is_valid_utf8(request.error().message),
                  "an error says what is wrong");
  } else {
    fuzz::require(is_valid_utf8(request->query) && is_valid_utf8(request->operation_name),
                  "a request is UTF-8");
  }
}

void require_json(const std::string& text) {
  boost::system::error_code error;
  boost::json::parse(text, error);
  fuzz::require(!error, "what is sent is JSON");
}

// A session in which each operation gets one result and is completed at the end.
void check_protocol(std::string_view messages) {
  WebSocketProtocol protocol(operations_max);
  std::set<WebSocketProtocol::Operation> begun;
  while (!messages.empty()) {
    const std::string_view message = messages.substr(0, messages.find('\n'));
    messages.remove_prefix(std::min(message.size() + 1, messages.size()));
    const auto action = protocol.on_message(message);
    fuzz::require(protocol.operations() <= operations_max, "operations are bounded");
    if (const auto* send = std::get_if<WebSocketProtocol::Send>(&action)) {
      require_json(send->text);
    } else if (const auto* begin = std::get_if<WebSocketProtocol::Begin>(&action)) {
      fuzz::require(begun.insert(begin->operation).second, "an operation begins once");
      const auto next = protocol.next(begin->operation, R"({"data":null})");
      fuzz::require(next.has_value(), "an operation that was begun is active");
      require_json(*next);
    } else if (const auto* stop = std::get_if<WebSocketProtocol::Stop>(&action)) {
      fuzz::require(begun.contains(stop->operation) && !protocol.is_active(stop->operation),
                    "what is stopped was begun");
      fuzz::require(!protocol.next(stop->operation, {}),
                    "nothing is said of what the client completed");
    } else if (const auto* close = std::get_if<WebSocketProtocol::Close>(&action)) {
      fuzz::require(close->reason.size() <= WebSocketProtocol::reason_bytes_max &&
                        is_valid_utf8(close->reason),
                    "a reason fits into its frame");
      return;
    }
  }
  for (const auto operation : begun) {
    if (const auto text = protocol.complete(operation)) require_json(*text);
  }
  fuzz::require(protocol.operations() == 0, "all operations are over");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::as_text(data, size);
  check_request(request_of_body(text));
  check_request(request_of_query(text));
  constexpr std::array<std::string_view, 2> offered = {"application/json",
                                                       "application/graphql-response+json"};
  const auto chosen = choose_media_type(text, offered);
  fuzz::require(!chosen || *chosen < offered.size(), "what is chosen was offered");
  if (const auto type = parse_media_type(text))
    fuzz::require(type->type.find('/') != std::string::npos, "a media type has two parts");
  check_protocol(text);
  return 0;
}
