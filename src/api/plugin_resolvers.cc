// The kinds of task, from their one declaration.
#include "api/resolvers.h"
#include "api/values.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;

json::array words(std::span<const std::string_view> texts) {
  json::array array;
  for (const std::string_view text : texts) array.push_back(json::string(text));
  return array;
}

json::value text_or_null(std::string_view text) {
  return text.empty() ? json::value() : json::value(json::string(text));
}

}  // namespace

json::object option_object(const options::Option& option) {
  json::object object;
  object["name"] = option.name;
  object["type"] = option_type_name(option.type);
  object["group"] = option.group;
  object["help"] = option.help;
  object["default"] = text_or_null(option.default_text);
  object["placeholder"] = text_or_null(option.placeholder);
  object["choices"] = words(option.choices);
  auto& actions = object["actions"].emplace_array();
  for (const options::Action action : option.actions)
    actions.push_back(json::string(options::to_string(action)));
  object["mayChange"] = option.may_change;
  return object;
}

namespace {

json::object plugin_object(const engine::Plugin& plugin) {
  json::object object;
  object["kind"] = plugin.kind();
  auto& actions = object["actions"].emplace_array();
  for (const engine::OfferedAction& offered : plugin.offered_actions()) {
    actions.push_back(
        json::object{{"action", options::to_string(offered.action)}, {"help", offered.help}});
  }
  auto& options = object["options"].emplace_array();
  for (const options::Option& option : plugin.option_table())
    options.push_back(option_object(option));
  return object;
}

}  // namespace

void add_plugin_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  json::array plugins;
  for (const engine::Plugin* plugin : services.plugins) plugins.push_back(plugin_object(*plugin));
  resolvers.json_object("Plugin").json_object("OfferedAction").json_object("PluginOption");
  resolvers.field(
      "Query.plugins",
      [plugins = std::make_shared<const json::value>(std::move(plugins))](
          const ResolveInfo&) -> Result<Resolved> { return Resolved::borrow(plugins.get()); });
}

}  // namespace dth::api
