// What users and their files say: specs, options, locations, profiles.
#include "cloud/aws/profile.h"
#include "credentials/credential_resolver.h"
#include "fuzz/fuzz.h"
#include "objects/file/file_kind.h"
#include "objects/s3/s3_kind.h"
#include "options/amounts.h"
#include "plugins/object_copy/location.h"
#include "plugins/object_copy/option_table.h"
#include "plugins/object_copy/task.h"

using namespace dth;

namespace {

// All options that the program has, without a word of its environment.
const object_copy::OptionTable& table() {
  static const credentials::EnvironmentSecrets no_secrets({});
  static const auto resolver = credentials::make_credential_resolver({}, no_secrets);
  static const auto kinds = [] {
    std::vector<std::unique_ptr<objects::StoreKind>> all;
    all.push_back(objects::make_s3_kind(*resolver));
    all.push_back(objects::make_file_kind());
    return all;
  }();
  static const object_copy::OptionTable table(kinds);
  return table;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::as_text(data, size);
  if (const auto spec = engine::parse_task_spec(text)) {
    const auto again = engine::parse_task_spec(engine::to_json(*spec));
    fuzz::require(again.has_value() && *again == *spec, "a spec comes back");
    const auto task = object_copy::parse_task(*spec, TimePoint{}, table());
    if (task.has_error())
      fuzz::require_printable(task.error().message, "the error of a spec is printable");
    engine::describe_difference(table().all(), *spec, {});
  }
  for (const options::Option& option : table().all()) {
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
