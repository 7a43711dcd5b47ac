#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

// All JSON that the program writes.
namespace dth {

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

// The text as a JSON string (RFC 8259), quotes included. Bytes from 0x80 on are written as they
// are: what is signed or compared depends on it.
void append_json_string(std::string_view text, std::string* out);

// A double in the shortest form that reads back the same, as ECMAScript writes it: 1, 0.1, 1e+21;
// "null" for one that is not finite.
std::string number_text(double number);

// JSON for people, whose terminals and editors obey what is in it: from `from` on, each character
// that display_control_bytes() knows becomes \uXXXX. It says the same.
void escape_display_controls(std::string* json, std::size_t from = 0);

// Any value, without spaces, and with such characters escaped; doubles as above, which Boost.JSON
// would write as 1E0.
void append_json(const boost::json::value& value, std::string* out);
std::string write_json(const boost::json::value& value);

}  // namespace dth
