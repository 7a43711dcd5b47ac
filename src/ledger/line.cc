#include <limits>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "ledger/ledger.h"

namespace dth::ledger {
namespace {

constexpr std::size_t members_max = 64;

}  // namespace

void append_json(const Line& line, std::string* out) {
  JsonObjectWriter writer(out);
  writer.bytes("key", line.key);
  if (!line.destination_key.empty() && line.destination_key != line.key) {
    writer.bytes("destination_key", line.destination_key);
  }
  writer.text("outcome", to_string(line.outcome));
  writer.number("size", line.size);
  writer.text("source_etag", line.source_etag);
  writer.text("source_version", line.source_version);
  writer.text("destination_etag", line.destination_etag);
  writer.text("destination_version", line.destination_version);
  if (line.proof) writer.text("proof", to_string(*line.proof));
  writer.text("algorithm", line.algorithm);
  writer.text("checksum", line.checksum);
  writer.text("error", line.error);
  writer.text("at", format_time(line.at));
  if (line.read_from) writer.text("read_from", format_time(*line.read_from));
  writer.end();
  *out += '\n';
}

Result<Line> parse_line(std::string_view json) {
  // A line is a flat object; a newer one may have fields that nest a little.
  const auto value = parse_json(json, "a line of the ledger", {.depth_max = 4});
  if (value.has_error()) return value.error();
  if (!value->is_object())
    return Error{ErrorCode::data_corrupted, "a line of the ledger is not a JSON object", ""};
  const boost::json::object& object = value->get_object();
  if (object.size() > members_max) {
    return Error{ErrorCode::data_corrupted,
                 "a line of the ledger has more fields than any that was "
                 "written",
                 ""};
  }
  JsonObjectReader reader(object, "a line of the ledger");
  reader.require("key", object.contains("key") || object.contains("key_base64"));
  Line line;
  line.key = reader.bytes("key");
  line.destination_key = reader.bytes("destination_key");
  if (const auto outcome = parse_outcome(reader.text("outcome"))) {
    line.outcome = *outcome;
  } else {
    reader.fail("outcome", "is not an outcome that this version knows");
  }
  line.size = reader.number("size");
  if (line.size > std::numeric_limits<std::int64_t>::max())
    reader.fail("size", "is more than an object can have");
  line.source_etag = reader.text("source_etag");
  line.source_version = reader.text("source_version");
  line.destination_etag = reader.text("destination_etag");
  line.destination_version = reader.text("destination_version");
  if (const std::string proof = reader.text("proof"); !proof.empty()) {
    line.proof = parse_proof_kind(proof);
    if (!line.proof) reader.fail("proof", "is not a proof that this version knows");
  }
  line.algorithm = reader.text("algorithm");
  line.checksum = reader.text("checksum");
  line.error = reader.text("error");
  if (const auto at = parse_time(reader.text("at"))) {
    line.at = *at;
  } else {
    reader.fail("at", "is not a time");
  }
  if (const std::string text = reader.text("read_from"); !text.empty()) {
    line.read_from = parse_time(text);
    if (!line.read_from) reader.fail("read_from", "is not a time");
  }
  if (reader.error()) return *reader.error();
  return line;
}

void LineBuffer::add(const Line& line) {
  append_json(line, &text_);
  if (items_ == 0 || line.key < key_least_) key_least_ = line.key;
  if (items_ == 0 || line.key > key_greatest_) key_greatest_ = line.key;
  ++items_;
}

}  // namespace dth::ledger
