// Endpoints: testing them, and what they hold. The state is asked on the blocking executor, stores
// on a lane of their own (EndpointLane): nothing here waits on the server's thread.
#include "api/connection.h"
#include "api/endpoint_input.h"
#include "api/identity_objects.h"
#include "api/resolvers.h"
#include "api/user_errors.h"
#include "api/values.h"
#include "base/hash.h"
#include "base/json_reader.h"
#include "base/json_writer.h"
#include "control/endpoints/endpoint_browser.h"
#include "control/endpoints/endpoint_checks.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;
using state::StoredEndpoint;

constexpr std::int64_t browse_items_max = 1000;
constexpr std::size_t text_size_max = 2048;

// Not an aggregate: g++ 12 destroys copies of these twice where a coroutine is called with one.
struct Looks {
  explicit Looks(const ApiServices& services)
      : state(&services.runs.state()),
        service(services.endpoints),
        lane(services.endpoint_lane),
        clock(&services.clock) {}

  StateReader* state;
  control::EndpointService* service;
  control::EndpointLane* lane;  // null: none, or no service
  Clock* clock;
};

Error without_lane() { return {ErrorCode::unsupported, "This hub looks at no endpoints.", ""}; }

std::string look_text(const json::object& input, std::string_view name) {
  const auto* value = input.if_contains(name);
  return value && value->is_string() ? std::string(value->as_string()) : std::string();
}

const json::object* endpoint_given(const json::object& input) {
  const auto* value = input.if_contains("endpoint");
  return value && value->is_object() ? &value->get_object() : nullptr;
}

// What is looked at, or why it is not. A change of a saved endpoint keeps to the rule that its
// secret goes to no other server unasked.
Result<control::EndpointOutcome> find_looked_at(control::EndpointService& service,
                                                const json::object& input, const std::string& id) {
  const json::object* given = endpoint_given(input);
  if (given && id.empty()) return service.check(read_endpoint_input(*given));
  if (given) {
    control::EndpointChange change;
    change.id = id;
    change.endpoint = read_endpoint_input(*given);
    change.confirmed_host = look_text(input, "confirmHost");
    return service.check_change(change);
  }
  auto found = service.store().find(id);
  if (found.has_value()) return control::EndpointOutcome::of(std::move(*found));
  if (found.error().code != ErrorCode::not_found) return found.error();
  return control::EndpointOutcome::refused(control::FaultKind::not_found, "id",
                                           "There is no such endpoint.");
}

Async<Result<control::EndpointOutcome>> look_up(Looks it, std::string id_name, ResolveInfo info) {
  if (!it.service || !it.lane) co_return without_lane();
  const json::object& input = object_argument(info.arguments, "input");
  if (endpoint_given(input) && principal_of(info).role < state::Role::admin) {
    co_return Error{ErrorCode::permission_denied,
                    "Only administrators look at endpoints that are not saved.", ""};
  }
  const std::string id = look_text(input, id_name);
  if (id.empty() && !endpoint_given(input)) {
    co_return control::EndpointOutcome::refused(control::FaultKind::required, id_name,
                                                "Name an endpoint.");
  }
  const auto work = [&](state::State&) { return find_looked_at(*it.service, input, id); };
  co_return co_await it.state->read(client_of(info), work);
}

// --- testing

bool asks_access(const json::object& input, std::string_view access) {
  for (const auto& value : input.at("access").as_array())
    if (value.as_string() == access) return true;
  return false;
}

Result<control::EndpointTestRequest> test_request(const Looks& it, const StoredEndpoint& endpoint,
                                                  const json::object& input) {
  auto made = control::make_endpoint(it.service->kinds(), endpoint);
  if (made.has_error()) return made.error();
  control::EndpointTestRequest request;
  request.has_server = objects::find_kind(it.service->kinds(), endpoint.kind)->has_server();
  request.endpoint = std::move(*made);
  request.bucket = look_text(input, "bucket");
  request.prefix = look_text(input, "prefix");
  request.reads = asks_access(input, "READ");
  request.writes = asks_access(input, "WRITE");
  return request;
}

// The audit log says who used the endpoint's credential.
state::AuditEntry test_entry(const ResolveInfo& info, const StoredEndpoint& endpoint,
                             Clock& clock) {
  state::AuditEntry entry = audit_entry(info, clock.now());
  entry.action = "testEndpoint";
  entry.target_kind = "endpoint";
  entry.target_id = endpoint.id;
  entry.target_name = endpoint.name;
  return entry;
}

// Only what was tested as it is kept: the answer is about that.
Async<Result<void>> keep_test(Looks it, StoredEndpoint endpoint, bool is_saved, std::string test,
                              ResolveInfo info) {
  const state::AuditEntry entry = test_entry(info, endpoint, *it.clock);
  const auto work = [&](state::State& state) -> Result<void> {
    if (!is_saved) return state.control().audit().append(entry);
    auto kept = it.service->store().keep_test(endpoint.id, endpoint.revision, test, entry);
    if (kept.has_error()) return kept.error();
    return {};
  };
  co_return co_await it.state->read_at_once(work);
}

