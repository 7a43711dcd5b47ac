#pragma once

#include <string>
#include <string_view>

#include "net/client/http_client.h"

namespace dth::objects::s3 {

// Is an answer with a status of success the store's own? Captive portals, proxies and load
// balancers answer 200 to everybody, so a status alone is not evidence: an answer counts if it has
// what the operation's answers have. The one place that decides it.

// What the answers to an operation have.
enum class AnswerKind {
  object,   // GET and HEAD of an object: an ETag
  written,  // PutObject and UploadPart: an ETag, and no page
  done,     // DeleteObject and its like: no page
};

// What the answers of one store have, as far as it is known.
struct AnswerSigns {
  // `seen`: a listing had one, which nobody promises of every object.
  enum class Known { unknown, yes, seen, no };
  Known etags = Known::unknown;      // objects have ETags
  bool request_id_promised = false;  // by the vendor's profile, in every answer
  bool request_ids = false;          // a listing had one
};

// What shows that the answer is not the store's, in words for a message; empty: nothing does.
// `etag` is the one that it has. `body`: what came with it; empty for AnswerKind::object, whose
// bytes may be anything.
std::string_view find_foreign(AnswerKind kind, const AnswerSigns& signs,
                              const net::HttpResponse& response, std::string_view etag,
                              std::string_view body);

// Is it neither empty nor a document of XML? Pages of HTML are not, also where they are
// well-formed.
bool is_page(std::string_view body);

}  // namespace dth::objects::s3
