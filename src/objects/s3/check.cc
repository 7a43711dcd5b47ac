#include "objects/s3/store.h"

namespace dth::objects::s3 {

Async<Result<StoreIdentity>> S3Store::check(StoreUse use) {
  // A listing where the run lists: it is the permission that copying needs, and its refusals have a body that says why. A policy may
  // allow no prefix but the run's own.
  Request http{.method = use.lists ? "GET" : "HEAD", .counter = &RequestCounters::other};
  if (use.lists) http.query = {{"max-keys", "1"}};
  if (use.lists && !use.prefix.empty()) http.query.emplace_back("prefix", use.prefix);
  auto answer = co_await requester_.ask(http, Requester::answer_size_max);
  if (answer && is_error_document(answer->text())) co_return requester_.refused(http, answer->response, answer->text());
  const auto is_denied = [&] { return answer.has_error() && answer.error().code == ErrorCode::permission_denied; };
  if (use.lists && is_denied()) {
    // A principal that may only write cannot list; HEAD may still show that the bucket is there.
    http.method = "HEAD";
    http.query.clear();
    auto head = co_await requester_.ask(http, Requester::answer_size_max);
    if (!head) co_return answer.error();
    answer = std::move(head);
  }
  // HEAD asks for the right to list, which a run that names its objects does not need.
  if (answer.has_error() && (use.lists || !is_denied())) co_return answer.error();
  Endpoint& endpoint = requester_.endpoint();
  if (answer && !endpoint.vendor_known()) {
    if (const VendorProfile* vendor = vendor_of_response(answer->response)) endpoint.adopt_vendor(*vendor);
  }
  StoreIdentity identity;
  identity.vendor = endpoint.vendor().name;
  identity.region = endpoint.region();
  co_return identity;
}

}  // namespace dth::objects::s3
