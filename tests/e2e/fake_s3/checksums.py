"""The digests of S3, in Python's own library and a few tables: {name as in x-amz-checksum-NAME: bytes -> digest}."""
import functools
import hashlib
import struct
import zlib

CRC64NVME = 0x9A6C9329AC4BC9B5  # reflected
CRC32C = 0x82F63B78


@functools.cache
def one_byte_table(polynomial):
    table = []
    for value in range(256):
        for _ in range(8):
            value = value >> 1 ^ (polynomial if value & 1 else 0)
        table.append(value)
    return table


@functools.cache
def two_byte_tables():
    """For eight bytes of CRC64NVME at a time: what each of their four halves of words does."""
    table = one_byte_table(CRC64NVME)
    # What a byte becomes after so many steps. The two bytes of a half add up: made so, the tables take 15 ms in place of 140, and
    # nearly every test of this server needs them.
    steps = [list(range(256))]
    for _ in range(8):
        steps.append([value >> 8 ^ table[value & 255] for value in steps[-1]])
    return [[low ^ high for high in steps[2 * (4 - place) - 1] for low in steps[2 * (4 - place)]] for place in range(4)]


@functools.lru_cache(8)
def crc64nvme(data):
    a, b, c, d = two_byte_tables()
    whole = len(data) // 8 * 8
    value = (1 << 64) - 1
    for (word,) in struct.iter_unpack("<Q", data[:whole]):
        value ^= word
        value = a[value & 0xFFFF] ^ b[value >> 16 & 0xFFFF] ^ c[value >> 32 & 0xFFFF] ^ d[value >> 48]
    table = one_byte_table(CRC64NVME)
    for byte in data[whole:]:
        value = value >> 8 ^ table[(value ^ byte) & 255]
    return struct.pack(">Q", value ^ (1 << 64) - 1)


@functools.lru_cache(8)
def crc32c(data):
    table = one_byte_table(CRC32C)
    value = 0xFFFFFFFF
    for byte in data:
        value = value >> 8 ^ table[(value ^ byte) & 255]
    return struct.pack(">L", value ^ 0xFFFFFFFF)


CHECKSUMS = {
    "crc32": lambda data: struct.pack(">L", zlib.crc32(data)),
    "crc32c": crc32c,
    "crc64nvme": crc64nvme,
    "sha1": lambda data: hashlib.sha1(data).digest(),
    "sha256": lambda data: hashlib.sha256(data).digest(),
}
