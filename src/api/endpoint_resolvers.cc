// Endpoints: reading and changing them. Their tests and what they hold: endpoint_look_resolvers.cc.
#include "api/connection.h"
#include "api/endpoint_input.h"
#include "api/identity_objects.h"
#include "api/resolvers.h"
#include "api/run_filter.h"
#include "api/user_errors.h"
#include "api/values.h"
#include "base/json_reader.h"
#include "control/endpoints/endpoint_templates.h"

namespace dth::api {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;
using state::StoredEndpoint;

namespace {

using Done = Idempotency::Done;

// Not an aggregate: g++ 12 destroys copies of these twice where a coroutine is called with one.
struct Endpoints {
  explicit Endpoints(const ApiServices& services)
      : state(&services.runs.state()),
        idempotency(&services.idempotency),
        service(services.endpoints),
        clock(&services.clock) {}

  StateReader* state;
  Idempotency* idempotency;
  control::EndpointService* service;  // null: there are no kinds of store
  Clock* clock;
};

Error without_kinds() {
  return {ErrorCode::unsupported, "This hub knows no kinds of endpoint.", ""};
}

std::string given_text(const json::object& input, std::string_view name) {
  const auto* value = input.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

// --- reading

Async<Result<Resolved>> find_endpoint(Endpoints it, std::string id, ResolveInfo info) {
  if (!it.service) co_return without_kinds();
  const auto work = [&](state::State&) { return it.service->store().find(id); };
  auto found = co_await it.state->read(client_of(info), work);
  if (found.has_value()) co_return endpoint_object(std::move(*found));
  if (found.error().code == ErrorCode::not_found) co_return Resolved();
  co_return found.error();
}

state::EndpointFilter endpoint_filter_of(const ResolveInfo& info) {
  const json::object& given = object_argument(info.arguments, "filter");
  state::EndpointFilter filter;
  filter.text = given_text(given, "text");
  filter.credential = given_text(given, "credentialId");
  if (const auto* kinds = given.if_contains("kind"); kinds && kinds->is_array()) {
    for (const auto& kind : kinds->get_array()) filter.kinds.emplace_back(kind.as_string());
  }
  if (const auto* label = given.if_contains("label"); label && label->is_object())
    filter.label = {given_text(label->get_object(), "name"),
                    given_text(label->get_object(), "value")};
  return filter;
}

Async<Result<Resolved>> count_endpoints(Endpoints it, state::EndpointFilter filter,
                                        ResolveInfo info) {
  const auto work = [&](state::State&) { return it.service->store().count(filter); };
  auto count = co_await it.state->read(client_of(info), work);
  if (count.has_error()) co_return count.error();
  co_return Resolved(json::value(*count));
}

Async<Result<Resolved>> resolve_endpoints(Endpoints it, ResolveInfo info) {
  if (!it.service) co_return without_kinds();
  const std::string list = list_kind("endpoint", info);
  auto request = page_request(info, list);
  if (request.has_error()) co_return request.error();
  if (auto fit = check_lengths(object_argument(info.arguments, "filter")); fit.has_error())
    co_return fit.error();
  const state::EndpointFilter filter = endpoint_filter_of(info);
  const auto work = [&](state::State&) {
    return it.service->store().list(filter, request->after, request->first + 1);
  };
  auto page = co_await it.state->read(client_of(info), work);
  if (page.has_error()) co_return page.error();
  std::vector<PageItem> items;
  for (StoredEndpoint& endpoint : *page) {
    std::string position = endpoint.name;
    items.push_back({endpoint_object(std::move(endpoint)), std::move(position)});
  }
  TotalCount total = [it, filter](ResolveInfo of) {
    return count_endpoints(it, filter, std::move(of));
  };
  co_return make_connection(*request, list, std::move(items), std::move(total));
}

Async<Result<Resolved>> resolve_users(Endpoints it, ResolveInfo info) {
  const std::string id = info.parent_as<StoredEndpoint>().id;
  const auto work = [&](state::State&) { return it.service->store().users(id); };
  auto users = co_await it.state->read(client_of(info), work);
  if (users.has_error()) co_return users.error();
  json::array array;
  for (const state::EndpointUser& user : *users)
    array.push_back(json::object{
        {"kind", shown(user.kind)}, {"id", shown(user.id)}, {"name", shown(user.name)}});
  co_return Resolved(json::value(std::move(array)));
}

Async<Result<Resolved>> resolve_user_count(Endpoints it, ResolveInfo info) {
  const std::string id = info.parent_as<StoredEndpoint>().id;
  const auto work = [&](state::State&) { return it.service->store().user_count(id); };
  auto count = co_await it.state->read(client_of(info), work);
  if (count.has_error()) co_return count.error();
  co_return Resolved(json::value(*count));
}

Result<Resolved> resolve_endpoint_options(const ResolveInfo& info) {
  auto options = control::kept_options(info.parent_as<StoredEndpoint>());
  if (options.has_error()) return options.error();
  json::array array;
  for (const auto& [name, value] : *options)
    array.push_back(json::object{{"name", shown(name)}, {"value", shown(value)}});
  return Resolved(json::value(std::move(array)));
}

Result<Resolved> resolve_address(const Endpoints& it, const ResolveInfo& info) {
  const auto& stored = info.parent_as<StoredEndpoint>();
  auto endpoint = control::make_endpoint(it.service->kinds(), stored);
  if (endpoint.has_error()) return Resolved();
  const auto* kind = objects::find_kind(it.service->kinds(), stored.kind);
  return Resolved(text_or_null(kind->address_of(*endpoint)));
}

Result<Resolved> resolve_last_test(const ResolveInfo& info) {
  const auto& endpoint = info.parent_as<StoredEndpoint>();
  if (endpoint.last_test.empty()) return Resolved();
  auto test = parse_json(endpoint.last_test, "the test of " + endpoint.id);
  if (test.has_error()) return test.error();
  return Resolved(std::move(*test));
}

json::value kind_objects(std::span<const std::unique_ptr<objects::StoreKind>> kinds) {
  json::array array;
  for (const auto& kind : kinds) {
    json::object object;
    object["name"] = kind->name();
    object["noun"] = kind->noun();
    object["hasServer"] = kind->has_server();
    auto& options = object["options"].emplace_array();
    for (const options::Option& option : kind->endpoint_options())
      options.push_back(option_object(option));
    auto& credentials = object["credentialKinds"].emplace_array();
    for (const std::string_view name : kind->credential_kinds())
      credentials.push_back(json::string(name));
    array.push_back(std::move(object));
  }
  return array;
}

json::value template_objects() {
  json::array array;
  for (const control::EndpointTemplate& each : control::endpoint_templates()) {
    json::object object;
    object["name"] = each.name;
    object["title"] = each.title;
    object["kind"] = each.kind;
    auto& options = object["options"].emplace_array();
    for (const auto& [name, value] : each.values)
      options.push_back(json::object{{"name", name}, {"value", value}});
    object["help"] = each.help;
    object["documentation"] = text_or_null(std::string(each.documentation));
    auto& asks = object["asks"].emplace_array();
    for (const std::string_view name : each.asks) asks.push_back(json::string(name));
    array.push_back(std::move(object));
  }
  return array;
}

// --- changing

using Change = std::function<Result<control::EndpointOutcome>(
    control::EndpointService&, const json::object&, state::AuditEntry)>;
enum class Answers { endpoint, deleted_id };

Async<Result<Done>> change_endpoint(Endpoints it, Change change, Answers answers,
                                    ResolveInfo info) {
  if (!it.service) co_return without_kinds();
  const state::AuditEntry by = audit_entry(info, it.clock->now());
  const auto work = [&](state::State&) {
    return change(*it.service, object_argument(info.arguments, "input"), by);
  };
  auto outcome = co_await it.state->read(client_of(info), work);
  if (outcome.has_error()) co_return outcome.error();
  if (!outcome->value) co_return Done{"", refused(errors_of(outcome->faults))};
  std::string id = outcome->value->id;
  if (answers == Answers::deleted_id) {
    Resolved deleted{json::value(json::string(id))};
    co_return Done{std::move(id), payload("deletedEndpointId", std::move(deleted))};
  }
  co_return Done{std::move(id), payload("endpoint", endpoint_object(std::move(*outcome->value)))};
}

// The same answer again: the endpoint as it is now.
Async<Result<Resolved>> replay_endpoint(Endpoints it, Answers answers, ResolveInfo info,
                                        std::string id) {
  if (answers == Answers::deleted_id) co_return payload("deletedEndpointId", Resolved(id));
  auto found = co_await find_endpoint(it, std::move(id), info);
  if (found.has_error()) co_return found.error();
  co_return payload("endpoint", std::move(*found));
}

graphql::AsyncResolver once(Endpoints it, Change change, Answers answers = Answers::endpoint) {
  return [it, change = std::move(change), answers](ResolveInfo info) {
    Idempotency::Work work = [it, change, answers, info] {
      return change_endpoint(it, change, answers, info);
    };
    Idempotency::Replay again = [it, answers, info](std::string id) {
      return replay_endpoint(it, answers, info, std::move(id));
    };
    return it.idempotency->once(info, std::move(work), std::move(again));
  };
}

Result<control::EndpointOutcome> create(control::EndpointService& service,
                                        const json::object& input, state::AuditEntry by) {
  return service.create(read_endpoint_input(input.at("endpoint").as_object()), std::move(by));
}

Result<control::EndpointOutcome> update(control::EndpointService& service,
                                        const json::object& input, state::AuditEntry by) {
  control::EndpointChange change;
  change.id = given_text(input, "id");
  change.revision = input.at("revision").as_int64();
  change.endpoint = read_endpoint_input(input.at("endpoint").as_object());
  change.confirmed_host = given_text(input, "confirmHost");
  return service.update(change, std::move(by));
}

Result<control::EndpointOutcome> remove(control::EndpointService& service,
                                        const json::object& input, state::AuditEntry by) {
  return service.remove(given_text(input, "id"), std::move(by));
}

Async<Result<Resolved>> resolve_credential(NodeKind credentials, ResolveInfo info) {
  std::string id = info.parent_as<StoredEndpoint>().credential;
  if (id.empty()) co_return Resolved();
  co_return co_await credentials.find(std::move(id), info);
}

void add_endpoint_fields(graphql::Resolvers& resolvers, const ApiServices& services) {
  const Endpoints it(services);
  constexpr graphql::FieldCost asks_the_state{.weight = 10};
  const auto add = [&](const char* name, auto value) {
    resolvers.field(std::string("Endpoint.") + name,
                    [value](const ResolveInfo& info) -> Result<Resolved> {
                      return Resolved(json::value(value(info.parent_as<StoredEndpoint>())));
                    });
  };
  add("id", [](const StoredEndpoint& e) { return json::string(e.id); });
  add("name", [](const StoredEndpoint& e) { return json::string(shown(e.name)); });
  add("kind", [](const StoredEndpoint& e) { return json::string(shown(e.kind)); });
  add("vendor", [](const StoredEndpoint& e) { return json::string(shown(e.vendor)); });
  add("description", [](const StoredEndpoint& e) { return json::string(shown(e.description)); });
  add("labels", [](const StoredEndpoint& e) { return label_objects(e.labels); });
  add("learned", [](const StoredEndpoint&) { return json::array(); });
  add("createdAt", [](const StoredEndpoint& e) { return json::string(format_time(e.created_at)); });
  add("updatedAt", [](const StoredEndpoint& e) { return json::string(format_time(e.updated_at)); });
  add("revision", [](const StoredEndpoint& e) { return e.revision; });
  resolvers.field("Endpoint.options", resolve_endpoint_options);
  resolvers.field("Endpoint.lastTest", resolve_last_test);
  resolvers.field("Endpoint.address",
                  [it](const ResolveInfo& info) { return resolve_address(it, info); });
  resolvers.async_field(
      "Endpoint.credential",
      [credentials = credential_node_kind(services)](ResolveInfo info) {
        return resolve_credential(credentials, std::move(info));
      },
      asks_the_state);
  resolvers.async_field("Endpoint.usedBy",
                        [it](ResolveInfo info) { return resolve_users(it, std::move(info)); },
                        {.weight = 50});
  resolvers.async_field(
      "Endpoint.taskCount",
      [it](ResolveInfo info) { return resolve_user_count(it, std::move(info)); }, asks_the_state);
}

}  // namespace

Resolved endpoint_object(StoredEndpoint endpoint) {
  return Resolved::object(std::make_shared<const StoredEndpoint>(std::move(endpoint)), "Endpoint");
}

json::array label_objects(const state::Labels& labels) {
  json::array array;
  for (const auto& [name, value] : labels)
    array.push_back(json::object{{"name", shown(name)}, {"value", shown(value)}});
  return array;
}

std::vector<state::Label> read_label_inputs(const json::object& input, std::string_view name) {
  std::vector<state::Label> labels;
  const auto* list = input.if_contains(name);
  if (!list || !list->is_array()) return labels;
  for (const auto& label : list->get_array())
    labels.push_back(
        {given_text(label.as_object(), "name"), given_text(label.as_object(), "value")});
  return labels;
}

control::EndpointInput read_endpoint_input(const json::object& input) {
  control::EndpointInput endpoint;
  endpoint.name = given_text(input, "name");
  endpoint.kind = given_text(input, "kind");
  endpoint.vendor = given_text(input, "vendor");
  endpoint.description = given_text(input, "description");
  endpoint.credential = given_text(input, "credentialId");
  endpoint.labels = read_label_inputs(input, "labels");
  for (const state::Label& option : read_label_inputs(input, "options"))
    endpoint.options.insert_or_assign(option.name, option.value);
  return endpoint;
}

NodeKind endpoint_node_kind(const ApiServices& services) {
  const Endpoints it(services);
  return {"endpoint", [it](std::string id, ResolveInfo info) {
            return find_endpoint(it, std::move(id), info);
          }};
}

void add_endpoint_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  const Endpoints it(services);
  constexpr graphql::FieldCost asks_the_state{.weight = 10};
  constexpr graphql::FieldCost changes_the_state{.weight = 20};
  add_endpoint_fields(resolvers, services);
  add_connection_resolvers(resolvers, "Endpoint");
  for (const char* type :
       {"EndpointOption", "Label", "LearnedFact", "EndpointUser", "EndpointKind",
        "EndpointTemplate", "EndpointTest", "EndpointCheck", "BrowsePage", "BrowseEntry"})
    resolvers.json_object(type);
  resolvers.async_field(
      "Query.endpoint",
      [it](ResolveInfo info) { return find_endpoint(it, text_argument(info, "id"), info); },
      asks_the_state);
  resolvers.async_field(
      "Query.endpoints", [it](ResolveInfo info) { return resolve_endpoints(it, std::move(info)); },
      asks_the_state);
  const auto constant = [&](const char* field, json::value value) {
    resolvers.field(
        field,
        [kept = std::make_shared<const json::value>(std::move(value))](
            const ResolveInfo&) -> Result<Resolved> { return Resolved::borrow(kept.get()); });
  };
  constant("Query.endpointKinds", it.service ? kind_objects(it.service->kinds()) : json::array());
  constant("Query.endpointTemplates", template_objects());
  resolvers.async_field("Mutation.createEndpoint", once(it, create), changes_the_state);
  resolvers.async_field("Mutation.updateEndpoint", once(it, update), changes_the_state);
  resolvers.async_field("Mutation.deleteEndpoint", once(it, remove, Answers::deleted_id),
                        changes_the_state);
  for (const char* type : {"CreateEndpointPayload", "UpdateEndpointPayload"})
    add_payload_resolvers(resolvers, type, {"endpoint"});
  add_payload_resolvers(resolvers, "DeleteEndpointPayload", {"deletedEndpointId"});
}

}  // namespace dth::api
