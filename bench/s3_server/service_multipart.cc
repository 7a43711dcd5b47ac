// Multipart uploads.
#include <algorithm>

#include "service.h"
#include "xml.h"

namespace dth::bench {

namespace {

constexpr std::uint64_t part_bytes_min = 5 << 20;  // of all parts but the last
constexpr unsigned part_number_max = 10'000;

const S3Error no_bucket{404, "NoSuchBucket", "The specified bucket does not exist"};
const S3Error no_upload{404, "NoSuchUpload", "The specified upload does not exist."};

Upload* find_upload(Bucket* bucket, const Request& request) {
  const auto found = bucket->uploads.find(*request.parameter("uploadId"));
  return found == bucket->uploads.end() || found->second.key != request.key ? nullptr
                                                                            : &found->second;
}

// The object that the document's parts make, or what is wrong with them.
std::optional<S3Error> assemble(const Upload& upload, std::string_view document, EtagKind kind,
                                Object* object) {
  std::string md5s;
  unsigned previous = 0;
  std::uint64_t previous_size = part_bytes_min;
  const auto parts = xml_elements(document, "Part");
  if (parts.empty()) return S3Error{400, "MalformedXML", "no part is named"};
  for (const std::string_view element : parts) {
    const auto number = parse_number(xml_text(element, "PartNumber"));
    std::string etag = xml_text(element, "ETag");
    std::erase(etag, '"');
    if (!number || *number <= previous)
      return S3Error{400, "InvalidPartOrder", "parts are not in ascending order"};
    previous = static_cast<unsigned>(*number);
    const auto part = upload.parts.find(previous);
    if (part == upload.parts.end() || part->second.etag != etag) {
      return S3Error{400, "InvalidPart",
                     "part " + std::to_string(previous) + " was not uploaded with that ETag"};
    }
    const Part& found = part->second;
    if (previous_size < part_bytes_min)
      return S3Error{400, "EntityTooSmall", "a part before the last is below 5 MiB"};
    previous_size = found.piece.size;
    const std::string checksum = xml_text(element, "ChecksumCRC64NVME");
    if (!checksum.empty() && checksum != found.crc64nvme.base64()) {
      return S3Error{400, "InvalidPart", "ChecksumCRC64NVME of a part is wrong"};
    }
    object->crc64nvme = object->crc64nvme.empty()
                            ? found.crc64nvme
                            : combine_crc(HashAlgorithm::crc64nvme, object->crc64nvme,
                                          found.crc64nvme, found.piece.size);
    object->size += found.piece.size;
    object->pieces.push_back(found.piece);
    md5s.append(reinterpret_cast<const char*>(found.md5.bytes().data()), found.md5.bytes().size());
  }
  object->etag = make_etag(kind, hash(HashAlgorithm::md5, as_bytes(md5s)), object->crc64nvme) +
                 "-" + std::to_string(parts.size());
  object->headers = upload.headers;
  set_last_modified(object);
  return std::nullopt;
}

}  // namespace

Response Service::create_multipart_upload(const Request& request, const Payload&) {
  Upload upload;
  upload.key = request.key;
  upload.headers = stored_headers(request);
  Object now;
  set_last_modified(&now);
  upload.initiated = now.last_modified_iso;
  const std::string id = "upload-" + std::to_string(++sequence_);
  std::unique_lock lock(mutex_);
  Bucket* target = bucket(request.bucket);
  if (!target) return refuse(request, no_bucket);
  target->uploads[id] = std::move(upload);
  Response response;
  response.text = std::string(xml_declaration) + "<InitiateMultipartUploadResult><Bucket>" +
                  xml_escape(request.bucket) + "</Bucket><Key>" + xml_escape(request.key) +
                  "</Key><UploadId>" + id + "</UploadId></InitiateMultipartUploadResult>";
  return response;
}

Response Service::upload_part(const Request& request, const Payload& payload) {
  const std::string* text = request.parameter("partNumber");
  const auto number = parse_number(text ? *text : "");
  if (!number || *number < 1 || *number > part_number_max) {
    return refuse(request, {400, "InvalidArgument",
                            "Part number must be an integer between 1 and 10000, inclusive"});
  }
  Part part = payload.part(options_.etag);
  Response response;
  response.headers = "ETag: \"" + part.etag + "\"\r\n";
  if (options_.checksums)
    response.headers += "x-amz-checksum-crc64nvme: " + part.crc64nvme.base64() + "\r\n";
  std::unique_lock lock(mutex_);
  Bucket* target = bucket(request.bucket);
  if (!target) return refuse(request, no_bucket);
  Upload* upload = find_upload(target, request);
  if (!upload) return refuse(request, no_upload);
  upload->parts[static_cast<unsigned>(*number)] = std::move(part);
  return response;
}

Response Service::complete_multipart_upload(const Request& request, const Payload& payload) {
  std::unique_lock lock(mutex_);
  Bucket* target = bucket(request.bucket);
  if (!target) return refuse(request, no_bucket);
  Upload* upload = find_upload(target, request);
  if (!upload) return refuse(request, no_upload);
  auto object = std::make_shared<Object>();
  if (auto error = assemble(*upload, payload.text(), options_.etag, object.get()))
    return refuse(request, *error);
  const std::string* checksum = request.header("x-amz-checksum-crc64nvme");
  if (checksum && *checksum != object->crc64nvme.base64()) {
    return refuse(request,
                  {400, "BadDigest", "x-amz-checksum-crc64nvme is not that of the whole object"});
  }
  if (auto error = check_conditions(request, target->find(request.key).get()))
    return refuse(request, *error);
  Response response;
  response.text = std::string(xml_declaration) + "<CompleteMultipartUploadResult><Bucket>" +
                  xml_escape(request.bucket) + "</Bucket><Key>" + xml_escape(request.key) +
                  "</Key><ETag>&quot;" + object->etag + "&quot;</ETag>";
  if (options_.checksums) {
    response.text += "<ChecksumCRC64NVME>" + object->crc64nvme.base64() +
                     "</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType>";
  }
  response.text += "</CompleteMultipartUploadResult>";
  target->objects[request.key] = std::move(object);
  target->uploads.erase(*request.parameter("uploadId"));
  return response;
}

Response Service::abort_multipart_upload(const Request& request, const Payload&) {
  std::unique_lock lock(mutex_);
  Bucket* target = bucket(request.bucket);
  if (!target) return refuse(request, no_bucket);
  if (!find_upload(target, request)) return refuse(request, no_upload);
  target->uploads.erase(*request.parameter("uploadId"));
  Response response;
  response.status = 204;
  return response;
}

Response Service::list_multipart_uploads(const Request& request, const Payload&) {
  std::shared_lock lock(mutex_);
  Bucket* source = bucket(request.bucket);
  if (!source) return refuse(request, no_bucket);
  const std::string* prefix = request.parameter("prefix");
  Response response;  // all in one page
  response.text = std::string(xml_declaration) + "<ListMultipartUploadsResult><Bucket>" +
                  xml_escape(request.bucket) + "</Bucket><IsTruncated>false</IsTruncated>";
  for (const auto& [id, upload] : source->uploads) {
    if (prefix && !upload.key.starts_with(*prefix)) continue;
    response.text += "<Upload><Key>" + xml_escape(upload.key) + "</Key><UploadId>" + id +
                     "</UploadId><Initiated>" + upload.initiated + "</Initiated></Upload>";
  }
  response.text += "</ListMultipartUploadsResult>";
  return response;
}

Response Service::list_parts(const Request& request, const Payload&) {
  std::shared_lock lock(mutex_);
  Bucket* source = bucket(request.bucket);
  if (!source) return refuse(request, no_bucket);
  const Upload* upload = find_upload(source, request);
  if (!upload) return refuse(request, no_upload);
  const std::string* marker = request.parameter("part-number-marker");
  const auto after = parse_number(marker ? *marker : "0").value_or(0);
  auto part = upload->parts.upper_bound(
      static_cast<unsigned>(std::min<unsigned long long>(after, part_number_max)));
  std::string parts;
  unsigned last = 0;
  for (int count = 0; part != upload->parts.end() && count < 1000; ++part, ++count) {
    last = part->first;
    parts += "<Part><PartNumber>" + std::to_string(last) + "</PartNumber><ETag>&quot;" +
             part->second.etag + "&quot;</ETag><Size>" + std::to_string(part->second.piece.size) +
             "</Size><ChecksumCRC64NVME>" + part->second.crc64nvme.base64() +
             "</ChecksumCRC64NVME></Part>";
  }
  const bool truncated = part != upload->parts.end();
  Response response;
  response.text = std::string(xml_declaration) + "<ListPartsResult><Bucket>" +
                  xml_escape(request.bucket) + "</Bucket><Key>" + xml_escape(request.key) +
                  "</Key><UploadId>" + *request.parameter("uploadId") + "</UploadId><IsTruncated>" +
                  (truncated ? "true" : "false") + "</IsTruncated><NextPartNumberMarker>" +
                  std::to_string(last) + "</NextPartNumberMarker>" + parts + "</ListPartsResult>";
  return response;
}

}  // namespace dth::bench
