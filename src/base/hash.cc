#include "base/hash.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

// SHA256_Init() and its like: deprecated, and there as long as OpenSSL 3 is.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "base/crc.h"
#include "base/encoding.h"

namespace dth {
namespace {

struct DigestDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, DigestDeleter>;

// OpenSSL fails here only where the algorithm was disabled or memory is gone: nothing a caller
// could act on.
void require(bool success, const char* what) {
  if (!success)
    throw std::runtime_error(std::string("OpenSSL cannot do ") + what +
                             "; is it configured for FIPS only?");
}

// Fetched once and kept for the life of the process: looking an algorithm up by name costs more
// than a small hash.
const EVP_MD* message_digest(HashAlgorithm algorithm) {
  static const EVP_MD* const md5 = EVP_MD_fetch(nullptr, "MD5", nullptr);
  static const EVP_MD* const sha256 = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  const EVP_MD* found = algorithm == HashAlgorithm::md5 ? md5 : sha256;
  require(found != nullptr, algorithm == HashAlgorithm::md5 ? "MD5" : "SHA-256");
  return found;
}

bool is_crc(HashAlgorithm algorithm) {
  return algorithm == HashAlgorithm::crc32c || algorithm == HashAlgorithm::crc64nvme ||
         algorithm == HashAlgorithm::crc32;
}

Context new_context() {
  Context context(EVP_MD_CTX_new());
  require(context != nullptr, "a digest context");
  return context;
}

void begin(EVP_MD_CTX* context, HashAlgorithm algorithm) {
  require(EVP_DigestInit_ex2(context, message_digest(algorithm), nullptr) == 1, "a digest");
}

void add(EVP_MD_CTX* context, Bytes bytes) {
  if (!bytes.empty())
    require(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1, "a digest");
}

Digest end(EVP_MD_CTX* context) {
  unsigned char value[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  require(EVP_DigestFinal_ex(context, value, &size) == 1, "a digest");
  return Digest(value, size);
}

// SHA-256 over short texts, six times for each small object. OpenSSL 3.0 frees and makes a context
// for every EVP digest, which takes as long as hashing the text; these older functions of it do the
// hashing and nothing else.
Digest sha256_of(std::initializer_list<Bytes> pieces) {
  SHA256_CTX context;
  require(SHA256_Init(&context) == 1, "SHA-256");
  for (const Bytes piece : pieces)
    require(SHA256_Update(&context, piece.data(), piece.size()) == 1, "SHA-256");
  unsigned char value[SHA256_DIGEST_LENGTH];
  require(SHA256_Final(value, &context) == 1, "SHA-256");
  return Digest(value, sizeof value);
}

template <class Word>
Digest to_digest(Word crc) {
  unsigned char bytes[sizeof(Word)];
  for (std::size_t i = sizeof(Word); i-- > 0;
       crc = static_cast<Word>(static_cast<std::uint64_t>(crc) >> 8)) {
    bytes[i] = static_cast<unsigned char>(crc);
  }
  return Digest(bytes, sizeof bytes);
}

template <class Word>
Word from_digest(const Digest& digest) {
  if (digest.bytes().size() != sizeof(Word))
    throw std::logic_error("combine_crc: a digest of another algorithm");
  std::uint64_t crc = 0;
  for (std::byte byte : digest.bytes()) crc = crc << 8 | std::to_integer<std::uint64_t>(byte);
  return static_cast<Word>(crc);
}

}  // namespace

std::string_view to_string(HashAlgorithm algorithm) {
  switch (algorithm) {
    case HashAlgorithm::md5:
      return "MD5";
    case HashAlgorithm::sha256:
      return "SHA256";
    case HashAlgorithm::crc32c:
      return "CRC32C";
    case HashAlgorithm::crc64nvme:
      return "CRC64NVME";
    case HashAlgorithm::crc32:
      return "CRC32";
  }
  return "";
}

Digest::Digest(const unsigned char* bytes, std::size_t size) {
  if (size > bytes_.size()) throw std::logic_error("Digest: more than 32 bytes");
  std::memcpy(bytes_.data(), bytes, size);
  size_ = static_cast<std::uint8_t>(size);
}

std::string Digest::hex() const { return hex_encode(bytes()); }
std::string Digest::base64() const { return base64_encode(bytes()); }

bool Digest::operator==(const Digest& other) const {
  return std::ranges::equal(bytes(), other.bytes());
}

struct Hasher::Impl {
  Context context;  // null for CRCs
  std::uint64_t crc = 0;
};

Hasher::Hasher(HashAlgorithm algorithm) : algorithm_(algorithm), impl_(std::make_unique<Impl>()) {
  if (!is_crc(algorithm)) impl_->context = new_context();
  reset();
}

Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

void Hasher::reset() {
  impl_->crc = 0;
  if (impl_->context) begin(impl_->context.get(), algorithm_);
}

void Hasher::update(Bytes bytes) {
  switch (algorithm_) {
    case HashAlgorithm::crc32c:
      impl_->crc = crc::update_crc32c(static_cast<std::uint32_t>(impl_->crc), bytes);
      return;
    case HashAlgorithm::crc64nvme:
      impl_->crc = crc::update_crc64nvme(impl_->crc, bytes);
      return;
    case HashAlgorithm::crc32:
      impl_->crc = crc::update_crc32(static_cast<std::uint32_t>(impl_->crc), bytes);
      return;
    default:
      add(impl_->context.get(), bytes);
  }
}

Digest Hasher::finish() {
  switch (algorithm_) {
    case HashAlgorithm::crc32c:
    case HashAlgorithm::crc32:
      return to_digest(static_cast<std::uint32_t>(impl_->crc));
    case HashAlgorithm::crc64nvme:
      return to_digest(impl_->crc);
    default:
      return end(impl_->context.get());
  }
}

Digest hash(HashAlgorithm algorithm, Bytes bytes) {
  switch (algorithm) {
    case HashAlgorithm::crc32c:
      return to_digest(crc::update_crc32c(0, bytes));
    case HashAlgorithm::crc64nvme:
      return to_digest(crc::update_crc64nvme(0, bytes));
    case HashAlgorithm::crc32:
      return to_digest(crc::update_crc32(0, bytes));
    case HashAlgorithm::sha256:
      return sha256_of({bytes});
    case HashAlgorithm::md5:
      break;
  }
  thread_local const Context context = new_context();
  begin(context.get(), algorithm);
  add(context.get(), bytes);
  return end(context.get());
}

// RFC 2104 by hand: OpenSSL's EVP_MAC duplicates a context per message, which costs more than the
// hashing.
Digest hmac_sha256(Bytes key, Bytes message) {
  constexpr std::size_t block_size = 64;
  std::array<std::byte, block_size> inner{};
  const Digest hashed = key.size() > block_size ? hash(HashAlgorithm::sha256, key) : Digest();
  const Bytes effective = hashed.empty() ? key : hashed.bytes();
  std::ranges::copy(effective, inner.begin());
  std::array<std::byte, block_size> outer = inner;
  for (std::byte& byte : inner) byte ^= std::byte{0x36};
  for (std::byte& byte : outer) byte ^= std::byte{0x5C};

  const Digest first = sha256_of({inner, message});
  return sha256_of({outer, first.bytes()});
}

Digest combine_crc(HashAlgorithm algorithm, const Digest& a, const Digest& b,
                   std::uint64_t b_size) {
  switch (algorithm) {
    case HashAlgorithm::crc32c:
      return to_digest(crc::combine_crc32c(from_digest<std::uint32_t>(a),
                                           from_digest<std::uint32_t>(b), b_size));
    case HashAlgorithm::crc64nvme:
      return to_digest(crc::combine_crc64nvme(from_digest<std::uint64_t>(a),
                                              from_digest<std::uint64_t>(b), b_size));
    case HashAlgorithm::crc32:
      return to_digest(
          crc::combine_crc32(from_digest<std::uint32_t>(a), from_digest<std::uint32_t>(b), b_size));
    default:
      throw std::logic_error("combine_crc: not a CRC");
  }
}

}  // namespace dth
