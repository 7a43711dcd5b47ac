#include "ledger/manifest.h"

#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

#include "base/encoding.h"
#include "base/json_writer.h"
#include "ledger/canonical.h"
#include "ledger/file.h"
#include "ledger/merkle.h"

namespace dth::ledger {
namespace {

constexpr std::string_view signature_context = "dth ledger manifest";
constexpr std::size_t piece_size_bytes = 1 << 20;

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
  writer.number("version", manifest.version);
  writer.text("run", manifest.run);
  writer.text("kind", manifest.kind);
  writer.text("state", to_string(manifest.state));
  writer.text("created_at", format_time(manifest.created_at));
  writer.text("ended_at", format_time(manifest.ended_at));
  writer.begin("totals");
  JsonObjectWriter totals(&head);
  for (const auto& [name, value] : manifest.totals) totals.number(name, value);
  totals.end();
  writer.text("merkle_root", manifest.root);
  writer.text("public_key", manifest.public_key);
  writer.text("signature", manifest.signature);
  writer.begin("segments");
  head += '[';
  return head;
}

}  // namespace

std::string signed_bytes(const Manifest& manifest) {
  std::string bytes;
  append_text(signature_context, &bytes);
  append_number(manifest.version, &bytes);
  append_text(manifest.run, &bytes);
  append_text(manifest.kind, &bytes);
  append_text(to_string(manifest.state), &bytes);
  append_text(format_time(manifest.created_at), &bytes);
  append_text(format_time(manifest.ended_at), &bytes);
  append_number(manifest.totals.size(), &bytes);
  for (const auto& [name, value] : manifest.totals) {
    append_text(name, &bytes);
    append_number(static_cast<std::uint64_t>(value), &bytes);
  }
  append_text(manifest.root, &bytes);
  append_number(manifest.segments.size(), &bytes);
  append_text(manifest.public_key, &bytes);
  return bytes;
}

Result<Manifest> make_manifest(const state::Run& run, std::vector<state::Segment> segments,
                               const PrivateKey& key) {
  if (!is_over(run.state)) {
    return Error{ErrorCode::precondition_failed,
                 "run " + run.id + " is not over (" + std::string(to_string(run.state)) +
                     "): its manifest comes at its end",
                 {}};
  }
  std::stable_sort(segments.begin(), segments.end(), comes_before);
  Manifest manifest;
  manifest.run = run.id;
  manifest.kind = run.kind;
  manifest.state = run.state;
  manifest.created_at = run.created_at;
  manifest.ended_at = run.ended_at.value_or(run.created_at);
  for (const auto& [name, value] : run.counts.by_name()) manifest.totals[std::string(name)] = value;
  manifest.segments = std::move(segments);
  manifest.root = merkle_root(manifest.segments);
  manifest.public_key = key.public_key().hex();
  manifest.signature = hex_encode(as_bytes(key.sign(as_bytes(signed_bytes(manifest)))));
  return manifest;
}

Result<void> render(const Manifest& manifest, const TextConsumer& consumer) {
  std::string text = make_head(manifest);
  for (std::size_t i = 0; i < manifest.segments.size(); ++i) {
    text += i == 0 ? "\n" : ",\n";
    append_segment(manifest.segments[i], &text);
    if (text.size() < piece_size_bytes) continue;
    if (auto taken = consumer(text); taken.has_error()) return taken;
    text.clear();
  }
  text += "]}\n";
  return consumer(text);
}

Result<void> write_manifest(const std::string& directory, const Manifest& manifest) {
  if (!is_plain_name(manifest.run)) {
    return Error{ErrorCode::invalid_argument,
                 "the run id \"" + manifest.run + "\" cannot name a directory of the ledger",
                 {}};
  }
  const std::filesystem::path run_directory = std::filesystem::path(directory) / manifest.run;
  std::error_code code;
  std::filesystem::create_directories(run_directory, code);
  if (code) return file_error("create", run_directory.string(), code.value());
  const std::string path = (run_directory / manifest_name).string();
  // Of this process: another one may be at it at the same moment.
  const std::string temporary = path + "." + std::to_string(::getpid()) + ".new";
  auto file = File::open(temporary, O_WRONLY | O_CREAT | O_TRUNC);
  if (file.has_error()) return file.error();
  std::uint64_t offset = 0;
  auto written = render(manifest, [&](std::string_view text) {
    auto put = file->write_at(offset, text);
    offset += text.size();
    return put;
  });
  if (written.has_error()) return written;
  if (auto synced = file->sync(); synced.has_error()) return synced.error();
  std::filesystem::rename(temporary, path, code);
  if (code) return file_error("rename to", path, code.value());
  if (auto synced = sync_directory(run_directory.string()); synced.has_error())
    return synced.error();
  return sync_directory(directory);
}

}  // namespace dth::ledger
