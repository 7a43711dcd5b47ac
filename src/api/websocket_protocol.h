#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

#include "graphql/engine.h"

namespace dth::api {

// The server's side of graphql-transport-ws, without I/O: what a message means, and what may be
// sent. https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md
class WebSocketProtocol {
 public:
  static constexpr std::string_view name = "graphql-transport-ws";
  static constexpr std::size_t reason_bytes_max = 123;  // of a close frame

  enum CloseCode : std::uint16_t {
    going_away = 1001,
    try_again_later = 1013,
    bad_request = 4400,
    unauthorized = 4401,
    forbidden = 4403,
    initialisation_timeout = 4408,
    subscriber_exists = 4409,
    too_many_initialisations = 4429,
  };

  // Operations are told apart by numbers, as a client may use an id again once it has completed it.
  using Operation = std::uint64_t;

  // What is to be done.
  struct Nothing {};
  struct Send {
    std::string text;
  };
  struct Begin {
    Operation operation;
    graphql::Request request;
  };
  struct Stop {
    Operation operation;
  };
  struct Close {
    CloseCode code;
    std::string reason;
  };
  using Action = std::variant<Nothing, Send, Begin, Stop, Close>;

  explicit WebSocketProtocol(std::size_t operations_max) : operations_max_(operations_max) {}

  // After a Close nothing is asked any more.
  Action on_message(std::string_view text);
  // The time in which connection_init has to come is over.
  Action on_initialisation_timeout() const;

  // Messages about an operation; nothing where the client has completed it, or it is over. error()
  // and complete() end it.
  // `response`: its text.
  std::optional<std::string> next(Operation operation, std::string_view response) const;
  std::optional<std::string> error(Operation operation,
                                   const std::vector<graphql::GraphqlError>& errors);
  std::optional<std::string> complete(Operation operation);

  bool is_active(Operation operation) const { return operations_.contains(operation); }
  std::size_t operations() const { return operations_.size(); }

 private:
  Action subscribe(const boost::json::object& message);
  Action stop(const boost::json::object& message);
  std::string finish(Operation operation);

  std::size_t operations_max_;
  bool initialised_ = false;
  Operation last_ = 0;
  std::map<std::string, Operation, std::less<>> by_id_;
  std::map<Operation, std::string> operations_;  // to ids
};

}  // namespace dth::api
