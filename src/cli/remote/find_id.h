#pragma once

#include <string>

#include "client/hub_client.h"

namespace dth::cli {

// A kind of thing that people name and the API knows by its id.
struct NamedKind {
  const client::Document* list;  // with `id` and `field`
  std::string connection;        // the list's path
  std::string noun;              // "user"
  std::string prefix;            // of its ids: "user_"
  std::string field;             // what people call it by: "email"
  std::string command;           // that lists them: "dth user list"
};
extern const NamedKind users_by_email, credentials_by_name, endpoints_by_name, tasks_by_name;

// The id of the thing that is called so; an id is taken as it is. Errors: invalid_argument where
// there is none, and those of HubClient. Reads the list to there: 100,000 things at most.
Result<std::string> find_id(client::HubClient& hub, const NamedKind& kind,
                            const std::string& called);

// The thing that is called so: what `document`, which takes an `id`, answers as the kind's noun.
// Errors: those of find_id(), also where it was deleted meanwhile.
Result<boost::json::object> read_named(client::HubClient& hub, const NamedKind& kind,
                                       const client::Document& document, const std::string& called);

}  // namespace dth::cli
