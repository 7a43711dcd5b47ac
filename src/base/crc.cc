#include "base/crc.h"

#include <array>
#include <bit>
#include <cstring>
#include <limits>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace dth::crc {
namespace {

static_assert(std::endian::native == std::endian::little,
              "slicing and folding load words as little-endian");

// Polynomials over GF(2) modulo the CRC's own, reflected: the highest bit of a Word is the
// coefficient of x^0. Inside this namespace a CRC is its raw state, before the final inversion.
template <class WordType, WordType polynomial>
struct Reflected {
  using Word = WordType;
  using Tables = std::array<std::array<Word, 256>, 8>;
  static constexpr int width = std::numeric_limits<Word>::digits;
  static constexpr Word one = Word(1) << (width - 1);

  static constexpr Word times_x(Word a) { return (a & 1) ? (a >> 1) ^ polynomial : a >> 1; }

  static constexpr Word multiply(Word a, Word b) {
    Word product = 0;
    for (Word bit = one; bit != 0; bit >>= 1, b = times_x(b)) {
      if (a & bit) product ^= b;
    }
    return product;
  }

  static constexpr Word power_of_x(std::uint64_t exponent) {
    Word result = one;
    for (Word square = one >> 1; exponent != 0; exponent >>= 1, square = multiply(square, square)) {
      if (exponent & 1) result = multiply(result, square);
    }
    return result;
  }

  // a·x^(8·size): what `size` zero bytes make of a state. 8·size may need 67 bits, so it is taken
  // as (x^size)^8.
  static constexpr Word shift(Word a, std::uint64_t size) {
    Word factor = power_of_x(size);
    for (int i = 0; i < 3; ++i) factor = multiply(factor, factor);
    return multiply(a, factor);
  }

  // tables[k][byte]: what a byte becomes after k more bytes of zero.
  static constexpr Tables make_tables() {
    Tables tables{};
    for (unsigned byte = 0; byte < 256; ++byte) {
      Word state = static_cast<Word>(byte);
      for (int bit = 0; bit < 8; ++bit) state = times_x(state);
      tables[0][byte] = state;
    }
    for (std::size_t k = 1; k < 8; ++k) {
      for (std::size_t byte = 0; byte < 256; ++byte) {
        const Word before = tables[k - 1][byte];
        tables[k][byte] = (before >> 8) ^ tables[0][before & 0xFF];
      }
    }
    return tables;
  }
  static constexpr Tables tables = make_tables();

  static Word update(Word state, const std::byte* data, std::size_t size) {
    for (; size >= 8; data += 8, size -= 8) {
      std::uint64_t word;
      std::memcpy(&word, data, 8);
      word ^= state;
      state = 0;
      for (std::size_t i = 0; i < 8; ++i) state ^= tables[7 - i][(word >> (8 * i)) & 0xFF];
    }
    for (; size > 0; ++data, --size) {
      state = static_cast<Word>(static_cast<std::uint64_t>(state) >> 8) ^
              tables[0][(state ^ std::to_integer<Word>(*data)) & 0xFF];
    }
    return state;
  }
};

using Crc32c = Reflected<std::uint32_t, 0x82F63B78u>;
using Crc32 = Reflected<std::uint32_t, 0xEDB88320u>;
using Crc64Nvme = Reflected<std::uint64_t, 0x9A6C9329AC4BC9B5ull>;

#if defined(__x86_64__)

#define DTH_TARGET_CRC32 __attribute__((target("sse4.2")))
#define DTH_TARGET_FOLD __attribute__((target("pclmul,sse4.2")))

const bool has_crc32 = __builtin_cpu_supports("sse4.2");
const bool has_fold = __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul");

DTH_TARGET_CRC32 std::uint32_t update_by_instruction(std::uint32_t state, const std::byte* data,
                                                     std::size_t size) {
  std::uint64_t wide = state;
  for (; size >= 8; data += 8, size -= 8) {
    std::uint64_t word;
    std::memcpy(&word, data, 8);
    wide = _mm_crc32_u64(wide, word);
  }
  state = static_cast<std::uint32_t>(wide);
  for (; size > 0; ++data, --size)
    state = _mm_crc32_u8(state, std::to_integer<unsigned char>(*data));
  return state;
}

// Folding (Gopal and others, "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ", Intel
// 2009): 16 bytes are a polynomial of degree 127, of which the register's low half holds the upper
// coefficients. Multiplying both halves with fixed remainders moves it `bits` further along the
// message, where it is added to what stands there. A product of reflected numbers comes out one
// place short, hence the exponents less one.
template <class Crc>
constexpr std::uint64_t fold_factor(std::uint64_t exponent) {
  return static_cast<std::uint64_t>(Crc::power_of_x(exponent)) << (64 - Crc::width);
}

template <class Crc, std::uint64_t bits>
DTH_TARGET_FOLD inline __m128i fold(__m128i from, __m128i onto) {
  constexpr std::uint64_t low = fold_factor<Crc>(bits + 64 - 1);
  constexpr std::uint64_t high = fold_factor<Crc>(bits - 1);
  const __m128i factors = _mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low));
  const __m128i a = _mm_clmulepi64_si128(from, factors, 0x00);
  const __m128i b = _mm_clmulepi64_si128(from, factors, 0x11);
  return _mm_xor_si128(onto, _mm_xor_si128(a, b));
}

