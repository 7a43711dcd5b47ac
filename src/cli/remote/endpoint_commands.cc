// `dth endpoint …`, of a hub.
#include <algorithm>
#include <memory>

#include <boost/json.hpp>

#include "base/encoding.h"
#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/remote/find_id.h"
#include "cli/remote/hub_connection.h"
#include "cli/remote/listing.h"
#include "cli/remote/named_values.h"

namespace dth::cli {
namespace {

namespace json = boost::json;
namespace documents = client::documents;
using client::HubClient;

const std::vector<Column> endpoint_columns = {{"NAME", "name"},
                                              {"KIND", "kind"},
                                              {"VENDOR", "vendor"},
                                              {"ADDRESS", "address"},
                                              {"CREDENTIAL", "credential.name"},
                                              {"TESTED", "lastTest.at", Column::As::time},
                                              {"OK", "lastTest.ok", Column::As::yes},
                                              {">TASKS", "taskCount", Column::As::count}};
const std::vector<Column> endpoint_fields = {{"Endpoint", "name"},
                                             {"Id", "id"},
                                             {"Kind", "kind"},
                                             {"Vendor", "vendor"},
                                             {"Description", "description"},
                                             {"Address", "address"},
                                             {"Options", "options", Column::As::words},
                                             {"Credential", "credential.name"},
                                             {"Labels", "labels", Column::As::words},
                                             {"Tested", "lastTest.at", Column::As::time},
                                             {"Test passed", "lastTest.ok", Column::As::yes},
                                             {"Learned", "learned", Column::As::words},
                                             {"Used by", "usedBy", Column::As::words},
                                             {"Created", "createdAt", Column::As::time},
                                             {"Changed", "updatedAt", Column::As::time},
                                             {"Revision", "revision"}};
const std::vector<Column> check_columns = {
    {"CHECK", "name"},    {"RESULT", "state"}, {">MS", "milliseconds", Column::As::count},
    {"DETAIL", "detail"}, {"ERROR", "error"},  {"MISSING", "missingPermission"}};
const std::vector<Column> entry_columns = {{"KIND", "kind"},
                                           {">SIZE", "size", Column::As::size},
                                           {"CHANGED", "modifiedAt", Column::As::time},
                                           {"CLASS", "storageClass"},
                                           {"PATH", "path"}};

struct EndpointFlags {
  std::string hub, name, new_name, kind = "s3", vendor, description, credential, confirm_host;
  std::string bucket, prefix, path, search;
  std::vector<std::string> options, labels;
  bool checks_write = false;
  std::size_t count_max = 1000;
  ListFormat format = ListFormat::table;
};

Result<json::object> read_endpoint(HubClient& hub, const std::string& called) {
  return read_named(hub, endpoints_by_name, documents::endpoint, called);
}

Result<void> show(const EndpointFlags& flags) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  auto endpoint = read_endpoint(**hub, flags.name);
  if (endpoint.has_error()) return endpoint.error();
  print_details(*endpoint, endpoint_fields, flags.format);
  return {};
}

// What was given, over what `input` has.
Result<void> take_given(HubClient& hub, const EndpointFlags& flags, json::object* input) {
  auto options = named_values("--option", flags.options);
  if (options.has_error()) return options.error();
  if (!flags.options.empty()) (*input)["options"] = std::move(*options);
  auto labels = named_values("--label", flags.labels);
  if (labels.has_error()) return labels.error();
  if (!flags.labels.empty()) (*input)["labels"] = std::move(*labels);
  if (!flags.description.empty()) (*input)["description"] = flags.description;
  if (flags.credential == "none") {
    (*input)["credentialId"] = nullptr;
  } else if (!flags.credential.empty()) {
    auto credential = find_id(hub, credentials_by_name, flags.credential);
    if (credential.has_error()) return credential.error();
    (*input)["credentialId"] = *credential;
  }
  return {};
}

// A template's options, which those that were given replace by name.
Result<void> take_template(HubClient& hub, const EndpointFlags& flags, json::object* input) {
  if (flags.vendor.empty()) return {};
  auto data = hub.ask(documents::endpoint_templates, {});
  if (data.has_error()) return data.error();
  const json::value* templates = find_field(*data, "endpointTemplates");
  std::string known;
  for (const json::value& one :
       templates != nullptr && templates->is_array() ? templates->get_array() : json::array()) {
    if (!one.is_object()) continue;
    const std::string name = text_of(one.get_object(), "name");
    known += (known.empty() ? "" : ", ") + printable(name);
    if (name != flags.vendor) continue;
    (*input)["kind"] = text_of(one.get_object(), "kind");
    const json::value* options = find_field(one.get_object(), "options");
    if (options != nullptr) (*input)["options"] = *options;
    return {};
  }
  return Error{
      ErrorCode::invalid_argument,
      "invalid value \"" + printable(flags.vendor) + "\" for --vendor: this hub knows " + known,
      ""};
}

// The members of `more` replace those of `options` that have their names.
json::array merged(const json::value* options, const json::array& more) {
  json::array all = more;
  if (options == nullptr || !options->is_array()) return all;
  for (const json::value& option : options->get_array()) {
    if (!option.is_object()) continue;
    const std::string name = text_of(option.get_object(), "name");
    const bool is_replaced = std::ranges::any_of(
        more, [&](const json::value& other) { return text_of(other.as_object(), "name") == name; });
    if (!is_replaced) all.push_back(option);
  }
  return all;
}

Result<void> create(const EndpointFlags& flags) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  json::object endpoint{{"name", flags.name}, {"kind", flags.kind}, {"vendor", flags.vendor}};
  auto filled = take_template(**hub, flags, &endpoint);
  if (filled.has_error()) return filled;
  const json::value before = endpoint.contains("options") ? endpoint["options"] : json::value();
  auto taken = take_given(**hub, flags, &endpoint);
  if (taken.has_error()) return taken;
  auto given = named_values("--option", flags.options);
  if (given.has_value()) endpoint["options"] = merged(&before, *given);
  auto made =
      (*hub)->change(documents::create_endpoint, json::object{{"endpoint", std::move(endpoint)}});
  if (made.has_error()) return made.error();
  tell("created endpoint " + printable(text_of(*made, "endpoint.name")) + " (" +
       printable(text_of(*made, "endpoint.id")) + "). Try it: dth endpoint test " +
       printable(flags.name));
  return {};
}

