#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

// What every fuzz target defines: takes any bytes at all. libFuzzer calls it, or replay.cc where
// there is none.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace dth::fuzz {

inline std::string_view as_text(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// What must hold of every input.
inline void require(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

// Control characters reach neither a terminal nor a log.
inline void require_printable(std::string_view text, const char* what) {
  for (char c : text) require(static_cast<unsigned char>(c) >= ' ' && c != 0x7f, what);
}

}  // namespace dth::fuzz
