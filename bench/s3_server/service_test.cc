#include "service.h"

#include <gtest/gtest.h>

#include "aws_chunked.h"
#include "signature.h"

namespace dth::bench {
namespace {

Request request(std::string_view head) { return parse_request(head).value(); }

// Sends one request with its body in one piece.
Response send(Service& service, std::string_view head, std::string_view body) {
  const Request parsed =
      request(std::string(head) + "\r\nContent-Length: " + std::to_string(body.size()));
  const Service::Admission admission = service.admit(parsed);
  Payload payload(parsed, service.options(), admission.is_object, admission.signer);
  payload.take(body);
  const auto wrong = payload.finish();
  if (admission.error) return Service::refuse(parsed, *admission.error);
  return wrong ? Service::refuse(parsed, *wrong) : service.handle(parsed, admission, payload);
}

Options options_with_bucket() {
  Options options;
  options.buckets = {"b"};
  return options;
}

TEST(AwsChunkedDecoder, DecodesWhereverTheBytesAreSplit) {
  const std::string wire =
      "3;chunk-signature=aa\r\nabc\r\n2\r\nde\r\n0\r\nx-amz-checksum-crc32c: zz==\r\n\r\n";
  for (std::size_t split = 0; split <= wire.size(); ++split) {
    std::string data;
    std::vector<std::string> signatures;
    AwsChunkedDecoder decoder({[&](std::string_view bytes) { data += bytes; },
                               [&](std::string_view signature) {
                                 signatures.emplace_back(signature);
                                 return true;
                               }});
    ASSERT_TRUE(decoder.feed(std::string_view(wire).substr(0, split))) << split;
    ASSERT_TRUE(decoder.feed(std::string_view(wire).substr(split))) << split << decoder.error();
    EXPECT_TRUE(decoder.done());
    EXPECT_EQ(data, "abcde");
    EXPECT_EQ(signatures, (std::vector<std::string>{"aa", "", ""}));
    ASSERT_EQ(decoder.trailers().size(), 1u);
    EXPECT_EQ(decoder.trailers()[0],
              (std::pair<std::string, std::string>("x-amz-checksum-crc32c", "zz==")));
  }
}

TEST(AwsChunkedDecoder, RefusesAChunkLongerThanItSays) {
  AwsChunkedDecoder decoder({[](std::string_view) {}, [](std::string_view) { return true; }});
  EXPECT_FALSE(decoder.feed("1\r\nabc\r\n0\r\n\r\n"));
}

// The example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
TEST(Signature, AgreesWithAmazonsExampleOfAChunkedUpload) {
  const Request put = request(
      "PUT /examplebucket/chunkObject.txt HTTP/1.1\r\nHost: s3.amazonaws.com\r\nx-amz-date: "
      "20130524T000000Z\r\n"
      "x-amz-storage-class: REDUCED_REDUNDANCY\r\nx-amz-content-sha256: "
      "STREAMING-AWS4-HMAC-SHA256-PAYLOAD\r\n"
      "Content-Encoding: aws-chunked\r\nx-amz-decoded-content-length: 66560\r\nContent-Length: "
      "66824\r\n"
      "Authorization: AWS4-HMAC-SHA256 "
      "Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
      "SignedHeaders=content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-"
      "decoded-content-length;"
      "x-amz-storage-class,Signature="
      "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");
  const Keys keys{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
  ChunkSigner signer;
  const auto wrong = check_signature(put, keys, &signer);
  ASSERT_FALSE(wrong) << wrong->message;
  const auto digest = [](std::size_t size) {
    return hash(HashAlgorithm::sha256, as_bytes(std::string(size, 'a')));
  };
  EXPECT_TRUE(signer.check_chunk(
      digest(65536), "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"));
  EXPECT_TRUE(signer.check_chunk(
      digest(1024), "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"));
  EXPECT_TRUE(signer.check_chunk(
      digest(0), "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"));
  EXPECT_EQ(check_signature(put, {keys.access_key_id, "another"}, &signer)->code,
            "SignatureDoesNotMatch");
}

TEST(Service, ChecksWhatItIsSent) {
  Service service(options_with_bucket());
  const std::string put = "PUT /b/k HTTP/1.1\r\nHost: h\r\n";
  const Digest md5 = hash(HashAlgorithm::md5, as_bytes("hello"));
  const Digest crc = hash(HashAlgorithm::crc64nvme, as_bytes("hello"));
  const Digest sha = hash(HashAlgorithm::sha256, as_bytes("hello"));
  const std::string good[] = {
      "Content-MD5: " + md5.base64(), "x-amz-checksum-crc64nvme: " + crc.base64(),
      "x-amz-checksum-sha256: " + sha.base64(), "x-amz-content-sha256: " + sha.hex(),
      "x-amz-content-sha256: UNSIGNED-PAYLOAD"};
  for (const std::string& header : good) {
    EXPECT_EQ(send(service, put + header, "hello").status, 200) << header;
    if (header.ends_with("UNSIGNED-PAYLOAD")) continue;
    EXPECT_EQ(send(service, put + header, "hellO").status, 400) << header;
  }
  EXPECT_NE(send(service, put + "X: y", "hello").headers.find("ETag: \"" + md5.hex() + "\""),
            std::string::npos);
}

TEST(Service, ChecksTheTrailerOfAChunkedBody) {
  Service service(options_with_bucket());
  const std::string put =
      "PUT /b/k HTTP/1.1\r\nHost: h\r\nx-amz-content-sha256: STREAMING-UNSIGNED-PAYLOAD-TRAILER\r\n"
      "x-amz-decoded-content-length: 5\r\nx-amz-trailer: x-amz-checksum-crc64nvme";
  const std::string crc = hash(HashAlgorithm::crc64nvme, as_bytes("hello")).base64();
  EXPECT_EQ(
      send(service, put, "5\r\nhello\r\n0\r\nx-amz-checksum-crc64nvme:" + crc + "\r\n\r\n").status,
      200);
  EXPECT_EQ(
      send(service, put, "5\r\nhellO\r\n0\r\nx-amz-checksum-crc64nvme:" + crc + "\r\n\r\n").status,
      400);
  EXPECT_EQ(send(service, put, "5\r\nhello\r\n0\r\n\r\n").status, 400);
  EXPECT_EQ(
      send(service, put, "4\r\nhell\r\n0\r\nx-amz-checksum-crc64nvme:" + crc + "\r\n\r\n").status,
      400);
}

TEST(Service, ListsStoredAndSyntheticKeysInOrderPageByPage) {
  Options options;
  options.synthetic = {{"b", "many/", 2500, 10}};
  Service service(options);
  ASSERT_EQ(send(service, "PUT /b/many/000000001a HTTP/1.1\r\nHost: h", "x").status, 200);
  ASSERT_EQ(send(service, "PUT /b/zz HTTP/1.1\r\nHost: h", "x").status, 200);
  std::vector<std::string> keys;
  std::string token;
  for (int page = 0; page < 4; ++page) {
    const std::string text =
        send(service,
             "GET /b?list-type=2" + (token.empty() ? "" : "&continuation-token=" + token) +
                 " HTTP/1.1\r\nHost: h",
             "")
            .text;
    for (std::size_t at = 0; (at = text.find("<Key>", at)) != text.npos; ++at) {
      keys.push_back(text.substr(at + 5, text.find("</Key>", at) - at - 5));
    }
    const std::size_t next = text.find("<NextContinuationToken>");
    if (next == text.npos) break;
    token = text.substr(next + 23, text.find("</Next", next) - next - 23);
  }
  ASSERT_EQ(keys.size(), 2502u);
  EXPECT_TRUE(std::is_sorted(keys.begin(), keys.end()));
  EXPECT_EQ(keys[2], "many/000000001a");
  EXPECT_EQ(keys.back(), "zz");
  const std::string folded =
      send(service, "GET /b?list-type=2&delimiter=%2F HTTP/1.1\r\nHost: h", "").text;
  EXPECT_NE(folded.find("<KeyCount>2</KeyCount>"), std::string::npos) << folded;
}

TEST(Service, MultipartUploadRemembersItsPartsAndChecksTheWhole) {
  Service service(options_with_bucket());
  const std::string created = send(service, "POST /b/k?uploads HTTP/1.1\r\nHost: h", "").text;
  const std::size_t start = created.find("<UploadId>") + 10;
  const std::string query =
      "uploadId=" + created.substr(start, created.find("</UploadId>") - start);
  const std::string first(5 << 20, 'a');
  std::string document = "<CompleteMultipartUpload>";
  for (const std::string& body : {first, std::string("tail")}) {
    const std::string number = body == first ? "1" : "2";
    ASSERT_EQ(
        send(service, "PUT /b/k?partNumber=" + number + "&" + query + " HTTP/1.1\r\nHost: h", body)
            .status,
        200);
    document += "<Part><PartNumber>" + number + "</PartNumber><ETag>\"" +
                hash(HashAlgorithm::md5, as_bytes(body)).hex() + "\"</ETag></Part>";
  }
  document += "</CompleteMultipartUpload>";
  const std::string complete =
      "POST /b/k?" + query + " HTTP/1.1\r\nHost: h\r\nx-amz-checksum-crc64nvme: ";
  EXPECT_EQ(send(service, complete + "AAAAAAAAAAA=", document).status, 400);
  const std::string crc = hash(HashAlgorithm::crc64nvme, as_bytes(first + "tail")).base64();
  const Response done = send(service, complete + crc, document);
  EXPECT_EQ(done.status, 200) << done.text;
  EXPECT_NE(done.text.find("-2&quot;"), std::string::npos);
  const Response got =
      send(service, "GET /b/k HTTP/1.1\r\nHost: h\r\nRange: bytes=5242879-5242881", "");
  EXPECT_EQ(got.status, 206);
  EXPECT_EQ(got.length, 3u);
  EXPECT_EQ(send(service, complete + crc, document).status, 404);
}

TEST(Service, ConditionsHold) {
  Service service(options_with_bucket());
  EXPECT_EQ(send(service, "PUT /b/k HTTP/1.1\r\nHost: h\r\nIf-None-Match: *", "x").status, 200);
  EXPECT_EQ(send(service, "PUT /b/k HTTP/1.1\r\nHost: h\r\nIf-None-Match: *", "x").status, 412);
  EXPECT_EQ(send(service, "GET /b/k HTTP/1.1\r\nHost: h\r\nIf-Match: \"other\"", "").status, 412);
  EXPECT_EQ(send(service, "GET /b/nothing HTTP/1.1\r\nHost: h", "").status, 404);
}

}  // namespace
}  // namespace dth::bench