// What is not given stays. Of options, those that are given are replaced; NAME= removes one.
Result<void> update(const EndpointFlags& flags) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  auto before = read_endpoint(**hub, flags.name);
  if (before.has_error()) return before.error();
  json::object endpoint;
  for (const char* name : {"name", "kind", "vendor", "description", "options", "labels"}) {
    const json::value* value = find_field(*before, name);
    if (value != nullptr) endpoint[name] = *value;
  }
  const json::value* credential = find_field(*before, "credential.id");
  endpoint["credentialId"] = credential == nullptr ? json::value() : *credential;
  if (!flags.new_name.empty()) endpoint["name"] = flags.new_name;
  const json::value kept = endpoint.contains("options") ? endpoint["options"] : json::value();
  auto taken = take_given(**hub, flags, &endpoint);
  if (taken.has_error()) return taken;
  auto given = named_values("--option", flags.options);
  if (given.has_value()) {
    json::array options;
    for (json::value& option : merged(&kept, *given)) {
      if (!text_of(option.as_object(), "value").empty()) options.push_back(std::move(option));
    }
    endpoint["options"] = std::move(options);
  }
  json::object input{{"endpoint", std::move(endpoint)}};
  input["id"] = text_of(*before, "id");
  input["revision"] = before->at("revision");
  if (!flags.confirm_host.empty()) input["confirmHost"] = flags.confirm_host;
  auto done = (*hub)->change(documents::update_endpoint, std::move(input));
  if (done.has_error()) return done.error();
  tell("changed endpoint " + printable(text_of(*done, "endpoint.name")));
  return {};
}

Result<void> remove(const EndpointFlags& flags) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  auto id = find_id(**hub, endpoints_by_name, flags.name);
  if (id.has_error()) return id.error();
  auto done = (*hub)->change(documents::delete_endpoint, json::object{{"id", *id}});
  if (done.has_error()) return done.error();
  tell("deleted endpoint " + printable(flags.name));
  return {};
}

// Whether the test passed.
Result<bool> test(const EndpointFlags& flags) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  auto id = find_id(**hub, endpoints_by_name, flags.name);
  if (id.has_error()) return id.error();
  json::object input{{"id", *id}};
  if (!flags.bucket.empty()) input["bucket"] = flags.bucket;
  if (!flags.prefix.empty()) input["prefix"] = flags.prefix;
  input["access"] = flags.checks_write ? json::array{"READ", "WRITE"} : json::array{"READ"};
  auto done = (*hub)->change(documents::test_endpoint, std::move(input));
  if (done.has_error()) return done.error();
  const json::value* result = find_field(*done, "test");
  const json::value* checks = result == nullptr ? nullptr : find_field(*done, "test.checks");
  if (checks == nullptr || !checks->is_array())
    return Error{ErrorCode::data_corrupted, (*hub)->name() + ": its answer lacks the checks", ""};
  if (flags.format != ListFormat::table) {
    print_value(*result, flags.format);
  } else {
    print_list(checks->get_array(), check_columns, flags.format);
    for (const json::value& check : checks->get_array()) {
      const std::string advice =
          check.is_object() ? text_of(check.get_object(), "advice") : std::string();
      if (!advice.empty())
        put(printable(text_of(check.get_object(), "name")) + ": " + printable(advice) + "\n");
    }
  }
  return text_of(*done, "test.ok") == "yes";
}

