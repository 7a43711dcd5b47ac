#pragma once

#include <string_view>

namespace dth::api {

// schema.graphql, the source of truth of the API's types.
extern const std::string_view schema_sdl;

}  // namespace dth::api
