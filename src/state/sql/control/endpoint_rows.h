#pragma once

#include <string>
#include <vector>

#include "state/control/endpoint_store.h"
#include "state/sql/database.h"

// Parts of transactions that are about endpoints.
namespace dth::state::sql {

// Is it there? It stays until the transaction ends, so that what refers to it may be written.
bool hold_endpoint(Database& database, const std::string& id);

// What refers to an endpoint: the first endpoint_users_max by name, and how many there are.
std::vector<EndpointUser> users_of_endpoint(Database& database, const std::string& id);
std::int64_t count_users_of_endpoint(Database& database, const std::string& id);

}  // namespace dth::state::sql
