// A page of a listing, from anybody.
#include <algorithm>
#include <tuple>

#include "fuzz/fuzz.h"
#include "objects/s3/list_parser.h"
#include "objects/s3/xml_scanner.h"

using namespace dth;
using namespace dth::objects::s3;

namespace {

// What another page left in its objects.
std::vector<objects::ObjectInfo> used_objects() {
  objects::ObjectInfo used;
  used.key = used.etag = used.storage_class = used.version_id = "left over";
  used.size = 99;
  used.last_modified = used.changed = TimePoint(std::chrono::seconds(1));
  used.obstacle = "is left over";
  used.hidden_size = 4;
  used.origin.etag = "left over";
  return std::vector<objects::ObjectInfo>(4, used);
}

// Unknown equals unknown here.
template <class T>
std::optional<T> plain(const objects::Reported<T>& value) {
  return value.known() ? std::optional(value.value()) : std::nullopt;
}

auto fields(const objects::ObjectInfo& object) {
  return std::make_tuple(object.key, plain(object.size), object.etag, plain(object.last_modified),
                         object.storage_class, object.version_id, plain(object.changed),
                         object.obstacle, object.hidden_size, object.origin.known());
}

bool are_same(const objects::ObjectInfo& a, const objects::ObjectInfo& b) {
  return fields(a) == fields(b);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text = fuzz::as_text(data, size);
  const auto page = parse_listing(text);
  const auto again = parse_listing(text, used_objects());
  fuzz::require(page.has_value() == again.has_value(),
                "the memory that a page is read into does not matter");
  if (page) {
    fuzz::require(std::ranges::equal(page->objects, again->objects, are_same),
                  "nothing is left over from another page");
    for (const objects::ObjectInfo& object : page->objects)
      fuzz::require(!object.key.empty(), "an object has a key");
    // What is cut off anywhere is never a shorter page.
    const std::size_t end = text.find_last_of('>');
    fuzz::require(end != text.npos, "a page has an end tag");
    fuzz::require(!parse_listing(text.substr(0, end)),
                  "a page without its last character is an error");
    fuzz::require(!parse_listing(text.substr(0, end / 2)), "half a page is an error");
  } else {
    fuzz::require_printable(page.error().message, "the error is printable");
    fuzz::require(page.error().message.size() < 400, "the error is short");
  }
  if (const auto plain = unescape_xml(text)) {
    const auto back = unescape_xml(escape_xml(*plain));
    fuzz::require(back && *back == *plain, "what is escaped comes back");
  }
  return 0;
}
