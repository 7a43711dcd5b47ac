#include "objects/s3/list_parser.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {

Async<Result<StoreIdentity>> S3Store::check(StoreUse use) {
  // A listing where the run lists: it is the permission that copying needs, and its refusals have a
  // body that says why. A policy may allow no prefix but the run's own.
  Request http{.method = use.lists ? "GET" : "HEAD", .counter = &RequestCounters::other};
  if (use.lists) http.query = {{"max-keys", "1"}};
  if (use.lists && !use.prefix.empty()) http.query.emplace_back("prefix", use.prefix);
  auto answer = co_await requester_.ask(http, Requester::answer_size_max);
  Endpoint& endpoint = requester_.endpoint();
  const auto adopt = [&endpoint](const net::HttpResponse& response) {
    const VendorProfile* vendor = endpoint.vendor_known() ? nullptr : vendor_of_response(response);
    if (vendor) endpoint.adopt_vendor(*vendor);
  };
  const auto is_denied = [&] {
    return answer.has_error() && answer.error().code == ErrorCode::permission_denied;
  };
  if (answer && use.lists) {
    // A proxy may answer 200 to everything: only a listing is evidence of a store.
    auto listing = parse_listing(answer->text());
    if (!listing)
      co_return requester_.wrong_document(http, answer->response, answer->text(),
                                          "the answer is not a listing");
    adopt(answer->response);
    endpoint.learn_signs(answer->response,
                         listing->objects.empty() ? nullptr : &listing->objects.front());
  }
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
  if (answer) adopt(answer->response);
  StoreIdentity identity;
  identity.vendor = endpoint.vendor().name;
  identity.region = endpoint.region();
  co_return identity;
}

}  // namespace dth::objects::s3
