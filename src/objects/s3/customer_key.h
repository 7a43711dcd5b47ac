#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"
#include "net/client/http_client.h"

namespace dth::objects {

// A customer's key for SSE-C: 32 bytes that the store uses and forgets. A secret: it stands in no
// option, spec, state, ledger or message.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
class CustomerKey {
 public:
  // invalid_argument, without the text, where it is not the base64 of 32 bytes.
  static Result<std::shared_ptr<const CustomerKey>> parse(std::string_view base64);

  // x-amz-server-side-encryption-customer-*
  void append_headers(net::HttpHeaders* headers) const;

  // As it stands in the headers: for taking it out of what a server says.
  const std::string& secret() const { return base64_; }

 private:
  std::string base64_;
  std::string md5_base64_;
};

}  // namespace dth::objects
