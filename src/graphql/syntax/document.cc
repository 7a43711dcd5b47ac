#include "graphql/syntax/document.h"

#include <algorithm>

#include "graphql/syntax/characters.h"

namespace dth::graphql {

std::string_view ast::to_string(OperationKind kind) {
  return kind == OperationKind::query      ? "query"
         : kind == OperationKind::mutation ? "mutation"
                                           : "subscription";
}

namespace {

constexpr std::size_t checkpoint_bytes = 1024;

}  // namespace

Document::Document(std::string source) : source_(std::move(source)) {
  Checkpoint place;
  while (source_.size() - place.offset > checkpoint_bytes) {
    const std::size_t end = place.offset + checkpoint_bytes;
    while (place.offset < end) step(&place);
    if (place.offset >= source_.size()) break;
    checkpoints_.push_back(place);
  }
}

std::string_view Document::keep_text(std::string_view text) {
  if (text.empty()) return {};
  auto* memory = static_cast<char*>(allocate(text.size(), 1));
  text.copy(memory, text.size());
  return {memory, text.size()};
}

// Over one character.
void Document::step(Checkpoint* place) const {
  const std::size_t at = place->offset;
  const std::size_t size = std::min(code_point_bytes(source_, at), source_.size() - at);
  const bool is_return =
      source_[at] == '\r' && !(at + 1 < source_.size() && source_[at + 1] == '\n');
  if (source_[at] == '\n' || is_return) {
    place->location = {place->location.line + 1, 1};
  } else {
    place->location.column += size == 4 ? 2 : 1;
  }
  place->offset += static_cast<std::uint32_t>(size);
}

Location Document::location(std::uint32_t offset) const {
  const auto after = std::upper_bound(
      checkpoints_.begin(), checkpoints_.end(), offset,
      [](std::uint32_t wanted, const Checkpoint& place) { return wanted < place.offset; });
  Checkpoint place = after == checkpoints_.begin() ? Checkpoint() : *std::prev(after);
  while (place.offset < offset && place.offset < source_.size()) step(&place);
  return place.location;
}

}  // namespace dth::graphql
