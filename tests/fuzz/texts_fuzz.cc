// Small grammars: dates, ranges, encodings.
#include "base/clock.h"
#include "base/encoding.h"
#include "fuzz/fuzz.h"
#include "net/http_date.h"
#include "objects/s3/content_range.h"
#include "objects/s3/encoded_words.h"

using namespace dth;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = fuzz::as_text(data, size);
  if (const auto range = objects::s3::parse_content_range(text)) {
    fuzz::require(range->first <= range->last && range->last < range->total,
                  "a range lies in its object");
  }
  net::parse_http_date(text);
  parse_time(text);
  if (const auto plain = percent_decode(text)) {
    const auto again = percent_decode(percent_encode(*plain, false));
    fuzz::require(again && *again == *plain, "percent-encoding comes back");
  }
  const auto encoded = percent_decode(percent_encode(text, true));
  fuzz::require(encoded && *encoded == text, "any bytes can be percent-encoded");
  const auto base64 = base64_decode(base64_encode(as_bytes(text)));
  fuzz::require(base64 && *base64 == text, "base64 comes back");
  if (const auto plain = base64_decode(text))
    fuzz::require(base64_encode(as_bytes(*plain)) == text, "base64 is canonical");
  const std::string words = objects::s3::encode_words(text);
  const bool is_encoded = words != text;
  fuzz::require(!is_encoded || objects::s3::decode_words(words) == text,
                "what was encoded into words comes back");
  fuzz::require(
      is_valid_utf8(objects::s3::decode_words(text)) || objects::s3::decode_words(text) == text,
      "words stand for UTF-8");
  const auto hex = hex_decode(hex_encode(as_bytes(text)));
  fuzz::require(hex && *hex == text, "hexadecimal comes back");
  const std::string shown = printable(text);
  fuzz::require_printable(shown, "printable() is");
  fuzz::require(is_valid_utf8(shown), "printable() gives UTF-8");
  return 0;
}
