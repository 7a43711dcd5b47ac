#pragma once

#include <string_view>

#include "graphql/engine.h"

namespace dth::api {

// The parameters of a GraphQL request (GraphQL over HTTP, "Request"): query, operationName,
// variables, extensions. Others are passed over. Without I/O. All errors are invalid_argument: the
// request is not well-formed, and the message says what it should be.

// A JSON object, as bodies of POST and payloads of WebSocket messages hold it.
Result<graphql::Request> request_of_json(const boost::json::value& json);
// JSON text. What nests more than 64 levels deep is refused.
Result<graphql::Request> request_of_body(std::string_view body);
// The query component of a URL, as application/x-www-form-urlencoded; variables and extensions are
// JSON in it.
Result<graphql::Request> request_of_query(std::string_view query);

// JSON text from outside; invalid_argument says where it breaks off. `what` is how the message
// calls it.
Result<boost::json::value> parse_message(std::string_view text, std::string_view what);

}  // namespace dth::api
