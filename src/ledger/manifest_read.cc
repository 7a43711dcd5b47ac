#include <limits>

#include "base/json_reader.h"
#include "ledger/file.h"
#include "ledger/manifest.h"
#include "ledger/merkle.h"

namespace dth::ledger {
namespace {

constexpr std::uint64_t manifest_version_max = 2;
// Lines compress well, and none has fewer than 40 bytes.
constexpr std::uint64_t items_per_byte_max = 100;
constexpr std::size_t read_size_bytes = 1 << 20;
// Far more than a run of a billion objects has; what is longer was not written by us.
constexpr std::uint64_t manifest_bytes_max = 1 << 28;
constexpr std::size_t totals_max = 200;
constexpr std::size_t total_name_bytes_max = 64;

Result<state::Segment> parse_segment(const boost::json::value& value) {
  if (!value.is_object())
    return Error{ErrorCode::data_corrupted, "a segment is not a JSON object", {}};
  JsonObjectReader reader(value.get_object(), "a segment");
  state::Segment segment;
  segment.job = static_cast<state::JobId>(reader.number("job"));
  segment.file = reader.bytes("file");
  segment.offset = reader.number("offset");
  segment.length = reader.number("length");
  segment.sha256 = reader.text("sha256");
  segment.items = reader.number("items");
  segment.key_least = reader.bytes("key_least");
  segment.key_greatest = reader.bytes("key_greatest");
  reader.require("sha256", segment.sha256.size() == 64);
  constexpr std::uint64_t end_max = std::numeric_limits<std::int64_t>::max();
  if (segment.offset > end_max || segment.length > end_max - segment.offset)
    reader.fail("length", "is more than a file can have");
  if (segment.items > segment.length * items_per_byte_max)
    reader.fail("items", "are more than so few bytes can hold");
  // A manifest may come from anywhere: it must not lead a reader out of the run's directory.
  if (!is_plain_name(segment.file)) reader.fail("file", "is not a file's name");
  if (reader.error()) return *reader.error();
  return segment;
}

Result<Manifest> parse_manifest(const boost::json::object& object) {
  JsonObjectReader reader(object, "the manifest");
  const std::uint64_t version = reader.number("version");
  if (version > manifest_version_max) {
    return Error{ErrorCode::unsupported,
                 "the manifest is of version " + std::to_string(version) +
                     ", made by a newer dth: use that one to read it",
                 {}};
  }
  reader.require("version", version >= 1);
  Manifest manifest;
  manifest.version = version;
  manifest.run = reader.text("run");
  manifest.kind = reader.text("kind");
  const auto state = state::parse_run_state(reader.text("state"));
  const auto created_at = parse_time(reader.text("created_at"));
  const auto ended_at = parse_time(reader.text("ended_at"));
  if (!state) reader.fail("state", "is not a state");
  if (!created_at || !ended_at) reader.fail("ended_at", "is not a time, or \"created_at\" is not");
  manifest.root = reader.text("merkle_root");
  if (version >= 2) {
    manifest.public_key = reader.text("public_key");
    manifest.signature = reader.text("signature");
    reader.require("public_key", !manifest.public_key.empty());
    reader.require("signature", !manifest.signature.empty());
  }
  const auto* totals = object.if_contains("totals");
  const auto* segments = object.if_contains("segments");
  reader.require("totals", totals != nullptr && totals->is_object());
  reader.require("segments", segments != nullptr && segments->is_array());
  if (reader.error()) return *reader.error();
  manifest.state = *state;
  manifest.created_at = *created_at;
  manifest.ended_at = *ended_at;
  JsonObjectReader counters(totals->get_object(), "the manifest's totals");
  for (const auto& field : totals->get_object()) {
    if (manifest.totals.size() >= totals_max || field.key().size() > total_name_bytes_max) {
      return Error{
          ErrorCode::data_corrupted,
          "the manifest's totals are more, or have longer names, than any that were written",
          {}};
    }
    const std::string name(field.key());
    manifest.totals[name] = static_cast<std::int64_t>(counters.number(name));
  }
  if (counters.error()) return *counters.error();
  for (const auto& value : segments->get_array()) {
    auto segment = parse_segment(value);
    if (segment.has_error()) return segment.error();
    manifest.segments.push_back(std::move(*segment));
  }
  return manifest;
}

}  // namespace

Result<Manifest> load_manifest(const ReadableFile& file) {
  const std::string& path = file.path();
  boost::json::parse_options options;
  options.max_depth = 4;
  boost::json::stream_parser parser({}, options);
  boost::system::error_code code;
  std::string buffer(read_size_bytes, '\0');
  for (std::uint64_t offset = 0; !code;) {
    const auto got = file.read_at(offset, buffer.data(), buffer.size());
    if (got.has_error()) return got.error();
    if (*got == 0) break;
    offset += *got;
    if (offset > manifest_bytes_max) {
      return Error{ErrorCode::data_corrupted,
                   "the manifest " + path +
                       " is longer than any that was "
                       "written",
                   {}};
    }
    parser.write(buffer.data(), *got, code);
  }
  if (!code) parser.finish(code);
  if (code)
    return Error{ErrorCode::data_corrupted, "the manifest " + path + " is not JSON",
                 code.message()};
  const boost::json::value value = parser.release();
  if (!value.is_object())
    return Error{ErrorCode::data_corrupted, "the manifest " + path + " is not a JSON object", {}};
  auto manifest = parse_manifest(value.get_object());
  if (manifest.has_error()) return manifest.error().with_context(path);
  return manifest;
}

Result<void> check_root(const Manifest& manifest) {
  if (merkle_root(manifest.segments) == manifest.root) return {};
  return Error{ErrorCode::data_corrupted,
               "the Merkle root does not fit the segments: the manifest was altered",
               {}};
}

Result<void> check_signature(const Manifest& manifest) {
  if (manifest.version < 2) return {};
  const auto key = PublicKey::parse(manifest.public_key);
  if (key.has_error())
    return Error{ErrorCode::data_corrupted,
                 "the manifest's public key is none: the manifest was altered",
                 key.error().message};
  const auto signature = hex_decode(manifest.signature);
  // There is one way only to write it.
  if (signature && hex_encode(as_bytes(*signature)) == manifest.signature &&
      key->verify(as_bytes(signed_bytes(manifest)), as_bytes(*signature)))
    return {};
  return Error{ErrorCode::data_corrupted,
               "the signature is not that of the key " + manifest.public_key +
                   " over this manifest: the manifest was altered",
               {}};
}

Result<Manifest> read_manifest(const RunFiles& files) {
  const auto file = files.open(std::string(manifest_name));
  if (file.has_error()) return file.error();
  auto manifest = load_manifest(**file);
  if (manifest.has_error()) return manifest;
  for (auto check : {check_root, check_signature}) {
    if (auto checked = check(*manifest); checked.has_error())
      return checked.error().with_context((*file)->path());
  }
  return manifest;
}

}  // namespace dth::ledger
