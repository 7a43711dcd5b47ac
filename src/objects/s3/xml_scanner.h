#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dth::objects::s3 {

// Goes through an XML text tag by tag, without copying. Knows what S3 servers send: elements, attributes (ignored),
// declarations and comments (skipped). Document types and CDATA are refused. Name spaces' prefixes are dropped.
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

  // Where the text goes on with a plain "<name>text</name>" - no attribute, nothing inside but text - moves past it
  // and tells both. Otherwise stays where it is: next() knows the rest. This is what listings consist of.
  bool take_leaf(std::string_view* name, std::string_view* text);

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
