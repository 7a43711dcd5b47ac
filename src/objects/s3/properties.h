#pragma once

#include <string>
#include <vector>

#include "net/client/http_client.h"
#include "objects/object_store.h"

namespace dth::objects::s3 {

// Headers that carry what a write asks for besides bytes and metadata, and what answers tell of it.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html

void append_properties(const ObjectProperties& properties, net::HttpHeaders* headers);

// "name=value&other=": the form of x-amz-tagging.
std::string format_tags(const Tags& tags);

// Nothing where the text is no list of tags. Sorted.
std::optional<Tags> parse_tags(std::string_view xml);

Encryption read_encryption(const net::HttpResponse& response);

ObjectLock read_lock(const net::HttpResponse& response);

}  // namespace dth::objects::s3
