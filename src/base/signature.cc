#include "base/signature.h"

#include <stdexcept>

#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/encoding.h"

namespace dth {
namespace {

constexpr std::size_t signature_size_bytes = 64;
constexpr std::string_view white_space = " \t\r\n";

struct KeyDeleter {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct SigningDeleter {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct BioDeleter {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Key = std::unique_ptr<EVP_PKEY, KeyDeleter>;
using Context = std::unique_ptr<EVP_MD_CTX, SigningDeleter>;
using Bio = std::unique_ptr<BIO, BioDeleter>;

// OpenSSL fails here only where the algorithm was disabled or memory is gone: nothing a caller
// could act on.
void require(bool success) {
  if (!success)
    throw std::runtime_error("OpenSSL cannot do Ed25519; is it configured for FIPS only?");
}

const unsigned char* data_of(Bytes bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}

Bio bio_of(std::string_view text) {
  Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  require(bio != nullptr);
  return bio;
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

Key public_pkey(const std::array<std::uint8_t, 32>& bytes) {
  Key key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes.data(), bytes.size()));
  require(key != nullptr);
  return key;
}

std::array<std::uint8_t, 32> raw_public_key(EVP_PKEY* key) {
  std::array<std::uint8_t, 32> bytes{};
  std::size_t size = bytes.size();
  require(EVP_PKEY_get_raw_public_key(key, bytes.data(), &size) == 1 && size == bytes.size());
  return bytes;
}

// No password is ever asked for.
int no_password(char*, int, int, void*) { return 0; }

}  // namespace

Result<PublicKey> PublicKey::parse(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(white_space), text.size()));
  text.remove_suffix(text.size() - (text.find_last_not_of(white_space) + 1));
  PublicKey key;
  if (text.starts_with("-----BEGIN ")) {
    Key read(PEM_read_bio_PUBKEY(bio_of(text).get(), nullptr, no_password, nullptr));
    if (read != nullptr && EVP_PKEY_get_id(read.get()) == EVP_PKEY_ED25519) {
      key.bytes_ = raw_public_key(read.get());
      return key;
    }
  } else if (const auto raw = hex_decode(text); raw && raw->size() == key.bytes_.size()) {
    std::copy(raw->begin(), raw->end(), reinterpret_cast<char*>(key.bytes_.data()));
    return key;
  }
  return Error{ErrorCode::invalid_argument,
               "it is no Ed25519 public key: give 64 hexadecimal digits, or a PEM that begins with "
               "-----BEGIN PUBLIC KEY-----",
               ""};
}

std::string PublicKey::hex() const { return hex_encode(std::as_bytes(std::span(bytes_))); }

std::string PublicKey::pem() const {
  Bio bio(BIO_new(BIO_s_mem()));
  require(bio != nullptr && PEM_write_bio_PUBKEY(bio.get(), public_pkey(bytes_).get()) == 1);
  return text_of(bio.get());
}

bool PublicKey::verify(Bytes message, Bytes signature) const {
  if (signature.size() != signature_size_bytes) return false;
  const Key key = public_pkey(bytes_);
  const Context context(EVP_MD_CTX_new());
  require(context != nullptr &&
          EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1);
  return EVP_DigestVerify(context.get(), data_of(signature), signature.size(), data_of(message),
                          message.size()) == 1;
}

struct PrivateKey::Impl {
  Key key;
};

PrivateKey::PrivateKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&&) noexcept = default;
PrivateKey::~PrivateKey() = default;

PrivateKey PrivateKey::generate() {
  Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  require(key != nullptr);
  return PrivateKey(std::make_unique<Impl>(Impl{std::move(key)}));
}

Result<PrivateKey> PrivateKey::parse(std::string_view pem) {
  Key key(PEM_read_bio_PrivateKey(bio_of(pem).get(), nullptr, no_password, nullptr));
  if (key == nullptr || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519) {
    return Error{ErrorCode::invalid_argument, "it is no unencrypted Ed25519 private key in PEM",
                 ""};
  }
  return PrivateKey(std::make_unique<Impl>(Impl{std::move(key)}));
}

std::string PrivateKey::pem() const {
  Bio bio(BIO_new(BIO_s_secmem()));
  require(bio != nullptr && PEM_write_bio_PKCS8PrivateKey(bio.get(), impl_->key.get(), nullptr,
                                                          nullptr, 0, nullptr, nullptr) == 1);
  return text_of(bio.get());
}

PublicKey PrivateKey::public_key() const {
  PublicKey key;
  key.bytes_ = raw_public_key(impl_->key.get());
  return key;
}

std::string PrivateKey::sign(Bytes message) const {
  const Context context(EVP_MD_CTX_new());
  require(context != nullptr &&
          EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, impl_->key.get()) == 1);
  std::string signature(signature_size_bytes, '\0');
  std::size_t size = signature.size();
  require(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                         data_of(message), message.size()) == 1 &&
          size == signature.size());
  return signature;
}

}  // namespace dth
