#include "ledger/objects/ledger_place.h"

#include "objects/location.h"

namespace dth::ledger {
namespace {

constexpr std::string_view bucket_scheme = "s3://";
constexpr std::string_view file_scheme = "file://";

}  // namespace

std::string LedgerPlace::to_string() const {
  if (is_directory()) return directory;
  std::string text = store.endpoint.kind + "://" + store.bucket + "/" + prefix;
  text.pop_back();
  return text;
}

LedgerPlace LedgerPlace::of_run(const std::string& run) const {
  LedgerPlace place = *this;
  if (is_directory()) {
    place.directory += "/" + run;
  } else {
    place.prefix += run + "/";
  }
  return place;
}

Result<LedgerPlace> read_ledger_place(const std::string& text, const objects::SideOptions& sides,
                                      const options::Values& given) {
  const std::string side(ledger_side);
  const bool is_bucket = text.starts_with(bucket_scheme);
  auto location = objects::parse_location(text.ends_with('/') || is_bucket ? text : text + "/");
  if (location.has_error()) return std::move(location.error()).with_context("--" + side);
  auto kind = sides.find_kind(location->scheme);
  if (kind.has_error()) return std::move(kind.error()).with_context("--" + side);
  LedgerPlace place;
  if (!(*kind)->has_server()) {
    place.directory = location->bucket;
    return place;
  }
  auto endpoint = sides.read(**kind, side, given);
  if (endpoint.has_error()) return endpoint.error();
  place.store.endpoint = std::move(*endpoint);
  place.store.owner = objects::SideOptions::owner_of(side);
  place.store.bucket = location->bucket;
  place.prefix = location->key;
  if (!place.prefix.empty() && !place.prefix.ends_with('/')) place.prefix += '/';
  return place;
}

std::string absolute_ledger_place(const std::string& text, const std::string& here) {
  const bool is_absolute = text.empty() || text.starts_with('/') ||
                           text.starts_with(bucket_scheme) || text.starts_with(file_scheme);
  return is_absolute || here.empty() ? text : here + "/" + text;
}

}  // namespace dth::ledger
