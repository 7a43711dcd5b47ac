#include "cli/remote/find_id.h"

#include "base/encoding.h"
#include "cli/remote/listing.h"

namespace dth::cli {

namespace {

constexpr std::size_t things_max = 100'000;

Error none_called(const client::HubClient& hub, const NamedKind& kind, const std::string& called) {
  return {ErrorCode::invalid_argument,
          "there is no " + kind.noun + " " + printable(called) + " at " + hub.name() + "; `" +
              kind.command + "` shows those that there are",
          ""};
}

}  // namespace

const NamedKind users_by_email{
    &client::documents::users, "users", "user", "user_", "email", "dth user list"};
const NamedKind credentials_by_name{&client::documents::credentials,
                                    "credentials",
                                    "credential",
                                    "credential_",
                                    "name",
                                    "dth credential list"};
const NamedKind tasks_by_name{
    &client::documents::tasks, "tasks", "task", "task_", "name", "dth task list"};
const NamedKind endpoints_by_name{&client::documents::endpoints,
                                  "endpoints",
                                  "endpoint",
                                  "endpoint_",
                                  "name",
                                  "dth endpoint list"};

Result<std::string> find_id(client::HubClient& hub, const NamedKind& kind,
                            const std::string& called) {
  if (called.starts_with(kind.prefix)) return called;
  auto page = read_pages(hub, *kind.list, kind.connection, {}, things_max);
  if (page.has_error()) return page.error();
  for (const auto& node : page->nodes) {
    if (text_of(node.as_object(), kind.field) == called) return text_of(node.as_object(), "id");
  }
  return none_called(hub, kind, called);
}

Result<boost::json::object> read_named(client::HubClient& hub, const NamedKind& kind,
                                       const client::Document& document,
                                       const std::string& called) {
  auto id = find_id(hub, kind, called);
  if (id.has_error()) return id.error();
  auto data = hub.ask(document, boost::json::object{{"id", *id}});
  if (data.has_error()) return data.error();
  const boost::json::value* found = find_field(*data, kind.noun);
  if (found != nullptr && found->is_object()) return found->get_object();
  return none_called(hub, kind, called);
}

}  // namespace dth::cli
