#include "base/hash.h"

#include <random>

#include <gtest/gtest.h>

#include "base/crc.h"

namespace dth {
namespace {

std::string random_bytes(std::mt19937_64& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  return bytes;
}

const HashAlgorithm all_algorithms[] = {HashAlgorithm::md5, HashAlgorithm::sha256,
                                        HashAlgorithm::crc32c, HashAlgorithm::crc64nvme,
                                        HashAlgorithm::crc32};

TEST(Hash, KnownVectors) {
  EXPECT_EQ(hash(HashAlgorithm::md5, as_bytes("")).hex(), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(hash(HashAlgorithm::md5, as_bytes("message digest")).hex(),
            "f96b697d7cb7938d525a2f31aaf161d0");
  EXPECT_EQ(hash(HashAlgorithm::sha256, as_bytes("")).hex(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hash(HashAlgorithm::sha256, as_bytes("abc")).hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hash(HashAlgorithm::crc32c, as_bytes("123456789")).hex(), "e3069283");
  EXPECT_EQ(hash(HashAlgorithm::crc32, as_bytes("123456789")).hex(), "cbf43926");
  EXPECT_EQ(hash(HashAlgorithm::crc64nvme, as_bytes("123456789")).hex(), "ae8b14860a799888");
  EXPECT_EQ(hash(HashAlgorithm::crc32c, as_bytes("")).hex(), "00000000");
  EXPECT_EQ(hash(HashAlgorithm::crc64nvme, as_bytes("")).hex(), "0000000000000000");
  EXPECT_EQ(hash(HashAlgorithm::md5, as_bytes("")).base64(), "1B2M2Y8AsgTpgAmY7PhCfg==");
}

// RFC 3720, B.4.
TEST(Hash, Crc32cOfIscsiVectors) {
  EXPECT_EQ(hash(HashAlgorithm::crc32c, as_bytes(std::string(32, '\0'))).hex(), "8a9136aa");
  EXPECT_EQ(hash(HashAlgorithm::crc32c, as_bytes(std::string(32, '\xFF'))).hex(), "62a8ab43");
}

// RFC 4231.
TEST(Hash, HmacVectors) {
  EXPECT_EQ(hmac_sha256(as_bytes(std::string(20, '\x0b')), as_bytes("Hi There")).hex(),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hmac_sha256(as_bytes("Jefe"), as_bytes("what do ya want for nothing?")).hex(),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hmac_sha256(as_bytes(std::string(131, '\xaa')),
                        as_bytes("Test Using Larger Than Block-Size Key - Hash Key First"))
                .hex(),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hash, UpdatesInPiecesEqualOneShot) {
  std::mt19937_64 random(1);
  for (HashAlgorithm algorithm : all_algorithms) {
    Hasher hasher(algorithm);
    for (int round = 0; round < 50; ++round) {
      const std::string text = random_bytes(random, random() % 5000);
      hasher.reset();
      for (std::size_t at = 0; at < text.size();) {
        const std::size_t length = std::min<std::size_t>(text.size() - at, random() % 700);
        hasher.update(as_bytes(text).subspan(at, length));
        at += length;
      }
      EXPECT_EQ(hasher.finish(), hash(algorithm, as_bytes(text)))
          << to_string(algorithm) << " of " << text.size();
    }
  }
}

TEST(Hash, ResetAfterFinishAndInTheMiddle) {
  for (HashAlgorithm algorithm : all_algorithms) {
    Hasher hasher(algorithm);
    hasher.update(as_bytes("something else"));
    hasher.reset();
    hasher.update(as_bytes("abc"));
    const Digest first = hasher.finish();
    hasher.reset();
    hasher.update(as_bytes("abc"));
    EXPECT_EQ(first, hasher.finish());
    EXPECT_EQ(first, hash(algorithm, as_bytes("abc")));
    Hasher moved = std::move(hasher);
    moved.reset();
    moved.update(as_bytes("abc"));
    EXPECT_EQ(first, moved.finish());
  }
}

TEST(Hash, AcceleratedEqualsPortable) {
  if (!crc::is_accelerated()) GTEST_SKIP() << "this processor has no PCLMULQDQ";
  std::mt19937_64 random(2);
  const std::string buffer = random_bytes(random, 8192);
  const Bytes all = as_bytes(buffer);
  for (std::size_t size = 0; size < 600; ++size) {
    const Bytes bytes = all.subspan(random() % 64, size);
    const std::uint64_t seed = random();
    const auto seed32 = static_cast<std::uint32_t>(seed);
    ASSERT_EQ(crc::update_crc32c(seed32, bytes), crc::update_crc32c_portable(seed32, bytes))
        << size;
    ASSERT_EQ(crc::update_crc32(seed32, bytes), crc::update_crc32_portable(seed32, bytes)) << size;
    ASSERT_EQ(crc::update_crc64nvme(seed, bytes), crc::update_crc64nvme_portable(seed, bytes))
        << size;
  }
  for (int round = 0; round < 500; ++round) {
    const std::size_t offset = random() % 4096;
    const Bytes bytes = all.subspan(offset, random() % (all.size() - offset));
    const std::uint64_t seed = random();
    const auto seed32 = static_cast<std::uint32_t>(seed);
    ASSERT_EQ(crc::update_crc32c(seed32, bytes), crc::update_crc32c_portable(seed32, bytes))
        << bytes.size();
    ASSERT_EQ(crc::update_crc32(seed32, bytes), crc::update_crc32_portable(seed32, bytes))
        << bytes.size();
    ASSERT_EQ(crc::update_crc64nvme(seed, bytes), crc::update_crc64nvme_portable(seed, bytes))
        << bytes.size();
  }
}

TEST(Hash, CombineEqualsConcatenation) {
  std::mt19937_64 random(3);
  for (HashAlgorithm algorithm :
       {HashAlgorithm::crc32c, HashAlgorithm::crc64nvme, HashAlgorithm::crc32}) {
    for (int round = 0; round < 200; ++round) {
      const std::string a = random_bytes(random, random() % 400),
                        b = random_bytes(random, random() % 3000);
      EXPECT_EQ(combine_crc(algorithm, hash(algorithm, as_bytes(a)), hash(algorithm, as_bytes(b)),
                            b.size()),
                hash(algorithm, as_bytes(a + b)));
    }
    const Digest one = hash(algorithm, as_bytes("a")), none = hash(algorithm, as_bytes(""));
    EXPECT_EQ(combine_crc(algorithm, one, none, 0), one);
    EXPECT_EQ(combine_crc(algorithm, none, one, 1), one);
  }
}

// Lengths no test can hash: combining is associative whatever they are.
TEST(Hash, CombineOfHugeLengths) {
  for (HashAlgorithm algorithm :
       {HashAlgorithm::crc32c, HashAlgorithm::crc64nvme, HashAlgorithm::crc32}) {
    const Digest a = hash(algorithm, as_bytes("a")), b = hash(algorithm, as_bytes("b")),
                 c = hash(algorithm, as_bytes("c"));
    const std::uint64_t b_size = 48ull << 40, c_size = 1ull << 62;
    const Digest left = combine_crc(algorithm, combine_crc(algorithm, a, b, b_size), c, c_size);
    const Digest right =
        combine_crc(algorithm, a, combine_crc(algorithm, b, c, c_size), b_size + c_size);
    EXPECT_EQ(left, right);
    EXPECT_FALSE(left == c);
    // From one zero byte, which is hashed, to 2^62 of them.
    Digest zeros = hash(algorithm, as_bytes(std::string(1, '\0')));
    for (std::uint64_t size = 1; size < 1ull << 62; size *= 2) {
      const Digest twice = combine_crc(algorithm, zeros, zeros, size);
      ASSERT_EQ(combine_crc(algorithm, combine_crc(algorithm, a, zeros, size), zeros, size),
                combine_crc(algorithm, a, twice, 2 * size))
          << size;
      zeros = twice;
    }
  }
}

TEST(Hash, CombineRefusesOtherDigests) {
  const Digest md5 = hash(HashAlgorithm::md5, as_bytes("a"));
  EXPECT_THROW(combine_crc(HashAlgorithm::md5, md5, md5, 1), std::logic_error);
  EXPECT_THROW(combine_crc(HashAlgorithm::crc32c, md5, md5, 1), std::logic_error);
}

TEST(Hash, DigestsDifferByLengthAndContent) {
  EXPECT_TRUE(Digest().empty());
  EXPECT_EQ(Digest(), Digest());
  EXPECT_FALSE(hash(HashAlgorithm::crc32c, as_bytes("")) ==
               hash(HashAlgorithm::crc64nvme, as_bytes("")));
  EXPECT_FALSE(hash(HashAlgorithm::md5, as_bytes("a")) == hash(HashAlgorithm::md5, as_bytes("b")));
}

TEST(Hash, ThreadsDoNotShareState) {
  std::vector<std::thread> threads;
  std::atomic<int> wrong = 0;
  for (const HashAlgorithm algorithm : {HashAlgorithm::md5, HashAlgorithm::sha256}) {
    const Digest expected = hash(algorithm, as_bytes("abc"));
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&wrong, algorithm, expected] {
        for (int round = 0; round < 500; ++round)
          wrong += hash(algorithm, as_bytes("abc")) != expected;
      });
    }
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace dth