Async<Result<Resolved>> resolve_test(Looks it, ResolveInfo info) {
  auto found = co_await look_up(it, "id", info);
  if (found.has_error()) co_return found.error();
  if (!found->value) co_return refused(errors_of(found->faults));
  const json::object& input = object_argument(info.arguments, "input");
  if (look_text(input, "bucket").size() + look_text(input, "prefix").size() > text_size_max) {
    co_return refused(
        UserError{UserErrorCode::too_long, "The names are too long.", {"input", "bucket"}});
  }
  auto request = test_request(it, *found->value, input);
  if (request.has_error()) co_return request.error();
  Clock* const clock = it.clock;
  control::EndpointLane::Question<control::EndpointTestReport> question =
      [clock, asked = std::move(*request)](objects::LaneOpener& lane) {
        return control::test_endpoint(lane, *clock, asked);
      };
  auto report = co_await it.lane->ask(std::move(question));
  if (report.has_error()) co_return report.error();
  const std::string test = control::to_json(*report);
  auto kept = co_await keep_test(it, *found->value, endpoint_given(input) == nullptr, test, info);
  if (kept.has_error()) co_return kept.error();
  auto shown_test = parse_json(test, "the test");
  if (shown_test.has_error()) co_return shown_test.error();
  co_return payload("test", Resolved(std::move(*shown_test)));
}

// --- browsing

// A store's refusal is not the hub's: the caller is signed in, and may ask.
Error of_store(Error error) {
  const bool is_refusal =
      error.code == ErrorCode::unauthenticated || error.code == ErrorCode::permission_denied;
  if (is_refusal) error.code = ErrorCode::precondition_failed;
  return error;
}

json::value size_or_null(const objects::Reported<std::uint64_t>& size) {
  return size.known() ? json::value(static_cast<std::int64_t>(size.value())) : json::value();
}

json::value time_or_null_of(const objects::Reported<TimePoint>& time) {
  return time.known() ? json::value(json::string(format_time(time.value()))) : json::value();
}

json::object page_object(const control::BrowsePage& page, std::string_view list) {
  constexpr std::array<std::string_view, 3> kinds = {"BUCKET", "PREFIX", "OBJECT"};
  json::object object;
  object["path"] = shown(page.path);
  auto& entries = object["entries"].emplace_array();
  for (const control::BrowseEntry& entry : page.entries) {
    json::object one;
    one["kind"] = kinds.at(static_cast<std::size_t>(entry.kind));
    one["name"] = shown(entry.name);
    one["path"] = shown(entry.path);
    one["size"] = size_or_null(entry.size);
    one["modifiedAt"] = time_or_null_of(entry.modified);
    one["storageClass"] = text_or_null(entry.storage_class);
    entries.push_back(std::move(one));
  }
  object["hasNextPage"] = !page.next_token.empty();
  object["endCursor"] = page.next_token.empty()
                            ? json::value()
                            : json::value(json::string(make_cursor(list, page.next_token)));
  return object;
}

// Cursors are refused with another input.
std::string browse_list(const json::object& input) {
  return "browse-" + hash(HashAlgorithm::sha256, as_bytes(write_json(input))).hex().substr(0, 16);
}

Async<Result<Resolved>> resolve_browse(Looks it, ResolveInfo info) {
  const json::object& input = object_argument(info.arguments, "input");
  const std::string list = browse_list(input);
  auto page = page_request(info, list, browse_items_max);
  if (page.has_error()) co_return page.error();
  control::BrowseRequest request;
  request.path = look_text(input, "path");
  request.search = look_text(input, "search");
  if (request.path.size() + request.search.size() > text_size_max)
    co_return Error{ErrorCode::invalid_argument, "path: it is too long.", ""};
  auto found = co_await look_up(it, "endpointId", info);
  if (found.has_error()) co_return found.error();
  if (!found->value) {
    const control::Fault& fault = found->faults.front();
    const bool is_missing = fault.kind == control::FaultKind::not_found;
    co_return Error{is_missing ? ErrorCode::not_found : ErrorCode::invalid_argument, fault.message,
                    ""};
  }
  auto made = control::make_endpoint(it.service->kinds(), *found->value);
  if (made.has_error()) co_return made.error();
  request.endpoint = std::move(*made);
  request.has_server = objects::find_kind(it.service->kinds(), found->value->kind)->has_server();
  request.token = page->after;
  request.count = static_cast<std::uint32_t>(page->first);
  control::EndpointLane::Question<control::BrowsePage> question =
      [asked = std::move(request)](objects::LaneOpener& lane) {
        return control::browse_endpoint(lane, asked);
      };
  auto listed = co_await it.lane->ask(std::move(question));
  if (listed.has_error()) co_return of_store(listed.error());
  co_return Resolved(json::value(page_object(*listed, list)));
}

}  // namespace

void add_endpoint_look_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  const Looks it(services);
  constexpr graphql::FieldCost asks_a_store{.weight = 100};
  resolvers.async_field(
      "Mutation.testEndpoint", [it](ResolveInfo info) { return resolve_test(it, std::move(info)); },
      asks_a_store);
  resolvers.async_field(
      "Query.browse", [it](ResolveInfo info) { return resolve_browse(it, std::move(info)); },
      asks_a_store);
  add_payload_resolvers(resolvers, "TestEndpointPayload", {"test"});
}

}  // namespace dth::api
