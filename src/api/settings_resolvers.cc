// The hub's settings, which are read only.
#include "api/resolvers.h"
#include "api/values.h"

namespace dth::api {
namespace {

namespace json = boost::json;
using graphql::Resolved;
using graphql::ResolveInfo;

std::string_view source_name(SettingView::Source source) {
  switch (source) {
    case SettingView::Source::default_:
      return "DEFAULT";
    case SettingView::Source::file:
      return "FILE";
    case SettingView::Source::variable:
      return "VARIABLE";
    case SettingView::Source::flag:
      return "FLAG";
  }
  return "DEFAULT";
}

json::object setting_object(const SettingView& view) {
  const options::Option& setting = *view.setting;
  json::object object;
  object["key"] = setting.name;
  // Nobody who fills a view can make a secret of it public.
  object["value"] = setting.secret ? json::value() : text_or_null(view.value);
  object["default"] = text_or_null(std::string(setting.default_text));
  object["source"] = source_name(view.source);
  object["place"] = text_or_null(view.place);
  object["help"] = setting.help;
  object["group"] = setting.group;
  object["type"] = option_type_name(setting.type);
  object["isSecret"] = setting.secret;
  return object;
}

}  // namespace

void add_settings_resolvers(graphql::Resolvers& resolvers, const ApiServices& services) {
  resolvers.json_object("Setting");
  json::array settings;
  for (const SettingView& view : services.settings) settings.push_back(setting_object(view));
  resolvers.field("Query.settings", [settings = std::move(settings)](const ResolveInfo&) {
    return Result<Resolved>(Resolved(json::value(settings)));
  });
}

}  // namespace dth::api
