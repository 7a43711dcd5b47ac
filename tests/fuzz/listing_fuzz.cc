// A page of a listing, from anybody.
#include "fuzz/fuzz.h"
#include "objects/s3/list_parser.h"
#include "objects/s3/xml_scanner.h"

using namespace dth;
using namespace dth::objects::s3;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::as_text(data, size);
  const auto page = parse_listing(text);
  if (page) {
    for (const objects::ObjectInfo& object : page->objects) fuzz::require(!object.key.empty(), "an object has a key");
    // What is cut off anywhere is never a shorter page.
    const std::size_t end = text.find_last_of('>');
    fuzz::require(end != text.npos, "a page has an end tag");
    fuzz::require(!parse_listing(text.substr(0, end)), "a page without its last character is an error");
    fuzz::require(!parse_listing(text.substr(0, end / 2)), "half a page is an error");
  } else {
    fuzz::require_printable(page.error().message, "the error is printable");
    fuzz::require(page.error().message.size() < 400, "the error is short");
  }
  if (const auto plain = unescape_xml(text)) {
    const auto again = unescape_xml(escape_xml(*plain));
    fuzz::require(again && *again == *plain, "what is escaped comes back");
  }
  return 0;
}
