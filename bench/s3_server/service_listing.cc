// ListObjectsV2, and ListObjects for clients that still speak it.
#include <algorithm>

#include "base/encoding.h"
#include "service.h"
#include "xml.h"

namespace dth::bench {
namespace {

std::string parameter(const Request& request, std::string_view name) {
  const std::string* value = request.parameter(name);
  return value ? *value : "";
}

// A continuation token says where to go on: after a key ('k') or after a common prefix ('p').
std::string make_token(const ListPage& page) {
  const ListPage::Entry& last = page.entries.back();
  return hex_encode(as_bytes((last.object ? "k" : "p") + last.key));
}

}  // namespace

Response Service::list_objects(const Request& request, const Payload&) {
  const bool v2 = parameter(request, "list-type") == "2";
  const bool url = parameter(request, "encoding-type") == "url";
  const auto encode = [url](std::string_view key) {
    return url ? url_encode_key(key) : xml_escape(key);
  };
  ListQuery query;
  query.prefix = parameter(request, "prefix");
  query.delimiter = parameter(request, "delimiter");
  query.after = parameter(request, v2 ? "start-after" : "marker");
  if (!v2)
    query.after_is_prefix = !query.delimiter.empty() && query.after.ends_with(query.delimiter);
  if (const std::string* token = v2 ? request.parameter("continuation-token") : nullptr) {
    const auto decoded = hex_decode(*token);
    if (!decoded || decoded->empty())
      return refuse(request,
                    {400, "InvalidArgument", "The continuation token provided is incorrect"});
    query.after = decoded->substr(1);
    query.after_is_prefix = (*decoded)[0] == 'p';
  }
  if (const auto keys = parse_number(parameter(request, "max-keys"))) {
    query.keys_max = static_cast<std::size_t>(std::min<unsigned long long>(*keys, 1000));
  }
  ListPage page;
  {
    std::shared_lock lock(mutex_);
    Bucket* source = bucket(request.bucket);
    if (!source)
      return refuse(request, {404, "NoSuchBucket", "The specified bucket does not exist"});
    if (query.keys_max > 0) page = source->list(query);
  }
  Response response;
  response.headers = "Content-Type: application/xml\r\n";
  std::string& text = response.text;
  text.reserve(512 + page.entries.size() * 320);
  text = std::string(xml_declaration) +
         "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>" +
         xml_escape(request.bucket) + "</Name><Prefix>" + encode(query.prefix) + "</Prefix>";
  if (!query.delimiter.empty()) text += "<Delimiter>" + encode(query.delimiter) + "</Delimiter>";
  if (url) text += "<EncodingType>url</EncodingType>";
  text += "<MaxKeys>" + std::to_string(query.keys_max) + "</MaxKeys>";
  if (v2) text += "<KeyCount>" + std::to_string(page.entries.size()) + "</KeyCount>";
  text += page.truncated ? "<IsTruncated>true</IsTruncated>" : "<IsTruncated>false</IsTruncated>";
  if (page.truncated && v2)
    text += "<NextContinuationToken>" + make_token(page) + "</NextContinuationToken>";
  if (page.truncated && !v2)
    text += "<NextMarker>" + encode(page.entries.back().key) + "</NextMarker>";
  for (const ListPage::Entry& entry : page.entries) {
    if (!entry.object) continue;
    text.append("<Contents><Key>").append(encode(entry.key)).append("</Key><LastModified>");
    text.append(entry.object->last_modified_iso)
        .append("</LastModified><ETag>&quot;")
        .append(entry.object->etag);
    text.append("&quot;</ETag><Size>").append(std::to_string(entry.object->size));
    text.append("</Size><StorageClass>STANDARD</StorageClass></Contents>");
  }
  for (const ListPage::Entry& entry : page.entries) {
    if (!entry.object)
      text += "<CommonPrefixes><Prefix>" + encode(entry.key) + "</Prefix></CommonPrefixes>";
  }
  text += "</ListBucketResult>";
  return response;
}

}  // namespace dth::bench
