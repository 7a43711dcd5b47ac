// What an endpoint may be.
#include <algorithm>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "base/plain_text.h"
#include "control/endpoints/endpoint_service.h"
#include "control/endpoints/endpoint_templates.h"
#include "credentials/credential_kinds.h"
#include "options/parsed_values.h"

namespace dth::control {
namespace {

using Faults = std::vector<Fault>;
using objects::StoreKind;
using options::Option;

void check_name(const std::string& name, Faults* faults) {
  const std::string field = "endpoint.name";
  if (name.empty()) {
    faults->push_back({FaultKind::required, field, "The endpoint needs a name."});
  } else if (name.size() > endpoint_name_max) {
    faults->push_back({FaultKind::too_long, field,
                       "The name is longer than " + std::to_string(endpoint_name_max) +
                           " bytes. Give a shorter one."});
  } else if (!is_plain_name(name) || name.find(':') != name.npos) {
    // A location may be written as NAME:bucket/prefix.
    faults->push_back({FaultKind::invalid, field,
                       "The name has a colon, spaces around it, or characters that cannot be "
                       "seen. Give another one."});
  }
}

// {region} in a value stands for the option "region": addresses of vendors have it in them.
void expand_region(options::Values* values, Faults* faults) {
  constexpr std::string_view mark = "{region}";
  const auto region = values->find("region");
  for (auto& [name, value] : *values) {
    const std::size_t at = value.find(mark);
    if (at == value.npos) continue;
    if (region == values->end() || name == "region") {
      faults->push_back({FaultKind::required, "endpoint.options.region",
                         "The value of " + name + " needs a region. Give one."});
      return;
    }
    value.replace(at, mark.size(), region->second);
  }
}

// Those that the kind takes; empty ones are left out.
options::Values check_options(const StoreKind& kind, const options::Values& given, Faults* faults) {
  options::Values expanded = given, values;
  expand_region(&expanded, faults);
  options::ParsedValues parsed(kind.endpoint_options());
  for (const auto& [name, value] : expanded) {
    const std::string field = "endpoint.options." + printable(name.substr(0, 100));
    const Option* option = options::find_option(kind.endpoint_options(), name);
    if (!option) {
      faults->push_back({FaultKind::invalid, field, "This kind of endpoint has no such option."});
    } else if (value.size() > endpoint_value_max) {
      faults->push_back({FaultKind::too_long, field, "The value is too long."});
    } else if (!is_plain_line(value)) {
      faults->push_back({FaultKind::invalid, field,
                         "The value has line breaks or characters that cannot be seen."});
    } else if (option->placeholder == "URL" && value.find('@') != value.npos) {
      faults->push_back({FaultKind::invalid, field,
                         "The address holds a user, and perhaps a password, which everybody who "
                         "may see the endpoint could read. Leave them out."});
    } else if (!value.empty()) {
      if (auto set = parsed.set(*option, value, name); set.has_error())
        faults->push_back({FaultKind::invalid, field, set.error().message});
      values.emplace(name, value);
    }
  }
  return values;
}

// The kind looks at all of it. What it says names the option that it begins with.
void check_by_kind(const StoreKind& kind, const state::StoredEndpoint& endpoint, Faults* faults) {
  auto values = endpoint_values(kind, endpoint);
  if (values.has_error()) return;
  auto made = kind.make_endpoint(*values, {.name = "endpoint", .option_prefix = ""});
  if (made.has_value()) return;
  const std::string& message = made.error().message;
  std::string field = "endpoint.options";
  for (const Option& option : kind.endpoint_options()) {
    const std::string name(option.name);
    if (message.starts_with(name + ":") || message.starts_with(name + " ")) field += "." + name;
  }
  faults->push_back({FaultKind::invalid, std::move(field), message});
}

bool signs_there(const StoreKind& kind, const std::string& credential_kind) {
  return std::ranges::find(kind.credential_kinds(), credential_kind) !=
         kind.credential_kinds().end();
}

}  // namespace

state::Labels read_labels(const std::vector<state::Label>& given, const std::string& field,
                          std::vector<Fault>* faults) {
  state::Labels labels;
  if (given.size() > labels_max) {
    faults->push_back({FaultKind::limit_reached, field,
                       "There are more than " + std::to_string(labels_max) + " labels."});
    return labels;
  }
  for (const state::Label& label : given) {
    if (label.name.empty()) {
      faults->push_back({FaultKind::required, field, "A label has no name."});
    } else if (label.name.size() > label_name_max || label.value.size() > label_value_max) {
      faults->push_back({FaultKind::too_long, field,
                         "The label " + printable(label.name.substr(0, label_name_max)) +
                             " is too long: a name has " + std::to_string(label_name_max) +
                             " bytes at most, a value " + std::to_string(label_value_max) + "."});
    } else if (!is_plain_name(label.name) || !is_plain_line(label.value)) {
      faults->push_back({FaultKind::invalid, field,
                         "The label " + printable(label.name) +
                             " has spaces around its name or characters that cannot be seen."});
    } else if (!labels.emplace(label.name, label.value).second) {
      faults->push_back(
          {FaultKind::invalid, field, "The label " + label.name + " is given more than once."});
    }
  }
  return labels;
}

Result<void> EndpointService::check_credential(const StoreKind& kind, const std::string& id,
                                               Faults* faults) {
  if (id.empty()) return {};
  const std::string field = "endpoint.credentialId";
  auto found = state_.credentials().find(id);
  if (found.has_error() && found.error().code != ErrorCode::not_found) return found.error();
  if (found.has_error()) {
    faults->push_back({FaultKind::not_found, field,
                       "There is no credential " + printable(id.substr(0, 100)) + "."});
  } else if (!signs_there(kind, found->kind)) {
    faults->push_back({FaultKind::invalid, field,
                       "A credential of the kind " + found->kind + " is not used by " +
                           std::string(kind.noun()) + ". Choose another one."});
  }
  return {};
}

// Everything that is wrong, at once.
Result<Faults> EndpointService::find_faults(const EndpointInput& input,
                                            state::StoredEndpoint* endpoint) {
  Faults faults;
  check_name(input.name, &faults);
  endpoint->name = input.name;
  if (input.description.size() > endpoint_description_max) {
    faults.push_back({FaultKind::too_long, "endpoint.description", "The description is too long."});
  } else if (!is_plain_text(input.description)) {
    faults.push_back({FaultKind::invalid, "endpoint.description",
                      "The description has characters that cannot be seen."});
  }
  endpoint->description = input.description;
  endpoint->labels = read_labels(input.labels, "endpoint.labels", &faults);
  if (!input.vendor.empty() && !find_endpoint_template(input.vendor)) {
    faults.push_back(
        {FaultKind::invalid, "endpoint.vendor", "There is no template of that vendor."});
  }
  endpoint->vendor = input.vendor;
  const StoreKind* const kind = objects::find_kind(kinds_, input.kind);
  if (!kind) {
    faults.push_back({FaultKind::invalid, "endpoint.kind", "There is no such kind of endpoint."});
    return faults;
  }
  endpoint->kind = input.kind;
  const std::size_t faults_before = faults.size();
  boost::json::object options;
  for (const auto& [name, value] : check_options(*kind, input.options, &faults))
    options[name] = value;
  endpoint->options = write_json(options);
  endpoint->credential = input.credential;
  auto checked = check_credential(*kind, input.credential, &faults);
  if (checked.has_error()) return checked.error();
  if (faults.size() == faults_before) check_by_kind(*kind, *endpoint, &faults);
  return faults;
}

}  // namespace dth::control
