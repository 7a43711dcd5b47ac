#pragma once

#include <cstdint>
#include <string>
#include <string_view>

// What hashes and signatures are made over (docs/ledger.md gives the rules to outsiders).
namespace dth::ledger {

// 8 bytes, big-endian.
inline void append_number(std::uint64_t value, std::string* out) {
  for (int shift = 56; shift >= 0; shift -= 8) *out += static_cast<char>(value >> shift & 0xff);
}

// Its length in bytes as a number, then its bytes.
inline void append_text(std::string_view text, std::string* out) {
  append_number(text.size(), out);
  out->append(text);
}

}  // namespace dth::ledger
