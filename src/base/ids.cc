#include "base/ids.h"

#include <random>

namespace dth {

std::string new_id(TimePoint now) {
  static constexpr char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
  thread_local std::mt19937_64 random{std::random_device{}()};
  std::string id(26, '0');
  auto milliseconds = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count());
  for (int i = 9; i >= 0; --i, milliseconds /= 32)
    id[static_cast<std::size_t>(i)] = alphabet[milliseconds % 32];
  for (std::size_t i = 10; i < id.size(); ++i) id[i] = alphabet[random() % 32];
  return id;
}

}  // namespace dth