DTH_TARGET_FOLD inline __m128i load(const std::byte* data) {
  return _mm_loadu_si128(reinterpret_cast<const __m128i*>(data));
}

constexpr std::size_t fold_size_min = 128;

// Reduces all whole 16-byte blocks to one that has the same remainder; `finish` takes that block
// and the rest from there.
template <class Crc, class Finish>
DTH_TARGET_FOLD typename Crc::Word update_by_folding(typename Crc::Word state,
                                                     const std::byte* data, std::size_t size,
                                                     Finish finish) {
  __m128i x0 = load(data), x1 = load(data + 16), x2 = load(data + 32), x3 = load(data + 48);
  x0 = _mm_xor_si128(x0, _mm_set_epi64x(0, static_cast<long long>(std::uint64_t(state))));
  data += 64;
  size -= 64;
  for (; size >= 64; data += 64, size -= 64) {
    x0 = fold<Crc, 512>(x0, load(data));
    x1 = fold<Crc, 512>(x1, load(data + 16));
    x2 = fold<Crc, 512>(x2, load(data + 32));
    x3 = fold<Crc, 512>(x3, load(data + 48));
  }
  x1 = fold<Crc, 128>(x0, x1);
  x2 = fold<Crc, 128>(x1, x2);
  x3 = fold<Crc, 128>(x2, x3);
  for (; size >= 16; data += 16, size -= 16) x3 = fold<Crc, 128>(x3, load(data));
  std::byte block[16];
  _mm_storeu_si128(reinterpret_cast<__m128i*>(block), x3);
  return finish(finish(0, block, sizeof block), data, size);
}

#endif

}  // namespace

std::uint32_t update_crc32c_portable(std::uint32_t crc, Bytes bytes) {
  return ~Crc32c::update(~crc, bytes.data(), bytes.size());
}

std::uint32_t update_crc32_portable(std::uint32_t crc, Bytes bytes) {
  return ~Crc32::update(~crc, bytes.data(), bytes.size());
}

std::uint64_t update_crc64nvme_portable(std::uint64_t crc, Bytes bytes) {
  return ~Crc64Nvme::update(~crc, bytes.data(), bytes.size());
}

#if defined(__x86_64__)

bool is_accelerated() { return has_fold; }

std::uint32_t update_crc32c(std::uint32_t crc, Bytes bytes) {
  if (has_fold && bytes.size() >= fold_size_min) {
    return ~update_by_folding<Crc32c>(~crc, bytes.data(), bytes.size(), update_by_instruction);
  }
  if (has_crc32) return ~update_by_instruction(~crc, bytes.data(), bytes.size());
  return update_crc32c_portable(crc, bytes);
}

std::uint32_t update_crc32(std::uint32_t crc, Bytes bytes) {
  if (has_fold && bytes.size() >= fold_size_min) {
    return ~update_by_folding<Crc32>(~crc, bytes.data(), bytes.size(), &Crc32::update);
  }
  return update_crc32_portable(crc, bytes);
}

std::uint64_t update_crc64nvme(std::uint64_t crc, Bytes bytes) {
  if (has_fold && bytes.size() >= fold_size_min) {
    return ~update_by_folding<Crc64Nvme>(~crc, bytes.data(), bytes.size(), &Crc64Nvme::update);
  }
  return update_crc64nvme_portable(crc, bytes);
}

#else

bool is_accelerated() { return false; }
std::uint32_t update_crc32c(std::uint32_t crc, Bytes bytes) {
  return update_crc32c_portable(crc, bytes);
}
std::uint32_t update_crc32(std::uint32_t crc, Bytes bytes) {
  return update_crc32_portable(crc, bytes);
}
std::uint64_t update_crc64nvme(std::uint64_t crc, Bytes bytes) {
  return update_crc64nvme_portable(crc, bytes);
}

#endif

// With all-ones before and after, the inversions cancel out: a's CRC is shifted past b and added.
std::uint32_t combine_crc32c(std::uint32_t a, std::uint32_t b, std::uint64_t b_size) {
  return Crc32c::shift(a, b_size) ^ b;
}

std::uint32_t combine_crc32(std::uint32_t a, std::uint32_t b, std::uint64_t b_size) {
  return Crc32::shift(a, b_size) ^ b;
}

std::uint64_t combine_crc64nvme(std::uint64_t a, std::uint64_t b, std::uint64_t b_size) {
  return Crc64Nvme::shift(a, b_size) ^ b;
}

}  // namespace dth::crc
