#include "objects/s3/list_parser.h"
#include "objects/s3/store.h"

namespace dth::objects::s3 {

Async<Result<StoreIdentity>> S3Store::check() {
  // A listing, not HeadBucket: it is the permission that copying needs, its refusals have a body that says why, and
  // its headers give the vendor away as well.
  Request http{.method = "GET", .counter = &RequestCounters::other};
  http.query = {{"max-keys", "1"}};
  auto answer = co_await requester_.ask(http, Requester::answer_size_max);
  Endpoint& endpoint = requester_.endpoint();
  StoreIdentity identity;
  if (answer) {
    // Whoever answers 200 to everything is not a store: what counts is the listing.
    auto listing = parse_listing(answer->text());
    if (!listing) co_return requester_.wrong_document(http, answer->response, answer->text(), "the answer is not a listing");
    if (!endpoint.vendor_known()) {
      if (const VendorProfile* vendor = vendor_of_response(answer->response)) endpoint.adopt_vendor(*vendor);
    }
    endpoint.learn_signs(answer->response, listing->objects.empty() ? nullptr : &listing->objects.front());
  } else if (answer.error().code == ErrorCode::permission_denied) {
    // Who may only write may not list, but may see that the bucket is there.
    http.method = "HEAD";
    http.query.clear();
    auto head = co_await requester_.ask(http, Requester::answer_size_max);
    if (!head) co_return answer.error();
    if (!endpoint.vendor_known()) {
      if (const VendorProfile* vendor = vendor_of_response(head->response)) endpoint.adopt_vendor(*vendor);
    }
  } else {
    co_return answer.error();
  }
  identity.vendor = endpoint.vendor().name;
  identity.region = endpoint.region();
  co_return identity;
}

}  // namespace dth::objects::s3
