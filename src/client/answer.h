#pragma once

#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "base/error.h"

namespace dth::client {

// The `data` of the body of a hub's answer. `hub` is how messages begin: the name of the hub.
//
// Errors: what the hub's `errors` say, by their code; for an answer that is none of a hub's,
// data_corrupted with ErrorReason::foreign_answer. What the hub says is made printable, and
// bounded.
Result<boost::json::object> read_answer(int status, const std::string& body,
                                        const std::string& hub);

// The payload of a mutation, out of its `data`: the value of `root`. Errors: the first of its
// `userErrors`.
Result<boost::json::object> read_payload(boost::json::object data, std::string_view root,
                                         const std::string& hub);

// What becomes of an answer that is a redirection: it is not followed, because the token is for the
// address that was given.
Error redirected(const std::string& hub, std::string_view location);

}  // namespace dth::client
