#include "cli/configured_endpoints.h"

#include <filesystem>

#include "base/encoding.h"
#include "cloud/aws/configuration.h"
#include "ledger/objects/ledger_place.h"

namespace dth::cli {
namespace {

std::string working_directory() {
  std::error_code unknown;
  return std::filesystem::current_path(unknown).string();
}

// A list in a bucket is read from the source's endpoint, and a directory has none that could be
// named: refused where it would be another one than AWS's.
Result<void> check_list_of_directory(const options::Values& spec,
                                     const aws::Environment& environment) {
  for (const char* name : {"object-list", "source-prefix-file"}) {
    const auto list = spec.find(name);
    if (list == spec.end() || !list->second.starts_with("s3://")) continue;
    auto endpoint = aws::configured_endpoint_url(environment, "", "s3");
    if (endpoint.has_error()) return endpoint.error();
    if (endpoint->value.empty()) continue;
    return Error{ErrorCode::invalid_argument,
                 std::string("--") + name +
                     ": a list in a bucket is read from AWS where the source is a directory, and " +
                     endpoint->from +
                     " names another endpoint; get the list into a file and name that",
                 ""};
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> take_configured_endpoints(options::Values* spec,
                                                           const aws::Environment& environment) {
  const auto value_of = [spec](const std::string& name) {
    const auto found = spec->find(name);
    return found == spec->end() ? std::string() : found->second;
  };
  if (const std::string place = aws::value_of(environment, "DTH_LEDGER");
      !place.empty() && !spec->contains("ledger"))
    (*spec)["ledger"] = ledger::absolute_ledger_place(place, working_directory());
  std::vector<std::string> notes;
  if (!value_of("source").starts_with("s3://")) {
    if (auto list = check_list_of_directory(*spec, environment); list.has_error())
      return list.error();
  }
  for (const std::string side : {"source", "destination", "ledger"}) {
    const std::string option = side + "-endpoint-url";
    const bool reads_ledgers =
        side == "ledger" && value_of("earlier-ledger").find("\"s3://") != std::string::npos;
    const bool is_on_s3 = value_of(side).starts_with("s3://") || reads_ledgers;
    if (!is_on_s3 || spec->contains(option)) continue;
    auto endpoint = aws::configured_endpoint_url(environment, value_of(side + "-profile"), "s3");
    if (endpoint.has_error())
      return std::move(endpoint.error()).with_context("the " + side + "'s endpoint");
    if (endpoint->value.empty()) continue;
    notes.push_back("the " + side + "'s endpoint is " + printable(endpoint->value) + " (" +
                    endpoint->from + "); --" + option + " names another");
    (*spec)[option] = std::move(endpoint->value);
  }
  return notes;
}

}  // namespace dth::cli
