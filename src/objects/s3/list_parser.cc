#include "objects/s3/list_parser.h"

#include <optional>

#include "base/encoding.h"
#include "objects/s3/xml_scanner.h"

namespace dth::objects::s3 {
namespace {

using Tag = XmlScanner::Tag;
constexpr int depth_max = 32;

Error malformed(std::string_view what) {
  return Error{ErrorCode::data_corrupted, "the listing is not what S3 sends: " + std::string(what), ""};
}

Error cut_off() { return Error{ErrorCode::unavailable, "the listing ended before its end tag; ask for it again", ""}; }

// The result for a tag that has no place where it was met.
Error unexpected(Tag tag) {
  if (tag == Tag::end || tag == Tag::cut_off) return cut_off();
  return malformed(tag == Tag::malformed ? "its XML is malformed" : "its tags do not match");
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

// As servers encode keys when they were asked to: percent-encoding, and '+' for a space.
std::optional<std::string> decode_url(std::string_view text) {
  std::string spaced(text);
  for (char& c : spaced) {
    if (c == '+') c = ' ';
  }
  return percent_decode(spaced);
}

class Parser {
 public:
  explicit Parser(std::string_view xml) : scanner_(xml) {}

  Result<Listing> parse() {
    const Tag root = scanner_.next();
    if (root != Tag::open) return root == Tag::empty ? malformed("it is an empty element") : unexpected(root);
    if (scanner_.name() != "ListBucketResult") return malformed("it is a " + printable(scanner_.name().substr(0, 64)));
    for (;;) {
      const Tag tag = scanner_.next();
      if (tag == Tag::close && scanner_.name() == "ListBucketResult") break;
      if (tag == Tag::empty) continue;
      if (tag != Tag::open) return unexpected(tag);
      auto read = read_page_element(scanner_.name());
      if (!read) return read.error();
    }
    if (const Tag tag = scanner_.next(); tag != Tag::end) return malformed("something follows its end");
    return finish();
  }

 private:
  Result<void> read_page_element(std::string_view name) {
    if (name == "Contents") return read_object();
    std::string value;
    if (name == "IsTruncated") {
      if (auto read = read_text(name, &value); !read) return read;
      if (value != "true" && value != "false") return malformed("IsTruncated is neither true nor false");
      listing_.truncated = value == "true";
      has_truncated_ = true;
      return {};
    }
    // Not trimmed: both may be keys (Ceph RGW), and keys may end with a space.
    if (name == "NextContinuationToken") return read_text(name, &listing_.next_continuation_token, false);
    if (name == "NextMarker") return read_text(name, &listing_.next_marker, false);
    if (name == "EncodingType") {
      if (auto read = read_text(name, &value); !read) return read;
      url_encoded_ = value == "url";
      return {};
    }
    return skip(name);
  }

  Result<void> read_object() {
    if (listing_.objects.size() >= listing_objects_max) return malformed("it holds more than 100000 keys");
    ObjectInfo& object = listing_.objects.emplace_back();
    bool has_key = false, has_size = false;
    for (;;) {
      const Tag tag = scanner_.next();
      const std::string_view name = scanner_.name();
      if (tag == Tag::close && name == "Contents") break;
      if (tag == Tag::empty) continue;
      if (tag != Tag::open) return unexpected(tag);
      Result<void> read;
      if (name == "Key") {
        read = read_text(name, &object.key, false);
        has_key = true;
      } else if (name == "LastModified") {
        read = read_time(name, &object.last_modified);
      } else if (name == "ETag") {
        read = read_text(name, &object.etag);
        if (object.etag.size() >= 2 && object.etag.front() == '"' && object.etag.back() == '"') {
          object.etag.pop_back();
          object.etag.erase(0, 1);
        }
      } else if (name == "Size") {
        read = read_size(name, &object.size);
        has_size = true;
      } else if (name == "StorageClass") {
        read = read_text(name, &object.storage_class);
      } else {
        read = skip(name);
      }
      if (!read) return read;
    }
    if (!has_key || object.key.empty()) return malformed("an object has no key");
    if (!has_size) return malformed("an object has no size");
    return {};
  }

  // The raw text up to the end tag that belongs to `name`.
  Result<std::string_view> raw_text(std::string_view name) {
    const Tag tag = scanner_.next();
    if (tag != Tag::close || scanner_.name() != name) return unexpected(tag);
    return scanner_.text();
  }

  Result<void> read_text(std::string_view name, std::string* out, bool trimmed = true) {
    auto raw = raw_text(name);
    if (!raw) return raw.error();
    const std::string_view text = trimmed ? trim(*raw) : *raw;
    if (text.find('&') == text.npos) {
      out->assign(text);
      return {};
    }
    auto plain = unescape_xml(text);
    if (!plain) return malformed("it has an unknown entity in " + std::string(name));
    *out = std::move(*plain);
    return {};
  }

  Result<void> read_time(std::string_view name, TimePoint* out) {
    auto raw = raw_text(name);
    if (!raw) return raw.error();
    const auto time = parse_time(trim(*raw));
    if (!time) return malformed("LastModified is no time");
    *out = *time;
    return {};
  }

  Result<void> read_size(std::string_view name, std::uint64_t* out) {
    auto raw = raw_text(name);
    if (!raw) return raw.error();
    const std::string_view text = trim(*raw);
    if (text.empty() || text.size() > 18) return malformed("Size is no number of bytes");
    for (char c : text) {
      if (c < '0' || c > '9') return malformed("Size is no number of bytes");
      *out = *out * 10 + static_cast<std::uint64_t>(c - '0');
    }
    return {};
  }

  Result<void> skip(std::string_view name) {
    for (int depth = 1; depth > 0;) {
      const Tag tag = scanner_.next();
      if (tag == Tag::open) ++depth;
      if (tag == Tag::close) --depth;
      if (depth > depth_max) return malformed("its elements are nested too deeply");
      if (tag != Tag::open && tag != Tag::close && tag != Tag::empty) return unexpected(tag);
    }
    if (scanner_.name() != name) return unexpected(Tag::close);
    return {};
  }

  Result<Listing> finish() {
    if (!has_truncated_) return malformed("it does not say whether it is truncated");
    if (url_encoded_) {
      for (ObjectInfo& object : listing_.objects) {
        if (!decode_in_place(&object.key)) return malformed("a key is not percent-encoded as announced");
      }
      if (!decode_in_place(&listing_.next_marker)) return malformed("NextMarker is not percent-encoded as announced");
    }
    return std::move(listing_);
  }

  static bool decode_in_place(std::string* text) {
    if (text->find_first_of("%+") == text->npos) return true;
    auto plain = decode_url(*text);
    if (plain) *text = std::move(*plain);
    return plain.has_value();
  }

  XmlScanner scanner_;
  Listing listing_;
  bool has_truncated_ = false;
  bool url_encoded_ = false;
};

}  // namespace

Result<Listing> parse_listing(std::string_view xml) { return Parser(xml).parse(); }

}  // namespace dth::objects::s3
