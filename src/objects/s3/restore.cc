#include "objects/s3/store.h"

namespace dth::objects::s3 {
namespace {

std::string_view to_text(RestoreTier tier) {
  switch (tier) {
    case RestoreTier::bulk:
      return "Bulk";
    case RestoreTier::expedited:
      return "Expedited";
    case RestoreTier::standard:
      break;
  }
  return "Standard";
}

std::string document(const RestoreRequest& request) {
  std::string xml = "<RestoreRequest xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
  if (request.days > 0) xml += "<Days>" + std::to_string(request.days) + "</Days>";
  return xml + "<GlacierJobParameters><Tier>" + std::string(to_text(request.tier)) +
         "</Tier></GlacierJobParameters></RestoreRequest>";
}

}  // namespace

// 202: it is under way; 200: it was done, and is kept for longer now.
Async<Result<void>> S3Store::restore(RestoreRequest request) {
  Request http{.method = "POST", .counter = &RequestCounters::other, .key = std::move(request.key)};
  if (http.key.empty())
    co_return requester_.wrong_answer(http, ErrorCode::invalid_argument,
                                      "an object's key is empty");
  http.query = {{"restore", ""}};
  if (!request.version_id.empty()) http.query.emplace_back("versionId", request.version_id);
  http.headers = {{"Content-Type", "application/xml"}};
  http.xml = document(request);
  auto asked = co_await requester_.perform(std::move(http));
  if (!asked && asked.error().reason != ErrorReason::restore_in_progress) co_return asked.error();
  co_return Result<void>();
}

}  // namespace dth::objects::s3
