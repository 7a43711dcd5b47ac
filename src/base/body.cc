#include "base/body.h"

#include <algorithm>

namespace dth {

Async<Result<std::string>> read_all(Body& body, std::uint64_t size_max, std::string begun) {
  std::string all = std::move(begun);
  for (;;) {
    std::optional<Result<Bytes>> piece = body.try_next();
    if (!piece) piece = co_await body.next();
    if (piece->has_error()) co_return piece->error();
    const Bytes bytes = **piece;
    if (all.size() + bytes.size() > size_max) {
      co_return Error{ErrorCode::data_corrupted,
                      "a body is longer than the " + std::to_string(size_max) + " bytes allowed",
                      ""};
    }
    if (bytes.empty()) co_return all;
    all.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
}

Async<Result<std::string>> read_beginning(Body& body, std::uint64_t size_max) {
  std::string beginning;
  while (beginning.size() < size_max) {
    std::optional<Result<Bytes>> piece = body.try_next();
    if (!piece) piece = co_await body.next();
    if (piece->has_error()) co_return piece->error();
    const Bytes bytes =
        (*piece)->first(std::min<std::size_t>((*piece)->size(), size_max - beginning.size()));
    if (bytes.empty()) break;
    beginning.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  co_return beginning;
}

}  // namespace dth
