#include "objects/s3/list_parser.h"

#include <algorithm>
#include <optional>

#include "base/encoding.h"
#include "objects/s3/listed_time.h"
#include "objects/s3/xml_scanner.h"

namespace dth::objects::s3 {
namespace {

using Tag = XmlScanner::Tag;
constexpr int depth_max = 32;

Error malformed(std::string_view what) {
  return Error{ErrorCode::data_corrupted, "the listing is not what S3 sends: " + std::string(what),
               ""};
}

Error cut_off() {
  return Error{ErrorCode::unavailable, "the listing ended before its end tag; ask for it again",
               ""};
}

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

// Can this be what a percent-encoding of the form that servers use made of a key? Not with a space,
// a control character, one that is not ASCII or has no place in a URL, or a '%' without its digits.
bool may_be_url_encoded(std::string_view text) {
  const auto is_hex = [](char c) {
    return std::string_view("0123456789abcdefABCDEF").find(c) != std::string_view::npos;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c <= ' ' || c >= 0x7f) return false;
    if (c == '%' && (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])))
      return false;
  }
  return true;
}

// As servers encode keys when they were asked to: percent-encoding, and '+' for a space.
std::optional<std::string> decode_url(std::string_view text) {
  std::string spaced(text);
  for (char& c : spaced) {
    if (c == '+') c = ' ';
  }
  return percent_decode(spaced);
}

unsigned two_digits(const char* at) {
  const unsigned tens = static_cast<unsigned char>(at[0]) - unsigned{'0'};
  const unsigned ones = static_cast<unsigned char>(at[1]) - unsigned{'0'};
  return tens > 9 || ones > 9 ? 1000 : tens * 10 + ones;  // 1000 is in no field's range
}

// Times in the form that all servers send, "2026-01-02T03:04:05.678Z"; other forms, and whatever is
// wrong with one, are left to parse_listed_time(). Keeps the day of the time before: what was
// written together is listed together.
class TimeParser {
 public:
  std::optional<TimePoint> parse(std::string_view text) {
    if (text.size() != 24 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
        text[19] != '.' || text[23] != 'Z') {
      return parse_listed_time(text);
    }
    const char* at = text.data();
    const unsigned hour = two_digits(at + 11), minute = two_digits(at + 14),
                   second = two_digits(at + 17);
    const unsigned hundredths = two_digits(at + 20);
    const unsigned thousandths = static_cast<unsigned char>(at[22]) - unsigned{'0'};
    if (hour > 23 || minute > 59 || second > 59 || hundredths > 99 || thousandths > 9)
      return parse_listed_time(text);
    if (text.substr(0, 10) != date_) {
      const auto time = if_known(parse_time(text));
      if (!time) return std::nullopt;
      date_ = text.substr(0, 10);
      midnight_ = std::chrono::floor<std::chrono::days>(*time);
      return time;
    }
    const unsigned milliseconds =
        ((hour * 60 + minute) * 60 + second) * 1000 + hundredths * 10 + thousandths;
    return midnight_ + std::chrono::milliseconds(milliseconds);
  }

 private:
  std::string_view date_;  // of the page's text; empty: none yet
  TimePoint midnight_{};
};

class Parser {
 public:
  Parser(std::string_view xml, std::vector<ObjectInfo> spare, KeyEncoding encoding)
      : scanner_(xml), encoding_(encoding) {
    listing_.objects = std::move(spare);
    listing_.objects.reserve(1000);
  }

  Result<Listing> parse() {
    const Tag root = scanner_.next();
    if (root != Tag::open)
      return root == Tag::empty ? malformed("it is an empty element") : unexpected(root);
    if (scanner_.name() != "ListBucketResult")
      return malformed("it is a " + printable(scanner_.name().substr(0, 64)));
    for (;;) {
      const Tag tag = scanner_.next();
      if (tag == Tag::close && scanner_.name() == "ListBucketResult") break;
      if (tag == Tag::empty) continue;
      if (tag != Tag::open) return unexpected(tag);
      auto read = read_page_element(scanner_.name());
      while (read && scanner_.take_tag("<Contents>")) read = read_object();
      if (!read) return read.error();
    }
    if (scanner_.next() != Tag::end || !trim(scanner_.text()).empty())
      return malformed("something follows its end");
    return finish();
  }

