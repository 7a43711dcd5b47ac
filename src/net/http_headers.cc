#include "net/http_headers.h"

#include <algorithm>
#include <cstring>

#include "net/header_text.h"

namespace dth::net {
namespace {

// What the headers of an S3 request or its answer come to.
constexpr std::size_t fields_usual = 14;
constexpr std::size_t text_usual_bytes = 704;

constexpr std::string_view between = ": ";
constexpr std::string_view line_end = "\r\n";

bool is_within(std::string_view text, const std::string& whole) {
  return text.data() >= whole.data() && text.data() < whole.data() + whole.size();
}

}  // namespace

HttpHeaders::HttpHeaders(std::initializer_list<HttpHeader> fields) {
  for (const HttpHeader& field : fields) push_back(field);
}

// Equal for names that are, in any case: nearly all others are told apart without looking at them. Bit 5 is what case
// differs in.
std::uint32_t HttpHeaders::trait_of(std::string_view name) {
  if (name.empty()) return 0;
  const auto first = static_cast<unsigned char>(name.front() | 0x20), last = static_cast<unsigned char>(name.back() | 0x20);
  return static_cast<std::uint32_t>(name.size() << 16) | static_cast<std::uint32_t>(first << 8) | last;
}

void HttpHeaders::reserve(std::size_t fields, std::size_t text_bytes) {
  places_.reserve(fields);
  text_.reserve(text_bytes);
}

void HttpHeaders::make_room() {
  if (places_.empty()) reserve(std::max(fields_usual, places_.capacity()), std::max(text_usual_bytes, text_.capacity()));
}

void HttpHeaders::push_back(HttpHeader field) {
  // Views of this very text would not survive its growing.
  if (is_within(field.name, text_) || is_within(field.value, text_)) {
    const std::string name(field.name), value(field.value);
    return push_back({name, value});
  }
  make_room();
  const auto name_size = static_cast<std::uint32_t>(field.name.size());
  const auto value_size = static_cast<std::uint32_t>(field.value.size());
  const auto name_offset = static_cast<std::uint32_t>(text_.size());
  const auto value_offset = static_cast<std::uint32_t>(name_offset + name_size + between.size());
  text_.resize(value_offset + value_size + line_end.size());
  char* const at = text_.data();
  if (name_size > 0) std::memcpy(at + name_offset, field.name.data(), name_size);
  std::memcpy(at + name_offset + name_size, between.data(), between.size());
  if (value_size > 0) std::memcpy(at + value_offset, field.value.data(), value_size);
  std::memcpy(at + value_offset + value_size, line_end.data(), line_end.size());
  places_.push_back({name_offset, name_size, value_offset, value_size, trait_of(field.name)});
}

void HttpHeaders::push_back_line(std::string_view line, HttpHeader field) {
  make_room();
  const auto offset = static_cast<std::uint32_t>(text_.size());
  const auto offset_of = [&](std::string_view part) {
    return offset + static_cast<std::uint32_t>(part.data() - line.data());
  };
  places_.push_back({offset_of(field.name), static_cast<std::uint32_t>(field.name.size()), offset_of(field.value),
                     static_cast<std::uint32_t>(field.value.size()), trait_of(field.name)});
  text_.append(line);
}

void HttpHeaders::continue_last(std::string_view line, std::string_view more) {
  std::fill(text_.end() - line_end.size(), text_.end(), ' ');
  if (!more.empty()) {
    Place& last = places_.back();
    const auto offset = static_cast<std::uint32_t>(text_.size() + static_cast<std::size_t>(more.data() - line.data()));
    if (last.value_size == 0) last.value_offset = offset;
    last.value_size = offset + static_cast<std::uint32_t>(more.size()) - last.value_offset;
  }
  text_.append(line);
}

void HttpHeaders::append(const HttpHeaders& others) {
  reserve(std::max(fields_usual, size() + others.size()), std::max(text_usual_bytes, text_.size() + others.text_.size()));
  const auto shift = static_cast<std::uint32_t>(text_.size());
  const std::size_t count = others.size();  // `others` may be this one
  text_.append(others.text_);
  for (std::size_t i = 0; i < count; ++i) {
    Place place = others.places_[i];
    place.name_offset += shift;
    place.value_offset += shift;
    places_.push_back(place);
  }
}

void HttpHeaders::clear() {
  text_.clear();
  places_.clear();
}

HttpHeader HttpHeaders::operator[](std::size_t index) const {
  const Place& place = places_[index];
  const char* const text = text_.data();
  return {{text + place.name_offset, place.name_size}, {text + place.value_offset, place.value_size}};
}

std::optional<std::string_view> HttpHeaders::find(std::string_view name) const {
  const std::uint32_t trait = trait_of(name);
  for (const Place& place : places_) {
    if (place.trait != trait || !equals_ignoring_case({text_.data() + place.name_offset, place.name_size}, name)) continue;
    return std::string_view(text_.data() + place.value_offset, place.value_size);
  }
  return std::nullopt;
}

std::string_view HttpHeaders::value_of(std::string_view name) const { return find(name).value_or(std::string_view()); }

void HttpHeaders::set(std::string_view name, std::string_view value) {
  HttpHeaders kept;
  for (const HttpHeader field : *this) {
    if (!equals_ignoring_case(field.name, name)) kept.push_back(field);
  }
  kept.push_back({name, value});
  *this = std::move(kept);
}

}  // namespace dth::net
