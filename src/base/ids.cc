#include "base/ids.h"

#include <array>
#include <stdexcept>

#include <unistd.h>

namespace dth {

std::string random_name() {
  static constexpr char alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";
  std::array<unsigned char, 26> bytes{};
  if (::getentropy(bytes.data(), bytes.size()) != 0)
    throw std::runtime_error("the kernel gives no random bytes");
  std::string name;
  name.reserve(bytes.size());
  for (const unsigned char byte : bytes) name += alphabet[byte % 32];
  return name;
}

std::string new_id(std::string_view prefix) { return std::string(prefix) + "_" + random_name(); }

}  // namespace dth
