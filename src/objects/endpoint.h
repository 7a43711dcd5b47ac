#pragma once

#include <chrono>
#include <compare>
#include <string>

#include "credentials/credential_ref.h"

namespace dth::objects {

// How a store is reached: its kind, the kind's options as they were given, and who signs. A plain
// value without a secret, made by StoreKind::make_endpoint(), which validated it.
struct Endpoint {
  std::string kind = {};         // StoreKind::name()
  options::Values options = {};  // by the names of the kind's endpoint_options()
  credentials::CredentialRef credential = {};
  credentials::CredentialRef proxy = {};  // where the options name none; it may hold a password

  bool operator==(const Endpoint&) const = default;
  std::strong_ordering operator<=>(const Endpoint&) const = default;
};

// Whose endpoint it is, as far as people see: how its options are shown ("--source-region"), and
// what its own secrets are called ("source").
struct EndpointOwner {
  std::string name = {};
  std::string option_prefix = {};
};

// What a task asks of an endpoint: which bucket or directory, and how it is used.
struct StoreRequest {
  // Does the store use a customer's key (SSE-C)? Messages quote `because`, an option of the task.
  struct CustomerKey {
    enum class Rule {
      if_there,  // what was encrypted with it is read
      required,  // writes are encrypted with it
      excluded,  // it must not exist: it would not be used
    };
    credentials::CredentialRef ref = {};
    Rule rule = Rule::if_there;
    std::string because = {};  // "--encryption sse-c"
  };

  Endpoint endpoint = {};
  EndpointOwner owner = {};
  std::string bucket = {};      // of a file: its directory
  bool read_only = false;       // nothing will be written there
  bool may_be_missing = false;  // a directory: the first write makes it
  bool unsigned_payload = false;
  std::chrono::seconds answer_timeout{60};  // from a request's last byte to the first of its answer
  CustomerKey customer_key = {};
};

}  // namespace dth::objects
