#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/json.hpp>

#include "base/error.h"
#include "base/suggestions.h"

namespace dth::graphql {

// A place in a document: both count from 1. Columns count UTF-16 code units, as all clients do.
struct Location {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  bool operator==(const Location&) const = default;
  auto operator<=>(const Location&) const = default;
};

// A step from the root of a response: the key of a field, or an index of a list.
using PathSegment = std::variant<std::string, std::uint64_t>;

// An error as a response shows it (section 7.1.2 of the specification, October 2021): what a person
// reads, where in the document it is, at which field of the response. public_code(code) becomes
// `extensions.code`.
struct GraphqlError {
  std::string message;
  std::vector<Location> locations = {};
  std::vector<PathSegment> path = {};
  ErrorCode code = ErrorCode::invalid_argument;
  std::string detail = {};  // what another side said, as in dth::Error; becomes `extensions.detail`
  std::string field = {};   // the argument that is wrong; becomes `extensions.field`
};

// The word for it in `extensions.code`: "NOT_FOUND", "BAD_USER_INPUT". Clients rely on these; a
// schema may list them as an enum.
std::string_view public_code(ErrorCode code);

template <class T>
using GraphqlResult = boost::system::result<T, GraphqlError>;

// Called by boost::system::result when value() is asked of a failure: a bug of the caller.
[[noreturn]] void throw_exception_from_error(const GraphqlError& error,
                                             const boost::source_location& where);

// {"message": ..., "locations": [...], "path": [...], "extensions": {"code": ...}}; empty lists are
// left out.
boost::json::object to_json(const GraphqlError& error);

// A message that is not longer than people read: what clients sent may stand in it.
std::string bounded_message(std::string message);

// `a`, `b`, or `c`: how messages list alternatives, each in double quotes; `conjunction` is "or" or
// "and".
std::string quoted_list(const std::vector<std::string>& words, std::string_view conjunction);

// ` Did you mean "a" or "b"?`, or nothing where there are no suggestions. Five at most are shown.
// `kind` comes before the first: "the enum value ".
std::string did_you_mean(std::vector<std::string> suggestions, std::string_view kind = "");

}  // namespace dth::graphql