 private:
  Result<void> read_page_element(std::string_view name) {
    if (name == "Contents") return read_object();
    std::string value;
    if (name == "IsTruncated") {
      if (auto read = read_text(name, &value); !read) return read;
      if (value != "true" && value != "false")
        return malformed("IsTruncated is neither true nor false");
      listing_.truncated = value == "true";
      has_truncated_ = true;
      return {};
    }
    // Not trimmed: both may be keys (Ceph RGW), and keys may end with a space.
    if (name == "NextContinuationToken")
      return read_text(name, &listing_.next_continuation_token, false);
    if (name == "NextMarker") return read_text(name, &listing_.next_marker, false);
    if (name == "CommonPrefixes") return read_prefixes();
    if (name == "Name" || name == "MaxKeys") has_listings_own_ = true;
    if (name == "EncodingType") {
      if (auto read = read_text(name, &value); !read) return read;
      url_encoded_ = value == "url";
      return {};
    }
    return skip(name);
  }

  // Behind the start tag of CommonPrefixes.
  [[gnu::cold]] Result<void> read_prefixes() {
    for (;;) {
      const Tag tag = scanner_.next();
      const std::string name(scanner_.name());
      if (tag == Tag::close && name == "CommonPrefixes") return {};
      if (tag == Tag::empty) continue;
      if (tag != Tag::open) return unexpected(tag);
      if (listing_.prefixes.size() >= listing_objects_max)
        return malformed("it holds more than 100000 prefixes");
      auto read =
          name == "Prefix" ? read_text(name, &listing_.prefixes.emplace_back(), false) : skip(name);
      if (!read) return read;
    }
  }

  Result<void> read_object() {
    if (count_ >= listing_objects_max) return malformed("it holds more than 100000 keys");
    ObjectInfo& object = next_object();
    while (!scanner_.take_tag("</Contents>")) {
      const std::size_t left = scanner_.left();
      if (const char* problem = take_properties(&object)) return malformed(problem);
      if (scanner_.left() < left || scanner_.take_any_leaf()) continue;
      const Tag tag = scanner_.next();
      const std::string_view name = scanner_.name();
      if (tag == Tag::close && name == "Contents") break;
      if (tag == Tag::empty) continue;
      if (tag != Tag::open) return unexpected(tag);
      auto read = is_property(name) ? read_property(name, &object) : skip(name);
      if (!read) return read;
    }
    if (object.key.empty()) return malformed("an object has no key");
    return {};
  }

  ObjectInfo& next_object() {
    if (count_ == listing_.objects.size()) listing_.objects.emplace_back();
    ObjectInfo& object = listing_.objects[count_++];
    object.clear();
    return object;
  }

  // All that come next, where they are plain and in the order in which S3 sends them. Null, or what
  // is wrong with one.
  const char* take_properties(ObjectInfo* object) {
    const char* problem = nullptr;
    std::string_view text;
    if (scanner_.take_leaf("<Key>", "</Key>", &text)) problem = set_key(text, object);
    if (!problem && scanner_.take_leaf("<LastModified>", "</LastModified>", &text))
      problem = set_time(text, object);
    if (!problem && scanner_.take_leaf("<ETag>", "</ETag>", &text))
      problem = set_etag(text, object);
    if (!problem && scanner_.take_leaf("<Size>", "</Size>", &text))
      problem = set_size(text, object);
    if (!problem && scanner_.take_leaf("<StorageClass>", "</StorageClass>", &text))
      problem = set_class(text, object);
    return problem;
  }

  static bool is_property(std::string_view name) {
    return name == "Key" || name == "LastModified" || name == "ETag" || name == "Size" ||
           name == "StorageClass";
  }

  // Behind its start tag.
  Result<void> read_property(std::string_view name, ObjectInfo* object) {
    auto text = raw_text(name);
    if (!text) return text.error();
    if (const char* problem = set_property(name, *text, object)) return malformed(problem);
    return {};
  }

