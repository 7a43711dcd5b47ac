#pragma once

#include <string>
#include <vector>

#include "net/client/http_client.h"
#include "objects/object_store.h"
#include "objects/s3/vendor.h"

namespace dth::objects::s3 {

// Headers that carry an object's metadata, both ways.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
//
// Values travel as they are, but for user metadata that is not ASCII at a vendor that encodes it
// (VendorProfile): here it is UTF-8, so that what one store means is what the other is given.

// The answer to GET or HEAD. `key` is what was asked for; info.size is Content-Length, which a
// ranged GET corrects.
ObjectHead read_object_head(const net::HttpResponse& response, std::string key,
                            const VendorProfile& vendor);

// Takes out what has not the size of its algorithm's digests: moto states CRC32s under other names
// where it lacks a library.
void drop_malformed(Checksums* checksums);

// x-amz-checksum-*, as the answers of GET, HEAD, PUT and UploadPart carry them.
Checksums read_checksums(const net::HttpResponse& response);

// Without quotes.
std::string read_etag(const net::HttpResponse& response);

std::string quoted(const std::string& etag);

// All but Content-Encoding, which goes together with the encoding of signed chunks.
// Entries whose names no header can have are left out: the name of the first, or nothing.
std::string append_metadata(const ObjectMetadata& metadata, const VendorProfile& vendor,
                            net::HttpHeaders* headers);

// "aws-chunked" is an encoding of the request, not of the object: some servers store it.
std::string without_aws_chunked(std::string_view content_encoding);

void append_checksums(const Checksums& checksums, net::HttpHeaders* headers);

}  // namespace dth::objects::s3
