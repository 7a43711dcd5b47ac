#include "graphql/document.h"

#include "graphql/characters.h"

namespace dth::graphql {

std::string_view ast::to_string(OperationKind kind) {
  return kind == OperationKind::query ? "query" : kind == OperationKind::mutation ? "mutation" : "subscription";
}

Document::Document(std::string source) : source_(std::move(source)) {}

std::string_view Document::keep_text(std::string_view text) {
  if (text.empty()) return {};
  auto* memory = static_cast<char*>(arena_.allocate(text.size(), 1));
  text.copy(memory, text.size());
  return {memory, text.size()};
}

Location Document::location(std::uint32_t offset) const {
  Location location{1, 1};
  for (std::size_t i = 0; i < source_.size() && i < offset;) {
    const std::size_t size = code_point_bytes(source_, i);
    const bool ends_line =
        source_[i] == '\n' || (source_[i] == '\r' && !(i + 1 < source_.size() && source_[i + 1] == '\n'));
    if (ends_line) {
      location = {location.line + 1, 1};
    } else {
      location.column += size == 4 ? 2 : 1;
    }
    i += size;
  }
  return location;
}

}  // namespace dth::graphql
