#include "control/endpoints/endpoint_service.h"

#include <boost/json.hpp>

#include "base/ascii.h"
#include "base/encoding.h"
#include "base/ids.h"
#include "base/json_reader.h"
#include "base/json_writer.h"

namespace dth::control {
namespace {

using state::StoredEndpoint;

std::string labels_text(const state::Labels& labels) {
  std::string text;
  for (const auto& [name, value] : labels) text += (text.empty() ? "" : ", ") + name + "=" + value;
  return text;
}

state::AuditChanges changes_between(const StoredEndpoint& before, const StoredEndpoint& after) {
  state::AuditChanges changes;
  changes.add("name", before.name, after.name);
  changes.add("kind", before.kind, after.kind);
  changes.add("vendor", before.vendor, after.vendor);
  changes.add("description", before.description, after.description);
  changes.add("options", before.options, after.options);
  changes.add("credential", before.credential, after.credential);
  changes.add("labels", labels_text(before.labels), labels_text(after.labels));
  return changes;
}

void name_target(const StoredEndpoint& endpoint, state::AuditEntry* entry) {
  entry->target_kind = "endpoint";
  entry->target_id = endpoint.id;
  entry->target_name = endpoint.name;
}

EndpointOutcome no_such(const std::string& id) {
  return EndpointOutcome::refused(FaultKind::not_found, "id",
                                  "There is no endpoint " + printable(id.substr(0, 100)) + ".");
}

// What the state says that its sender can put right; nothing for other errors.
std::optional<EndpointOutcome> refused_by_state(const Error& error) {
  switch (error.code) {
    case ErrorCode::already_exists:
      return EndpointOutcome::refused(FaultKind::taken, "endpoint.name", error.message);
    case ErrorCode::not_found:
      return EndpointOutcome::refused(FaultKind::not_found, "endpoint.credentialId", error.message);
    case ErrorCode::precondition_failed:
      return EndpointOutcome::refused(FaultKind::stale_revision, "revision", error.message);
    default:
      return std::nullopt;
  }
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : ", ") + text;
  return all;
}

bool is_other_place(const StoredEndpoint& one, const StoredEndpoint& other) {
  return one.options != other.options || one.credential != other.credential;
}

}  // namespace

Result<options::Values> kept_options(const StoredEndpoint& endpoint) {
  const auto parsed = parse_json(endpoint.options, "the options of " + endpoint.id);
  if (parsed.has_error()) return parsed.error();
  options::Values values;
  const auto* object = parsed->if_object();
  if (!object)
    return Error{ErrorCode::data_corrupted, "the options of " + endpoint.id + " are none", ""};
  for (const auto& field : *object) {
    if (const auto* text = field.value().if_string())
      values.emplace(std::string(field.key()), std::string(*text));
  }
  return values;
}

Result<options::Values> endpoint_values(const objects::StoreKind& kind,
                                        const StoredEndpoint& endpoint) {
  auto values = kept_options(endpoint);
  if (values.has_error()) return values;
  const auto table = kind.credential_options();
  if (!endpoint.credential.empty()) {
    values->insert_or_assign("credential", endpoint.credential);
  } else if (options::find_option(table, "anonymous")) {
    values->insert_or_assign("anonymous", "true");
  }
  return values;
}

Result<objects::Endpoint> make_endpoint(std::span<const std::unique_ptr<objects::StoreKind>> kinds,
                                        const StoredEndpoint& endpoint) {
  const objects::StoreKind* const kind = objects::find_kind(kinds, endpoint.kind);
  if (!kind) {
    return Error{ErrorCode::unsupported,
                 "this program does not know the kind of endpoint " + printable(endpoint.kind), ""};
  }
  auto values = endpoint_values(*kind, endpoint);
  if (values.has_error()) return values.error();
  return kind->make_endpoint(*values, {.name = "endpoint", .option_prefix = ""});
}

Result<EndpointOutcome> EndpointService::check(const EndpointInput& input) {
  StoredEndpoint endpoint;
  auto faults = find_faults(input, &endpoint);
  if (faults.has_error()) return faults.error();
  if (!faults->empty()) return EndpointOutcome::refused(std::move(*faults));
  return EndpointOutcome::of(std::move(endpoint));
}

