#pragma once

#include <memory>
#include <string_view>

#include "base/json_writer.h"
#include "base/testing/run_for_test.h"
#include "graphql/engine.h"

namespace dth::graphql::tests {

// An engine whose resolvers are the same on both sides of the comparison. A field is the member of
// that name of its parent; {"$ref": name} is an object of the table, {"$error": text} a failure,
// {"$args": true} the arguments as JSON text. With `is_async` every second field waits before it
// answers. `table` must outlive the engine.
std::unique_ptr<Engine> make_engine(const Schema& schema, const std::string& sdl,
                                    const boost::json::object* table, bool is_async);

// The parent of root fields: a reference to an object of the table.
Resolved root_value(std::string_view name);

}  // namespace dth::graphql::tests
