#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dth::objects::s3 {

// Goes through an XML text tag by tag, without copying. Knows what S3 servers send: elements,
// attributes (ignored), declarations and comments (skipped). Document types and CDATA are refused.
// Name spaces' prefixes are dropped.
class XmlScanner {
 public:
  enum class Tag {
    open,
    close,
    empty,    // <name/>
    end,      // the text is over
    cut_off,  // the text ends inside a tag
    malformed,
  };

  explicit XmlScanner(std::string_view text) : rest_(text) {}

  // Moves past the next tag.
  Tag next();

  // The next three are for what listings consist of. Where the text goes on with what they name,
  // byte by byte, they move past it; otherwise they stay where they are, and next() knows the rest.
  // Inlined: a literal costs few instructions then.
  //
  // A whole tag: "</Contents>".
  [[gnu::always_inline]] bool take_tag(std::string_view tag) {
    if (!rest_.starts_with(tag)) return false;
    rest_.remove_prefix(tag.size());
    return true;
  }

  // A plain element, nothing inside but text: take_leaf("<Key>", "</Key>", &text).
  [[gnu::always_inline]] bool take_leaf(std::string_view start_tag, std::string_view end_tag,
                                        std::string_view* text) {
    if (!rest_.starts_with(start_tag)) return false;
    const std::size_t end = rest_.find('<', start_tag.size());
    if (end == rest_.npos || !rest_.substr(end).starts_with(end_tag)) return false;
    *text = rest_.substr(start_tag.size(), end - start_tag.size());
    rest_.remove_prefix(end + end_tag.size());
    return true;
  }

  // Likewise one of any name of letters; passes over it.
  bool take_any_leaf();

  // Bytes behind what was read.
  std::size_t left() const { return rest_.size(); }

  // Of the tag that next() returned.
  std::string_view name() const { return name_; }

  // Between the tag before and this one, entities not yet replaced.
  std::string_view text() const { return text_; }

 private:
  Tag skip_past(std::string_view terminator, bool* skipped);
  std::string_view rest_;
  std::string_view name_;
  std::string_view text_;
};

// The text with entities and character references replaced; nothing where one is not known.
std::optional<std::string> unescape_xml(std::string_view text);

// For text put between tags.
std::string escape_xml(std::string_view text);

}  // namespace dth::objects::s3
