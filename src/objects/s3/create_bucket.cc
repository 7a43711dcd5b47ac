#include "objects/s3/store.h"
#include "objects/s3/xml_scanner.h"

namespace dth::objects::s3 {

Async<Result<void>> S3Store::create_bucket(CreateBucketRequest request) {
  Request http{.method = "PUT"};
  if (request.object_lock) http.headers.push_back({"x-amz-bucket-object-lock-enabled", "true"});
  // us-east-1 is the region of buckets for which none is named, and may not be named.
  const std::string& region = requester_.endpoint().region();
  if (region != "us-east-1" && requester_.endpoint().vendor().names_bucket_region) {
    http.xml =
        "<CreateBucketConfiguration "
        "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>" +
        escape_xml(region) + "</LocationConstraint></CreateBucketConfiguration>";
    http.headers.push_back({"Content-Type", "application/xml"});
  }
  auto made = co_await requester_.perform(std::move(http));
  if (!made && made.error().reason != ErrorReason::bucket_owned) co_return made.error();
  co_return Result<void>();
}

}  // namespace dth::objects::s3
