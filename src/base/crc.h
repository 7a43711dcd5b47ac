#pragma once

#include <cstdint>

#include "base/hash.h"

// Cyclic redundancy checks behind Hasher and combine_crc(), as plain numbers. All functions take
// and return finished values: the CRC of nothing is 0, and the CRC of "ab" is update(update(0,
// "a"), "b").
namespace dth::crc {

// CRC-32C (Castagnoli), RFC 3720 section 12.1: reflected polynomial 0x82F63B78.
std::uint32_t update_crc32c(std::uint32_t crc, Bytes bytes);
std::uint32_t combine_crc32c(std::uint32_t a, std::uint32_t b, std::uint64_t b_size);

// CRC-32 as in zlib and Ethernet, what S3 calls CRC32: reflected polynomial 0xEDB88320.
std::uint32_t update_crc32(std::uint32_t crc, Bytes bytes);
std::uint32_t combine_crc32(std::uint32_t a, std::uint32_t b, std::uint64_t b_size);

// CRC-64/NVME, what S3 calls CRC64NVME: reflected polynomial 0x9A6C9329AC4BC9B5.
std::uint64_t update_crc64nvme(std::uint64_t crc, Bytes bytes);
std::uint64_t combine_crc64nvme(std::uint64_t a, std::uint64_t b, std::uint64_t b_size);

// The same without special instructions, for processors that lack them and for tests against the
// others.
std::uint32_t update_crc32c_portable(std::uint32_t crc, Bytes bytes);
std::uint32_t update_crc32_portable(std::uint32_t crc, Bytes bytes);
std::uint64_t update_crc64nvme_portable(std::uint64_t crc, Bytes bytes);

// Does this processor have the instructions that the functions above look for?
bool is_accelerated();

}  // namespace dth::crc
