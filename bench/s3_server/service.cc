#include "service.h"

#include <algorithm>

#include "xml.h"

namespace dth::bench {
namespace {

// What a request asks for; by method and query, as S3 tells its operations apart.
Operation classify(const Request& request) {
  const std::string& method = request.method;
  const bool uploads = request.parameter("uploads") != nullptr;
  const bool upload = request.parameter("uploadId") != nullptr;
  if (request.bucket.empty()) return method == "GET" ? Operation::list_buckets : Operation::unknown;
  static constexpr std::string_view subresources[] = {
      "location",   "versioning", "tagging", "acl",     "object-lock", "policy",
      "encryption", "lifecycle",  "cors",    "website", "versions"};
  const bool subresource =
      std::any_of(std::begin(subresources), std::end(subresources),
                  [&](std::string_view name) { return request.parameter(name) != nullptr; });
  if (subresource) return method == "GET" ? Operation::get_subresource : Operation::unknown;
  if (request.key.empty()) {
    if (method == "HEAD") return Operation::head_bucket;
    if (method == "PUT") return Operation::create_bucket;
    if (method == "POST" && request.parameter("delete")) return Operation::delete_objects;
    if (method != "GET") return Operation::unknown;
    if (uploads) return Operation::list_multipart_uploads;
    const std::string* type = request.parameter("list-type");
    return type != nullptr && *type == "2" ? Operation::list_objects_v2
                                           : Operation::list_objects_v1;
  }
  if (method == "PUT" && request.header("x-amz-copy-source")) return Operation::unknown;
  if (method == "PUT") return upload ? Operation::upload_part : Operation::put_object;
  if (method == "GET") return upload ? Operation::list_parts : Operation::get_object;
  if (method == "HEAD") return Operation::head_object;
  if (method == "DELETE")
    return upload ? Operation::abort_multipart_upload : Operation::delete_object;
  if (method == "POST" && uploads) return Operation::create_multipart_upload;
  if (method == "POST" && upload) return Operation::complete_multipart_upload;
  return Operation::unknown;
}

}  // namespace

Service::Service(const Options& options) : options_(options) {
  for (const std::string& name : options.buckets) buckets_[name];
  for (const SyntheticOptions& synthetic : options.synthetic) {
    buckets_[synthetic.bucket].synthetic.push_back(
        std::make_shared<SyntheticRange>(synthetic, options.etag));
  }
}

Bucket* Service::bucket(const std::string& name) {
  const auto found = buckets_.find(name);
  return found == buckets_.end() ? nullptr : &found->second;
}

Service::Admission Service::admit(const Request& request) {
  Admission admission;
  admission.operation = classify(request);
  admission.is_object =
      admission.operation == Operation::put_object || admission.operation == Operation::upload_part;
  counters_.add_request(admission.operation);
  if (options_.verify_signatures) {
    ChunkSigner signer;
    admission.error =
        check_signature(request, {options_.access_key_id, options_.secret_access_key}, &signer);
    if (!admission.error) admission.signer = std::move(signer);
  }
  // A fixed sequence, the golden ratio's, spreads refusals evenly and alike in every run.
  const double turn = static_cast<double>(sequence_++) * 0.6180339887498949;
  if ((turn - static_cast<double>(static_cast<std::uint64_t>(turn))) * 100 <
      options_.throttle_percent) {
    admission.error = S3Error{503, "SlowDown", "Please reduce your request rate."};
  }
  if (!admission.error && admission.operation == Operation::unknown) {
    admission.error = S3Error{501, "NotImplemented",
                              "this server does not know " + request.method + " with that query"};
  }
  return admission;
}

Response Service::handle(const Request& request, const Admission& admission,
                         const Payload& payload) {
  static constexpr Handler handlers[] = {&Service::put_object,
                                         &Service::get_object,
                                         &Service::get_object,
                                         &Service::delete_object,
                                         &Service::delete_objects,
                                         &Service::list_objects,
                                         &Service::list_objects,
                                         &Service::create_multipart_upload,
                                         &Service::upload_part,
                                         &Service::complete_multipart_upload,
                                         &Service::abort_multipart_upload,
                                         &Service::list_multipart_uploads,
                                         &Service::list_parts,
                                         &Service::head_bucket,
                                         &Service::create_bucket,
                                         &Service::list_buckets,
                                         &Service::get_subresource};
  static_assert(std::size(handlers) == static_cast<std::size_t>(Operation::unknown));
  return (this->*handlers[static_cast<std::size_t>(admission.operation)])(request, payload);
}

Response Service::refuse(const Request& request, const S3Error& error) {
  Response response;
  response.status = error.status;
  if (error.status == 304) return response;
  response.headers = "Content-Type: application/xml\r\n";
  response.text = std::string(xml_declaration) + "<Error><Code>" + error.code + "</Code><Message>" +
                  xml_escape(error.message) + "</Message><Resource>" + xml_escape(request.path) +
                  "</Resource></Error>";
  response.no_body = request.method == "HEAD";
  return response;
}

Response Service::head_bucket(const Request& request, const Payload&) {
  std::shared_lock lock(mutex_);
  if (!bucket(request.bucket))
    return refuse(request, {404, "NoSuchBucket", "The specified bucket does not exist"});
  Response response;
  response.headers = "x-amz-bucket-region: us-east-1\r\n";
  response.no_body = true;
  return response;
}

Response Service::create_bucket(const Request& request, const Payload&) {
  std::unique_lock lock(mutex_);
  buckets_[request.bucket];
  Response response;
  response.headers = "Location: /" + request.bucket + "\r\n";
  return response;
}

Response Service::list_buckets(const Request&, const Payload&) {
  std::shared_lock lock(mutex_);
  Response response;
  response.text = std::string(xml_declaration) +
                  "<ListAllMyBucketsResult><Owner><ID>bench</ID></Owner><Buckets>";
  for (const auto& [name, unused] : buckets_) {
    response.text += "<Bucket><Name>" + xml_escape(name) +
                     "</Name><CreationDate>2026-01-01T00:00:00.000Z</CreationDate></Bucket>";
  }
  response.text += "</Buckets></ListAllMyBucketsResult>";
  return response;
}

Response Service::get_subresource(const Request& request, const Payload&) {
  Response response;
  response.headers = "Content-Type: application/xml\r\n";
  if (request.parameter("location")) {
    response.text = std::string(xml_declaration) +
                    "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>";
  } else if (request.parameter("versioning")) {
    response.text = std::string(xml_declaration) + "<VersioningConfiguration/>";
  } else if (request.parameter("tagging") && !request.key.empty()) {
    response.text = std::string(xml_declaration) + "<Tagging><TagSet/></Tagging>";
  } else {
    return refuse(request, {501, "NotImplemented", "this server does not know that subresource"});
  }
  return response;
}

}  // namespace dth::bench