Result<EndpointOutcome> EndpointService::create(const EndpointInput& input, state::AuditEntry who) {
  auto checked = check(input);
  if (checked.has_error() || !checked->value) return checked;
  StoredEndpoint endpoint = std::move(*checked->value);
  endpoint.id = new_id("endpoint");
  endpoint.created_at = endpoint.updated_at = who.at = clock_.now();
  who.action = "createEndpoint";
  name_target(endpoint, &who);
  who.changes = changes_between({}, endpoint).to_json();
  auto written = store().create(endpoint, who);
  if (written.has_error()) {
    if (auto told = refused_by_state(written.error())) return std::move(*told);
    return written.error();
  }
  return EndpointOutcome::of(std::move(endpoint));
}

// Of `before` what stays.
Result<std::vector<Fault>> EndpointService::apply(const EndpointChange& change,
                                                  const StoredEndpoint& before,
                                                  StoredEndpoint* after) {
  auto faults = find_faults(change.endpoint, after);
  if (faults.has_error()) return faults;
  after->id = before.id;
  after->created_at = before.created_at;
  after->revision = before.revision;
  if (change.endpoint.kind != before.kind) {
    faults->push_back({FaultKind::invalid, "endpoint.kind",
                       "The kind of an endpoint does not change. Create another endpoint."});
  }
  if (!is_other_place(before, *after)) after->last_test = before.last_test;
  if (!faults->empty() || after->credential.empty()) return faults;
  const objects::StoreKind& kind = *objects::find_kind(kinds_, after->kind);
  auto was = make_endpoint(kinds_, before), is = make_endpoint(kinds_, *after);
  if (is.has_error()) return is.error();
  const auto hosts =
      kind.new_hosts(was.has_value() ? *was : objects::Endpoint{.kind = after->kind}, *is);
  const std::string wanted = joined(hosts);
  if (wanted.empty() || ascii_lower(change.confirmed_host) == ascii_lower(wanted)) return faults;
  faults->push_back({FaultKind::confirmation_required, "confirmHost",
                     "Requests that are signed with the endpoint's credential would go to " +
                         wanted + ". Confirm it with confirmHost: \"" + wanted + "\"."});
  return faults;
}

Result<EndpointOutcome> EndpointService::check_change(const EndpointChange& change) {
  auto before = store().find(change.id);
  if (before.has_error() && before.error().code == ErrorCode::not_found) return no_such(change.id);
  if (before.has_error()) return before.error();
  StoredEndpoint after;
  auto faults = apply(change, *before, &after);
  if (faults.has_error()) return faults.error();
  if (!faults->empty()) return EndpointOutcome::refused(std::move(*faults));
  return EndpointOutcome::of(std::move(after));
}

Result<EndpointOutcome> EndpointService::update(const EndpointChange& change,
                                                state::AuditEntry who) {
  auto before = store().find(change.id);
  if (before.has_error() && before.error().code == ErrorCode::not_found) return no_such(change.id);
  if (before.has_error()) return before.error();
  if (change.revision != before->revision) {
    return EndpointOutcome::refused(FaultKind::stale_revision, "revision",
                                    "Somebody else changed the endpoint meanwhile. Read it again.");
  }
  StoredEndpoint after;
  auto faults = apply(change, *before, &after);
  if (faults.has_error()) return faults.error();
  if (!faults->empty()) return EndpointOutcome::refused(std::move(*faults));
  after.updated_at = who.at = clock_.now();
  who.action = "updateEndpoint";
  name_target(after, &who);
  who.changes = changes_between(*before, after).to_json();
  auto written = store().replace(after, who);
  if (written.has_error()) {
    if (auto told = refused_by_state(written.error())) return std::move(*told);
    return written.error();
  }
  after.revision += 1;
  return EndpointOutcome::of(std::move(after));
}

Result<EndpointOutcome> EndpointService::remove(const std::string& id, state::AuditEntry who) {
  auto before = store().find(id);
  if (before.has_error() && before.error().code == ErrorCode::not_found) return no_such(id);
  if (before.has_error()) return before.error();
  who.at = clock_.now();
  who.action = "deleteEndpoint";
  name_target(*before, &who);
  who.changes = changes_between(*before, {}).to_json();
  auto users = store().remove(id, who);
  if (users.has_error() && users.error().code == ErrorCode::not_found) return no_such(id);
  if (users.has_error()) return users.error();
  if (users->empty()) return EndpointOutcome::of(std::move(*before));
  constexpr std::size_t named_max = 5;
  std::string named;
  for (std::size_t i = 0; i < users->size() && i < named_max; ++i)
    named += (i == 0 ? "" : ", ") + users->at(i).kind + " " + users->at(i).name;
  if (users->size() > named_max) named += " and others";
  return EndpointOutcome::refused(
      FaultKind::in_use, "id",
      "The endpoint is in use by " + named + ". Change or delete these first.");
}

}  // namespace dth::control
