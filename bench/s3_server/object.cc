#include "object.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <random>

namespace dth::bench {
namespace {

constexpr std::uint64_t pattern_bytes = 1 << 20;
constexpr std::uint64_t variants_max = 16;
constexpr std::uint64_t variant_size_bytes_max =
    16 << 20;  // larger objects all share one content: hashing takes time

// Twice the pattern, so that a mebibyte from any offset lies together.
const char* pattern() {
  static const std::vector<char> bytes = [] {
    std::vector<char> made(2 * pattern_bytes);
    std::mt19937_64 random(20261101);
    for (std::size_t i = 0; i < pattern_bytes; ++i) made[i] = static_cast<char>(random());
    std::copy_n(made.begin(), pattern_bytes, made.begin() + pattern_bytes);
    return made;
  }();
  return bytes.data();
}

}  // namespace

bool Object::readable() const {
  return std::none_of(pieces.begin(), pieces.end(),
                      [](const Piece& piece) { return piece.size > 0 && !piece.data; });
}

std::string_view Object::at(std::uint64_t offset) const {
  if (pattern_offset >= 0) {
    const std::uint64_t start =
        (static_cast<std::uint64_t>(pattern_offset) + offset) % pattern_bytes;
    return {pattern() + start, static_cast<std::size_t>(std::min(pattern_bytes, size - offset))};
  }
  for (const Piece& piece : pieces) {
    if (offset < piece.size)
      return {piece.data.get() + offset, static_cast<std::size_t>(piece.size - offset)};
    offset -= piece.size;
  }
  return {};
}

void set_last_modified(Object* object) {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 64> text{};
  object->last_modified_iso.assign(
      text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S.000Z", &parts));
  object->last_modified_http.assign(
      text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts));
}

std::string make_etag(EtagKind kind, const Digest& md5, const Digest& crc64nvme) {
  return kind == EtagKind::md5 ? md5.hex() : "crc64-" + crc64nvme.hex();
}

SyntheticRange::SyntheticRange(SyntheticOptions options, EtagKind etag)
    : options_(std::move(options)), etag_(etag) {}

std::string SyntheticRange::key(std::uint64_t index) const {
  std::array<char, 9> digits;
  for (std::size_t i = digits.size(); i-- > 0; index /= 10)
    digits[i] = static_cast<char>('0' + index % 10);
  std::string result;
  result.reserve(options_.prefix.size() + digits.size());
  return result.append(options_.prefix).append(digits.data(), digits.size());
}

std::uint64_t SyntheticRange::lower_bound(std::string_view text) const {
  std::uint64_t low = 0;
  std::uint64_t high = options_.count;
  while (low < high) {
    const std::uint64_t middle = (low + high) / 2;
    if (key(middle) < text) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

std::shared_ptr<const Object> SyntheticRange::find(std::string_view text) const {
  if (!text.starts_with(options_.prefix)) return nullptr;
  const std::uint64_t index = lower_bound(text);
  return index < options_.count && key(index) == text ? object(index) : nullptr;
}

std::shared_ptr<const Object> SyntheticRange::object(std::uint64_t index) const {
  std::call_once(made_, [this] { make(); });
  return variants_[index % variants_.size()];
}

void SyntheticRange::make() const {
  const std::uint64_t variants = options_.size_bytes > variant_size_bytes_max ? 1 : variants_max;
  for (std::uint64_t i = 0; i < variants; ++i) {
    auto object = std::make_shared<Object>();
    object->size = options_.size_bytes;
    object->pattern_offset = static_cast<std::int64_t>(i * 4099);
    object->headers = {{"Content-Type", "application/octet-stream"}};
    object->last_modified_iso = "2026-01-01T00:00:00.000Z";
    object->last_modified_http = "Thu, 01 Jan 2026 00:00:00 GMT";
    Hasher md5(HashAlgorithm::md5);
    Hasher crc(HashAlgorithm::crc64nvme);
    for (std::uint64_t offset = 0; offset < object->size;) {
      const std::string_view bytes = object->at(offset);
      if (etag_ == EtagKind::md5) md5.update(as_bytes(bytes));
      crc.update(as_bytes(bytes));
      offset += bytes.size();
    }
    object->crc64nvme = crc.finish();
    object->etag = make_etag(etag_, md5.finish(), object->crc64nvme);
    variants_.push_back(std::move(object));
  }
}

}  // namespace dth::bench
