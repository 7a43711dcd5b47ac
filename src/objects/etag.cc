#include "objects/etag.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"

namespace dth::objects {
namespace {

constexpr std::size_t md5_digits = 32;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Asked several times of each object.
constexpr std::array<bool, 256> make_hex_digits() {
  std::array<bool, 256> table{};
  for (const char c : std::string_view("0123456789abcdefABCDEF"))
    table[static_cast<unsigned char>(c)] = true;
  return table;
}
constexpr std::array<bool, 256> is_hex_digit = make_hex_digits();

bool begins_with_md5(std::string_view etag) {
  if (etag.size() < md5_digits) return false;
  bool all = true;
  for (const char c : etag.substr(0, md5_digits))
    all &= is_hex_digit[static_cast<unsigned char>(c)];
  return all;
}

}  // namespace

std::string without_quotes(std::string etag) {
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
    return etag.substr(1, etag.size() - 2);
  }
  return etag;
}

bool is_md5_etag(std::string_view etag) {
  return etag.size() == md5_digits && begins_with_md5(etag);
}

bool is_parts_etag(std::string_view etag) {
  if (!begins_with_md5(etag) || without_coding(etag).size() < md5_digits + 2 ||
      etag[md5_digits] != '-')
    return false;
  const std::string_view number = without_coding(etag).substr(md5_digits + 1);
  return !number.empty() && std::all_of(number.begin(), number.end(), is_digit);
}

std::string_view without_coding(std::string_view etag) {
  if (!begins_with_md5(etag)) return etag;
  for (const std::string_view coding : {"gzip", "br", "zstd", "deflate", "df"}) {
    if (!etag.ends_with(coding)) continue;
    const std::string_view rest = etag.substr(0, etag.size() - coding.size());
    for (const std::string_view mark : {"--", "-", ";"}) {
      if (rest.ends_with(mark) && rest.size() >= md5_digits + mark.size())
        return rest.substr(0, rest.size() - mark.size());
    }
  }
  return etag;
}

bool is_same_etag(std::string_view a, std::string_view b) {
  if (a == b) return true;
  a = without_coding(a);
  b = without_coding(b);
  if (a.size() != b.size() || !begins_with_md5(a)) return false;
  return std::equal(a.begin(), a.begin() + md5_digits, b.begin(),
                    [](char x, char y) { return ascii_lower(x) == ascii_lower(y); }) &&
         a.substr(md5_digits) == b.substr(md5_digits);
}

}  // namespace dth::objects
