#include "plugins/object_copy/rules/selection_lines.h"

#include <algorithm>

namespace dth::object_copy {
namespace {

constexpr std::size_t key_bytes_max = 1'024;
constexpr std::size_t version_bytes_max = 1'024;
constexpr std::size_t record_bytes_max =
    2 * (key_bytes_max + version_bytes_max) + 16;  // every byte a doubled quote
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

bool is_header(std::string_view record) {
  static constexpr std::string_view header = "key,versionid";
  return record.size() == header.size() &&
         std::equal(record.begin(), record.end(), header.begin(),
                    [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

}  // namespace

ListFormat format_of(std::string_view location) {
  return location.ends_with(".csv") ? ListFormat::csv : ListFormat::lines;
}

void ListLines::feed(std::string_view bytes, bool ended) {
  buffer_.erase(0, at_);
  at_ = 0;
  buffer_ += bytes;
  ended_ = ended;
}

Error ListLines::wrong(const std::string& why) const {
  return Error{ErrorCode::invalid_argument, name_ + ", line " + std::to_string(line_) + ": " + why,
               ""};
}

Result<std::optional<std::size_t>> ListLines::measure() const {
  const std::string_view rest = std::string_view(buffer_).substr(at_);
  const std::size_t length_max =
      format_ == ListFormat::csv ? record_bytes_max : key_bytes_max + byte_order_mark.size();
  bool quoted = false;
  std::size_t end = 0;
  // Two quotes in a row leave and enter again.
  for (; end < rest.size() && (quoted || rest[end] != '\n') && end <= length_max + 1; ++end) {
    if (format_ == ListFormat::csv && rest[end] == '"') quoted = !quoted;
  }
  if (end > length_max + 1) {
    if (quoted) return wrong("a quotation mark is not closed");
    return wrong("it is longer than the 1,024 bytes that a key can have");
  }
  if (end < rest.size()) return std::optional(end + 1);
  if (!ended_ || rest.empty()) return std::optional<std::size_t>();
  if (quoted) return wrong("a quotation mark is not closed");
  return std::optional(end);
}

Result<std::optional<ListLines::Line>> ListLines::next() {
  if (offset_ == 0 && at_ == 0) {
    const std::string_view head = std::string_view(buffer_).substr(0, 2);
    if (head == "\xff\xfe" || head == "\xfe\xff")
      return wrong("the file is in UTF-16; write it as UTF-8");
  }
  for (;;) {
    auto length = measure();
    if (length.has_error()) return length.error();
    if (!*length) return std::optional<Line>();
    std::string_view record = std::string_view(buffer_).substr(at_, **length);
    const auto newlines =
        static_cast<std::uint64_t>(std::count(record.begin(), record.end(), '\n'));
    if (record.ends_with('\n')) record.remove_suffix(1);
    if (record.ends_with('\r')) record.remove_suffix(1);
    const bool first = offset_ == 0;
    if (first && record.starts_with(byte_order_mark)) record.remove_prefix(byte_order_mark.size());
    Line line{record, {}, line_};
    const bool passed_over =
        record.empty() || (format_ == ListFormat::csv && first && is_header(record));
    if (!passed_over) {
      if (format_ == ListFormat::csv) {
        auto taken = take_csv(record);
        if (taken.has_error()) return taken.error();
        line = *taken;
      }
      if (line.key.size() > key_bytes_max)
        return wrong("the key is longer than the 1,024 bytes that one can have");
    }
    at_ += **length;
    offset_ += **length;
    line_ += newlines;
    if (!passed_over) return std::optional(line);
  }
}

Result<ListLines::Line> ListLines::take_csv(std::string_view record) {
  std::size_t at = 0;
  std::size_t count = 0;
  for (bool more = true; more;) {
    if (count == std::size(fields_))
      return wrong(
          "it has more than two fields; write key,versionId, and quote keys that hold commas");
    std::string& field = fields_[count++];
    field.clear();
    if (at < record.size() && record[at] == '"') {
      for (++at;; ++at) {
        const std::size_t quote = record.find('"', at);  // measure() saw to it that there is one
        field += record.substr(at, quote - at);
        at = quote + 1;
        if (at >= record.size() || record[at] != '"') break;
        field += '"';
      }
      if (at < record.size() && record[at] != ',')
        return wrong("something follows a closing quotation mark; double the marks within a key");
    } else {
      const std::size_t end = std::min(record.find(',', at), record.size());
      field = record.substr(at, end - at);
      at = end;
      if (field.find('"') != std::string::npos) {
        return wrong(
            "a quotation mark stands in a field that does not begin with one; quote the key, and "
            "double the marks within it");
      }
    }
    more = at < record.size();
    if (more) ++at;
  }
  if (count == 1) fields_[1].clear();
  if (fields_[0].empty()) return wrong("it names no key");
  if (fields_[1].size() > version_bytes_max)
    return wrong("the version id is longer than 1,024 bytes");
  return Line{fields_[0], fields_[1], line_};
}

}  // namespace dth::object_copy
