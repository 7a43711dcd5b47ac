// Operations on single objects.
#include <algorithm>

#include "service.h"
#include "xml.h"

namespace dth::bench {

std::vector<std::pair<std::string, std::string>> stored_headers(const Request& request) {
  static constexpr std::string_view kept[] = {
      "content-type",       "cache-control", "content-disposition",
      "content-language",   "expires",       "x-amz-website-redirect-location",
      "x-amz-storage-class"};
  std::vector<std::pair<std::string, std::string>> result;
  for (const auto& [name, value] : request.headers) {
    if (name.starts_with("x-amz-meta-") ||
        std::find(std::begin(kept), std::end(kept), name) != std::end(kept)) {
      result.emplace_back(name, value);
    }
    if (name != "content-encoding" || value == "aws-chunked") continue;
    const bool framed = value.starts_with("aws-chunked,");
    const std::size_t start = framed ? value.find_first_not_of(", ", 11) : 0;
    if (start != std::string::npos) result.emplace_back(name, value.substr(start));
  }
  return result;
}

std::optional<S3Error> check_conditions(const Request& request, const Object* there) {
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const auto matches = [there](std::string_view tag) {
    if (there == nullptr) return false;
    if (tag.starts_with('"') && tag.ends_with('"') && tag.size() > 1)
      tag = tag.substr(1, tag.size() - 2);
    return tag == "*" || tag == there->etag;
  };
  const S3Error failed{412, "PreconditionFailed",
                       "At least one of the pre-conditions you specified did not hold"};
  if (const std::string* tag = request.header("if-match"); tag && !matches(*tag)) {
    if (there == nullptr && !reads)
      return S3Error{404, "NoSuchKey", "The specified key does not exist."};
    return failed;
  }
  if (const std::string* tag = request.header("if-none-match"); tag && matches(*tag)) {
    if (reads) return S3Error{304, "", ""};
    return failed;
  }
  return std::nullopt;
}

Response Service::put_object(const Request& request, const Payload& payload) {
  Part part = payload.part(options_.etag);
  auto object = std::make_shared<Object>();
  object->size = payload.size();
  object->etag = part.etag;
  object->crc64nvme = part.crc64nvme;
  object->headers = stored_headers(request);
  object->pieces.push_back(std::move(part.piece));
  set_last_modified(object.get());
  Response response;
  response.headers = "ETag: \"" + object->etag + "\"\r\n";
  if (options_.checksums) {
    response.headers += "x-amz-checksum-crc64nvme: " + object->crc64nvme.base64() +
                        "\r\nx-amz-checksum-type: FULL_OBJECT\r\n";
  }
  std::unique_lock lock(mutex_);
  Bucket* target = bucket(request.bucket);
  if (!target) return refuse(request, {404, "NoSuchBucket", "The specified bucket does not exist"});
  if (request.header("if-match") || request.header("if-none-match")) {
    if (auto error = check_conditions(request, target->find(request.key).get()))
      return refuse(request, *error);
  }
  target->objects[request.key] = std::move(object);
  return response;
}

Response Service::get_object(const Request& request, const Payload&) {
  std::shared_ptr<const Object> object;
  {
    std::shared_lock lock(mutex_);
    Bucket* source = bucket(request.bucket);
    if (!source)
      return refuse(request, {404, "NoSuchBucket", "The specified bucket does not exist"});
    object = source->find(request.key);
  }
  if (!object) return refuse(request, {404, "NoSuchKey", "The specified key does not exist."});
  if (auto error = check_conditions(request, object.get())) return refuse(request, *error);
  Response response;
  response.length = object->size;
  response.no_body = request.method == "HEAD";
  if (!response.no_body && !object->readable()) {
    return refuse(request,
                  {500, "InternalError", "this object's bytes were discarded (--discard)"});
  }
  response.headers.reserve(512);
  if (const std::string* range = request.header("range"); range && range->starts_with("bytes=")) {
    const std::string_view text = std::string_view(*range).substr(6);
    const std::size_t dash = text.find('-');
    const auto first = parse_number(text.substr(0, dash));
    const auto last = parse_number(dash == text.npos ? std::string_view() : text.substr(dash + 1));
    const std::uint64_t size = object->size;
    if (first ? *first >= size : !last || *last == 0) {
      return refuse(request, {416, "InvalidRange", "The requested range is not satisfiable"});
    }
    response.offset = first ? *first : size - std::min<std::uint64_t>(*last, size);
    const std::uint64_t end = first && last ? std::min<std::uint64_t>(*last + 1, size) : size;
    if (end <= response.offset)
      return refuse(request, {416, "InvalidRange", "The requested range is not satisfiable"});
    response.length = end - response.offset;
    response.status = 206;
    response.headers = "Content-Range: bytes " + std::to_string(response.offset) + "-" +
                       std::to_string(end - 1) + "/" + std::to_string(size) + "\r\n";
  }
  response.headers += "Accept-Ranges: bytes\r\nLast-Modified: " + object->last_modified_http +
                      "\r\nETag: \"" + object->etag + "\"\r\n";
  for (const auto& [name, value] : object->headers)
    response.headers.append(name).append(": ").append(value).append("\r\n");
  const std::string* mode = request.header("x-amz-checksum-mode");
  if (options_.checksums && mode && *mode == "ENABLED" && response.status == 200) {
    response.headers += "x-amz-checksum-crc64nvme: " + object->crc64nvme.base64() +
                        "\r\nx-amz-checksum-type: FULL_OBJECT\r\n";
  }
  response.object = std::move(object);
  return response;
}

Response Service::delete_object(const Request& request, const Payload&) {
  std::unique_lock lock(mutex_);
  Bucket* target = bucket(request.bucket);
  if (!target) return refuse(request, {404, "NoSuchBucket", "The specified bucket does not exist"});
  target->objects.erase(request.key);
  Response response;
  response.status = 204;
  return response;
}

Response Service::delete_objects(const Request& request, const Payload& payload) {
  std::unique_lock lock(mutex_);
  Bucket* target = bucket(request.bucket);
  if (!target) return refuse(request, {404, "NoSuchBucket", "The specified bucket does not exist"});
  Response response;
  response.text = std::string(xml_declaration) + "<DeleteResult>";
  for (const std::string_view key : xml_elements(payload.text(), "Key")) {
    target->objects.erase(xml_unescape(key));
    response.text += "<Deleted><Key>" + std::string(key) + "</Key></Deleted>";
  }
  response.text += "</DeleteResult>";
  return response;
}

}  // namespace dth::bench
