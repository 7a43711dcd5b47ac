#include "ledger/manifest.h"

#include <fcntl.h>
#include <filesystem>

#include "ledger/file.h"
#include "ledger/json_read.h"
#include "ledger/json_text.h"
#include "ledger/merkle.h"

namespace dth::ledger {
namespace {

constexpr std::uint64_t manifest_version = 1;
constexpr std::size_t buffer_size_bytes = 1 << 20;

bool comes_before(const state::Segment& a, const state::Segment& b) {
  return std::tie(a.job, a.file, a.offset) < std::tie(b.job, b.file, b.offset);
}

void append_segment(const state::Segment& segment, std::string* out) {
  JsonObjectWriter writer(out);
  writer.number("job", segment.job);
  writer.bytes("file", segment.file);
  writer.number("offset", segment.offset);
  writer.number("length", segment.length);
  writer.text("sha256", segment.sha256);
  writer.number("items", segment.items);
  writer.bytes("key_least", segment.key_least);
  writer.bytes("key_greatest", segment.key_greatest);
  writer.end();
}

// Everything but the segments, which follow one a line.
std::string make_head(const Manifest& manifest) {
  std::string head;
  JsonObjectWriter writer(&head);
  writer.number("version", manifest_version);
  writer.text("run", manifest.run);
  writer.text("kind", manifest.kind);
  writer.text("state", to_string(manifest.state));
  writer.text("created_at", format_time(manifest.created_at));
  writer.text("ended_at", format_time(manifest.ended_at));
  writer.begin("totals");
  JsonObjectWriter totals(&head);
  for (std::size_t i = 0; i < state::counter_count; ++i) {
    const auto counter = static_cast<state::Counter>(i);
    totals.number(to_string(counter), manifest.totals[counter]);
  }
  totals.end();
  writer.text("merkle_root", manifest.root);
  writer.begin("segments");
  head += '[';
  return head;
}

Result<state::Segment> parse_segment(const boost::json::value& value) {
  if (!value.is_object()) return Error{ErrorCode::data_corrupted, "a segment is not a JSON object", {}};
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
  // A manifest may come from anywhere: it must not lead a reader out of the run's directory.
  if (!is_plain_name(segment.file)) reader.fail("file", "is not a file's name");
  if (reader.error()) return *reader.error();
  return segment;
}

Result<Manifest> parse_manifest(const boost::json::object& object) {
  JsonObjectReader reader(object, "the manifest");
  const std::uint64_t version = reader.number("version");
  if (version > manifest_version) {
    return Error{ErrorCode::unsupported,
                 "the manifest is of version " + std::to_string(version) + ", made by a newer dth: use that one to read it", {}};
  }
  reader.require("version", version == manifest_version);
  Manifest manifest;
  manifest.run = reader.text("run");
  manifest.kind = reader.text("kind");
  const auto state = state::parse_run_state(reader.text("state"));
  const auto created_at = parse_time(reader.text("created_at"));
  const auto ended_at = parse_time(reader.text("ended_at"));
  if (!state) reader.fail("state", "is not a state");
  if (!created_at || !ended_at) reader.fail("ended_at", "is not a time, or \"created_at\" is not");
  manifest.root = reader.text("merkle_root");
  const auto* totals = object.if_contains("totals");
  const auto* segments = object.if_contains("segments");
  reader.require("totals", totals != nullptr && totals->is_object());
  reader.require("segments", segments != nullptr && segments->is_array());
  if (reader.error()) return *reader.error();
  manifest.state = *state;
  manifest.created_at = *created_at;
  manifest.ended_at = *ended_at;
  JsonObjectReader counters(totals->get_object(), "the manifest's totals");
  for (std::size_t i = 0; i < state::counter_count; ++i) {
    const auto counter = static_cast<state::Counter>(i);
    manifest.totals[counter] = static_cast<std::int64_t>(counters.number(to_string(counter)));
  }
  if (counters.error()) return *counters.error();
  for (const auto& value : segments->get_array()) {
    auto segment = parse_segment(value);
    if (segment.has_error()) return segment.error();
    manifest.segments.push_back(std::move(*segment));
  }
  if (merkle_root(manifest.segments) != manifest.root) {
    return Error{ErrorCode::data_corrupted, "the Merkle root does not fit the segments: the manifest was altered", {}};
  }
  return manifest;
}

}  // namespace

Result<Manifest> make_manifest(const state::Run& run, std::vector<state::Segment> segments) {
  if (!is_over(run.state)) {
    return Error{ErrorCode::precondition_failed,
                 "run " + run.id + " is not over (" + std::string(to_string(run.state)) + "): its manifest comes at its end", {}};
  }
  std::stable_sort(segments.begin(), segments.end(), comes_before);
  Manifest manifest{.run = run.id,
                    .kind = run.kind,
                    .state = run.state,
                    .created_at = run.created_at,
                    .ended_at = run.ended_at.value_or(run.created_at),
                    .totals = run.counts,
                    .segments = std::move(segments),
                    .root = {}};
  manifest.root = merkle_root(manifest.segments);
  return manifest;
}

Result<void> write_manifest(const std::string& directory, const Manifest& manifest) {
  if (!is_plain_name(manifest.run)) {
    return Error{ErrorCode::invalid_argument, "the run id \"" + manifest.run + "\" cannot name a directory of the ledger", {}};
  }
  const std::filesystem::path run_directory = std::filesystem::path(directory) / manifest.run;
  std::error_code code;
  std::filesystem::create_directories(run_directory, code);
  if (code) return file_error("create", run_directory.string(), code.value());
  const std::string path = (run_directory / manifest_name).string();
  const std::string temporary = path + ".new";
  auto file = File::open(temporary, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.has_error()) return file.error();
  std::string text = make_head(manifest);
  std::uint64_t offset = 0;
  for (std::size_t i = 0; i < manifest.segments.size(); ++i) {
    text += i == 0 ? "\n" : ",\n";
    append_segment(manifest.segments[i], &text);
    if (text.size() < buffer_size_bytes) continue;
    if (auto written = file->write_at(offset, text); written.has_error()) return written.error();
    offset += text.size();
    text.clear();
  }
  text += "]}\n";
  if (auto written = file->write_at(offset, text); written.has_error()) return written.error();
  if (auto synced = file->sync(); synced.has_error()) return synced.error();
  std::filesystem::rename(temporary, path, code);
  if (code) return file_error("rename to", path, code.value());
  if (auto synced = sync_directory(run_directory.string()); synced.has_error()) return synced.error();
  return sync_directory(directory);
}

Result<Manifest> read_manifest(const std::string& directory, const std::string& run) {
  if (!is_plain_name(run)) {
    return Error{ErrorCode::invalid_argument, "the run id \"" + run + "\" cannot name a directory of the ledger", {}};
  }
  const std::string path = (std::filesystem::path(directory) / run / manifest_name).string();
  const auto file = File::open(path, O_RDONLY);
  if (file.has_error()) return file.error();
  boost::json::stream_parser parser;
  boost::system::error_code code;
  std::string buffer(buffer_size_bytes, '\0');
  for (std::uint64_t offset = 0; !code;) {
    const auto got = file->read_at(offset, buffer.data(), buffer.size());
    if (got.has_error()) return got.error();
    if (*got == 0) break;
    offset += *got;
    parser.write(buffer.data(), *got, code);
  }
  if (!code) parser.finish(code);
  if (code) return Error{ErrorCode::data_corrupted, "the manifest " + path + " is not JSON", code.message()};
  const boost::json::value value = parser.release();
  if (!value.is_object()) return Error{ErrorCode::data_corrupted, "the manifest " + path + " is not a JSON object", {}};
  auto manifest = parse_manifest(value.get_object());
  if (manifest.has_error()) return manifest.error().with_context(path);
  if (manifest->run != run) {
    return Error{ErrorCode::data_corrupted, "the manifest " + path + " is of another run, " + manifest->run, {}};
  }
  return manifest;
}

}  // namespace dth::ledger