// The pages of `browse` are no connection.
Result<void> browse(const EndpointFlags& flags) {
  auto hub = open_hub(flags.hub);
  if (hub.has_error()) return hub.error();
  auto id = find_id(**hub, endpoints_by_name, flags.name);
  if (id.has_error()) return id.error();
  json::object variables;
  variables["input"] =
      json::object{{"endpointId", *id}, {"path", flags.path}, {"search", flags.search}};
  json::array entries;
  bool has_more = true;
  while (has_more && entries.size() < flags.count_max) {
    variables["first"] = std::min<std::size_t>(1000, flags.count_max - entries.size());
    auto data = (*hub)->ask(documents::browse, variables);
    if (data.has_error()) return data.error();
    const json::value* page = find_field(*data, "browse.entries");
    if (page == nullptr || !page->is_array())
      return Error{ErrorCode::data_corrupted, (*hub)->name() + ": its answer lacks entries", ""};
    for (const json::value& entry : page->get_array()) entries.push_back(entry);
    const std::string cursor = text_of(*data, "browse.endCursor");
    has_more = text_of(*data, "browse.hasNextPage") == "yes" && !cursor.empty() &&
               !page->get_array().empty();
    variables["after"] = cursor;
  }
  print_list(entries, entry_columns, flags.format);
  if (has_more) tell("there are more; --limit shows more of them");
  return {};
}

Command& add(Command& parent, const std::string& name, const std::string& help,
             std::shared_ptr<EndpointFlags> flags, Result<void> (*work)(const EndpointFlags&)) {
  Command& app = add_command(parent, name, help);
  add_place(app, "ENDPOINT", &flags->name, name == "create" ? "its name" : "its name or id")
      .is_required = true;
  add_hub_option(app, &flags->hub);
  app.run = [flags, work] {
    auto done = work(*flags);
    return done.has_error() ? print_error(done.error()) : 0;
  };
  return app;
}

void add_given(Command& app, EndpointFlags* flags) {
  add_values(app, "--option", &flags->options, "how it is reached, such as region=eu-central-1")
      .placeholder = "NAME=VALUE";
  add_value(app, "--credential", &flags->credential, "the credential: name or id, or none")
      .placeholder = "NAME";
  add_value(app, "--description", &flags->description, "what it is for");
  add_values(app, "--label", &flags->labels, "a label").placeholder = "NAME=VALUE";
}

void add_test(Command& parent) {
  auto flags = std::make_shared<EndpointFlags>();
  Command& app = add(parent, "test", "Try an endpoint, check by check", flags, nullptr);
  add_value(app, "--bucket", &flags->bucket, "also try to list and read in this bucket");
  add_value(app, "--prefix", &flags->prefix, "below this prefix of the bucket");
  add_flag(app, "--write", &flags->checks_write, "also write and delete an object of its own");
  add_details_output(app, &flags->format);
  app.run = [flags] {
    auto passed = test(*flags);
    if (passed.has_error()) return print_error(passed.error());
    return *passed ? 0 : exit_could_not_run;
  };
}

}  // namespace

void add_endpoint_commands(CommandLine& line) {
  Command& parent =
      add_command(line.root, "endpoint", "The endpoints of a hub: named ways to reach stores");
  Command& list = add_command(parent, "list", "List endpoints by name");
  auto list_flags = std::make_shared<ListFlags>();
  add_list_options(list, list_flags.get());
  list.run = [list_flags] {
    return run_list_command(*list_flags, documents::endpoints, "endpoints", endpoint_columns);
  };
  const auto fresh = [] { return std::make_shared<EndpointFlags>(); };
  auto flags = fresh();
  add_details_output(add(parent, "show", "Show an endpoint", flags, show), &flags->format);
  flags = fresh();
  Command& make = add(parent, "create", "Create an endpoint", flags, create);
  add_value(make, "--vendor", &flags->vendor, "begin with the template of this vendor");
  add_value(make, "--kind", &flags->kind, "kind of store [that of the vendor, or s3]");
  add_given(make, flags.get());
  flags = fresh();
  Command& change =
      add(parent, "update", "Change an endpoint; what is not given stays", flags, update);
  add_value(change, "--name", &flags->new_name, "its new name");
  add_given(change, flags.get());
  add_value(change, "--confirm-host", &flags->confirm_host,
            "send the credential to this new host: the hub asks for it where the host changes")
      .placeholder = "HOST";
  change.footer = "--option NAME= removes an option.";
  add(parent, "delete", "Delete an endpoint that no task uses", fresh(), remove);
  add_test(parent);
  flags = fresh();
  Command& look = add(parent, "browse", "List buckets, or what is below a path", flags, browse);
  add_place(look, "PATH", &flags->path, "BUCKET/ or BUCKET/PREFIX/ [the buckets]");
  add_value(look, "--search", &flags->search, "only names that begin so");
  add_number(look, "--limit", "so many at most [1000]", {1, 1'000'000},
             [flags](std::uint64_t count) { flags->count_max = count; });
  add_list_output(look, &flags->format);
}

}  // namespace dth::cli
