#pragma once

#include <span>
#include <string>

#include "api/node.h"
#include "api/run_reader.h"
#include "api/run_watchers.h"
#include "base/clock.h"
#include "engine/plugin.h"
#include "graphql/engine.h"

namespace dth::api {

// What resolvers are told of the request (Request::context).
struct RequestContext {
  std::string client;
};
// Whose share of the state's reads a resolver takes; empty: the hub's own.
std::string client_of(const graphql::ResolveInfo& info);

// What the API tells of. All must outlive the engine made of it.
struct ApiServices {
  std::string version;
  std::string data_directory;
  std::string state_path;
  TimePoint started_at{};
  std::span<engine::Plugin* const> plugins;
  RunReader& runs;
  RunWatchers& watchers;
};

// How the fields of schema.graphql get their values.
graphql::Resolvers make_resolvers(const ApiServices& services);

// Its parts, a source each.
void add_plugin_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_run_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
void add_run_fields(graphql::Resolvers& resolvers, const ApiServices& services);
void add_failure_resolvers(graphql::Resolvers& resolvers, const ApiServices& services);
NodeKind run_node_kind(const ApiServices& services);

// The engine of schema.graphql with these resolvers. Throws std::logic_error where they do not fit:
// a bug.
std::unique_ptr<graphql::Engine> make_api_engine(const ApiServices& services,
                                                 graphql::EngineOptions options);

}  // namespace dth::api
