#include "net/http_headers.h"

#include <algorithm>

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

void HttpHeaders::reserve(std::size_t fields, std::size_t text_bytes) {
  places_.reserve(fields);
  text_.reserve(text_bytes);
}

void HttpHeaders::push_back(HttpHeader field) {
  // Views of this very text would not survive its growing.
  if (is_within(field.name, text_) || is_within(field.value, text_)) {
    const std::string name(field.name), value(field.value);
    return push_back({name, value});
  }
  if (places_.empty())
    reserve(std::max(fields_usual, places_.capacity()),
            std::max(text_usual_bytes, text_.capacity()));
  const std::size_t offset = text_.size();
  text_.resize(offset + field.name.size() + between.size() + field.value.size() + line_end.size());
  char* at = text_.data() + offset;
  for (const std::string_view part : {field.name, between, field.value, line_end})
    at = std::ranges::copy(part, at).out;
  places_.push_back({static_cast<std::uint32_t>(offset),
                     static_cast<std::uint32_t>(field.name.size()),
                     static_cast<std::uint32_t>(field.value.size())});
}

void HttpHeaders::append(const HttpHeaders& others) {
  reserve(std::max(fields_usual, size() + others.size()),
          std::max(text_usual_bytes, text_.size() + others.text_.size()));
  const auto shift = static_cast<std::uint32_t>(text_.size());
  const std::size_t count = others.size();  // `others` may be this one
  text_.append(others.text_);
  for (std::size_t i = 0; i < count; ++i) {
    Place place = others.places_[i];
    place.offset += shift;
    places_.push_back(place);
  }
}

void HttpHeaders::clear() {
  text_.clear();
  places_.clear();
}

HttpHeader HttpHeaders::operator[](std::size_t index) const {
  const Place& place = places_[index];
  const char* const name = text_.data() + place.offset;
  return {{name, place.name_size}, {name + place.name_size + between.size(), place.value_size}};
}

std::optional<std::string_view> HttpHeaders::find(std::string_view name) const {
  for (const Place& place : places_) {
    if (place.name_size != name.size()) continue;
    const char* at = text_.data() + place.offset;
    // Most names of one length differ at their ends; bit 5 is what case differs in.
    if (name.size() > 0 && ((at[name.size() - 1] ^ name.back()) & ~0x20) != 0) continue;
    if (!equals_ignoring_case({at, place.name_size}, name)) continue;
    return std::string_view(at + place.name_size + between.size(), place.value_size);
  }
  return std::nullopt;
}

std::string_view HttpHeaders::value_of(std::string_view name) const {
  return find(name).value_or(std::string_view());
}

void HttpHeaders::set(std::string_view name, std::string_view value) {
  HttpHeaders kept;
  for (const HttpHeader field : *this) {
    if (!equals_ignoring_case(field.name, name)) kept.push_back(field);
  }
  kept.push_back({name, value});
  *this = std::move(kept);
}

}  // namespace dth::net
