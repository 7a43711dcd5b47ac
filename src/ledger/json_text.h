#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dth::ledger {

// Builds one flat JSON object, field by field, at the end of a string. For lines, of which there
// are very many: no tree, no allocation but the string's own.
class JsonObjectWriter {
 public:
  explicit JsonObjectWriter(std::string* out) : out_(*out) { out_ += '{'; }

  // Text; left out where empty. Bytes that are not UTF-8 are shown as \xNN: for people, and not to
  // be read back.
  void text(std::string_view name, std::string_view value);
  // Raw bytes, to be read back exactly: as text where they are UTF-8, else as base64 under
  // `<name>_base64`.
  void bytes(std::string_view name, std::string_view value);
  void number(std::string_view name, std::int64_t value);
  void number(std::string_view name, std::uint64_t value);
  // What follows is the field's value, to be appended by the caller.
  void begin(std::string_view name);
  void end() { out_ += '}'; }

 private:
  std::string& out_;
  bool first_ = true;
};

// The text as a JSON string (RFC 8259), quotes included. It must be UTF-8.
void append_json_string(std::string_view text, std::string* out);

}  // namespace dth::ledger