  // These return null, or what is wrong with the text. A text that is not a size or a time leaves
  // it unknown: that is asked for with the object itself, and no page fails for it.
  const char* set_property(std::string_view name, std::string_view text, ObjectInfo* object) {
    if (name == "Key") return set_key(text, object);
    if (name == "LastModified") return set_time(text, object);
    if (name == "ETag") return set_etag(text, object);
    if (name == "Size") return set_size(text, object);
    return set_class(text, object);
  }
  static const char* set_key(std::string_view text, ObjectInfo* object) {
    return assign_text(text, &object->key) ? nullptr : "it has an unknown entity in Key";
  }
  const char* set_time(std::string_view text, ObjectInfo* object) {
    const auto time = times_.parse(trim(text));
    object->last_modified = time ? Reported<TimePoint>(*time) : Reported<TimePoint>();
    return nullptr;
  }
  static const char* set_etag(std::string_view text, ObjectInfo* object) {
    return assign_etag(trim(text), &object->etag) ? nullptr : "it has an unknown entity in ETag";
  }
  static const char* set_size(std::string_view text, ObjectInfo* object) {
    std::uint64_t size = 0;
    object->size = assign_number(trim(text), &size) ? Reported<std::uint64_t>(size)
                                                    : Reported<std::uint64_t>();
    return nullptr;
  }
  static const char* set_class(std::string_view text, ObjectInfo* object) {
    return assign_text(trim(text), &object->storage_class)
               ? nullptr
               : "it has an unknown entity in StorageClass";
  }

  static bool assign_text(std::string_view text, std::string* out) {
    if (text.find('&') == text.npos) {
      out->assign(text);
      return true;
    }
    auto plain = unescape_xml(text);
    if (plain) *out = std::move(*plain);
    return plain.has_value();
  }

  // Without its quotes, which most servers write as entities.
  static bool assign_etag(std::string_view text, std::string* out) {
    constexpr std::string_view quote = "&quot;";
    if (text.size() >= 2 * quote.size() && text.starts_with(quote) && text.ends_with(quote)) {
      return assign_text(text.substr(quote.size(), text.size() - 2 * quote.size()), out);
    }
    if (!assign_text(text, out)) return false;
    if (out->size() >= 2 && out->front() == '"' && out->back() == '"') {
      out->pop_back();
      out->erase(0, 1);
    }
    return true;
  }

  static bool assign_number(std::string_view text, std::uint64_t* out) {
    if (text.empty() || text.size() > 18) return false;
    std::uint64_t value = 0;
    for (char c : text) {
      if (c < '0' || c > '9') return false;
      value = value * 10 + static_cast<std::uint64_t>(c - '0');
    }
    *out = value;
    return true;
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
    if (!assign_text(trimmed ? trim(*raw) : *raw, out))
      return malformed("it has an unknown entity");
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
    listing_.objects.resize(count_);
    if (!has_truncated_) {
      // Some servers leave it out where nothing follows.
      if (count_ == 0 && !has_listings_own_)
        return malformed("it does not say whether it is truncated");
      listing_.truncated =
          !listing_.next_continuation_token.empty() || !listing_.next_marker.empty();
      listing_.end_told = listing_.truncated;
    }
    if (url_encoded_ && encoding_ == KeyEncoding::announced) decode();
    return std::move(listing_);
  }

  void decode() {
    listing_.encoded_falsely =
        !may_be_url_encoded(listing_.next_marker) ||
        std::any_of(listing_.objects.begin(), listing_.objects.end(),
                    [](const ObjectInfo& object) { return !may_be_url_encoded(object.key); }) ||
        !std::all_of(listing_.prefixes.begin(), listing_.prefixes.end(), may_be_url_encoded);
    if (listing_.encoded_falsely) return;
    for (std::string& prefix : listing_.prefixes) decode_in_place(&prefix);
    for (ObjectInfo& object : listing_.objects) decode_in_place(&object.key);
    decode_in_place(&listing_.next_marker);
  }

  static void decode_in_place(std::string* text) {
    if (text->find('%') == text->npos && text->find('+') == text->npos) return;
    *text = decode_url(*text).value();
  }

  XmlScanner scanner_;
  TimeParser times_;
  Listing listing_;
  std::size_t count_ = 0;  // of its objects: those behind are spare
  bool has_truncated_ = false;
  bool has_listings_own_ = false;  // elements that nothing else has
  bool url_encoded_ = false;
  KeyEncoding encoding_;
};

}  // namespace

Result<Listing> parse_listing(std::string_view xml, std::vector<ObjectInfo> spare,
                              KeyEncoding encoding) {
  return Parser(xml, std::move(spare), encoding).parse();
}

}  // namespace dth::objects::s3
