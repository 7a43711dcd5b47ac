#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace dth::object_copy {

enum class ListFormat {
  lines,  // a text a line
  csv,    // key,versionId or key alone, quoted as RFC 4180 says where need be
};

// By the name's end: .csv is CSV.
ListFormat format_of(std::string_view location);

// Takes a list file apart, piece by piece, from its beginning or from where an earlier reading
// stopped. Lines end in LF or CRLF, the last one also with the file. Blank lines are passed over,
// also a byte order mark of UTF-8 and a CSV's header "key,versionId". No I/O.
// https://www.rfc-editor.org/rfc/rfc4180
class ListLines {
 public:
  struct Line {
    std::string_view key;      // 1 to 1,024 bytes
    std::string_view version;  // empty where the list gives none
    std::uint64_t number = 0;  // of the line, from 1
  };

  // `offset` and `line` of the first byte that feed() will be given: 0 and 1 at the beginning.
  ListLines(std::string name, ListFormat format, std::uint64_t offset, std::uint64_t line)
      : name_(std::move(name)), format_(format), offset_(offset), line_(line) {}

  // The bytes that follow those given before; `ended`: there are none after these.
  void feed(std::string_view bytes, bool ended);

  // The next line, good until the next call; nothing where bytes are missing or the file is over.
  // invalid_argument names the line that cannot be one.
  Result<std::optional<Line>> next();

  // Where the line after the last one that was returned begins.
  std::uint64_t offset() const { return offset_; }
  std::uint64_t line() const { return line_; }

 private:
  // The next record's length, its end of line included; nothing where it is not whole yet.
  Result<std::optional<std::size_t>> measure() const;
  Result<Line> take_csv(std::string_view record);
  Error wrong(const std::string& why) const;

  const std::string name_;
  const ListFormat format_;
  std::uint64_t offset_, line_;
  std::string buffer_;
  std::size_t at_ = 0;  // in buffer_, of what was not returned
  bool ended_ = false;
  std::string fields_[2];
};

}  // namespace dth::object_copy
