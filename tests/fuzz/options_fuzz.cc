// What users and their files say: specs, options, locations, profiles.
#include "cloud/aws/profile.h"
#include "fuzz/fuzz.h"
#include "options/amounts.h"
#include "plugins/object_copy/location.h"
#include "plugins/object_copy/option_table.h"
#include "plugins/object_copy/task.h"

using namespace dth;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::as_text(data, size);
  if (const auto spec = engine::parse_task_spec(text)) {
    const auto again = engine::parse_task_spec(engine::to_json(*spec));
    fuzz::require(again.has_value() && *again == *spec, "a spec comes back");
    const auto task = object_copy::parse_task(*spec, TimePoint{});
    if (task.has_error())
      fuzz::require_printable(task.error().message, "the error of a spec is printable");
    engine::describe_difference(object_copy::options_of_task(), *spec, {});
  }
  for (const options::Option& option : object_copy::options_of_task()) {
    const auto value = options::parse_value(option, text, option.name, TimePoint{});
    if (value.has_error())
      fuzz::require_printable(value.error().message, "the error of a value is printable");
  }
  if (const auto bytes = options::parse_size(text)) {
    fuzz::require(options::parse_size(options::format_size(*bytes)) == *bytes, "a size comes back");
  }
  if (const auto span = options::parse_duration(text)) {
    fuzz::require(options::parse_duration(options::format_duration(*span)) == *span,
                  "a duration comes back");
  }
  if (const auto members = options::parse_list(text)) {
    const auto again = options::parse_list(options::make_list(*members));
    fuzz::require(again.has_value() && *again == *members, "a list comes back");
  }
  if (const auto location = object_copy::parse_location(text)) {
    const bool is_path = location->scheme == "file";
    fuzz::require(text.ends_with(location->key), "a location's key is what was said");
    fuzz::require(
        is_path ? location->bucket.starts_with('/') : text.starts_with("s3://" + location->bucket),
        "a location is what was said");
    fuzz::require_printable(location->to_string(), "a location is printable");
  }
  for (const auto kind : {aws::ProfileFile::credentials, aws::ProfileFile::config}) {
    const auto profiles = aws::parse_profiles(text, kind);
    // Messages name lines and not their text: it may hold secrets.
    if (profiles.has_error())
      fuzz::require(profiles.error().message.size() < 300, "the error of a profile file is short");
  }
  return 0;
}
