#include "objects/s3/customer_key.h"

#include "base/encoding.h"
#include "base/hash.h"

namespace dth::objects {

Result<std::shared_ptr<const CustomerKey>> CustomerKey::parse(std::string_view base64) {
  const auto raw = base64_decode(base64);
  if (!raw || raw->size() != 32) {
    return Error{
        ErrorCode::invalid_argument,
        "the customer's key is not the base64 of 32 bytes; make one with: openssl rand -base64 32",
        ""};
  }
  auto key = std::make_shared<CustomerKey>();
  key->base64_ = base64_encode(as_bytes(*raw));
  key->md5_base64_ = hash(HashAlgorithm::md5, as_bytes(*raw)).base64();
  return std::shared_ptr<const CustomerKey>(std::move(key));
}

void CustomerKey::append_headers(net::HttpHeaders* headers) const {
  headers->push_back({"x-amz-server-side-encryption-customer-algorithm", "AES256"});
  headers->push_back({"x-amz-server-side-encryption-customer-key", base64_});
  headers->push_back({"x-amz-server-side-encryption-customer-key-MD5", md5_base64_});
}

}  // namespace dth::objects
