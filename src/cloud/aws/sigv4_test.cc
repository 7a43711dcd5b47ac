#include "cloud/aws/sigv4.h"

#include <gtest/gtest.h>

#include "base/encoding.h"

namespace dth::aws {
namespace {

using net::HttpHeaders;

// ----- The signing test suite of AWS (cases whose path is not normalised, as S3 does not) -----

constexpr std::string_view suite_scope = "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request";

TimePoint suite_time() { return *parse_time("2015-08-30T12:36:00Z"); }

struct SuiteCase {
  const char* name;
  const char* method;
  const char* path;  // not yet encoded
  QueryParameters query;
  HttpHeaders headers;
  const char* payload;
  const char* signed_headers;
  const char* signature;
};

class SigningSuite : public testing::TestWithParam<SuiteCase> {};

TEST_P(SigningSuite, AuthorizationIsThePublishedOne) {
  const SuiteCase& c = GetParam();
  const Credentials credentials{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", ""};
  Signer signer("service");
  HttpHeaders headers = c.headers;
  headers.push_back({"X-Amz-Date", format_amz_date(suite_time())});
  const std::string path = percent_encode(c.path, true);
  const std::string query = canonical_query(c.query);
  const std::string payload_hash = hash(HashAlgorithm::sha256, as_bytes(c.payload)).hex();
  const SigningInput input{.method = c.method,
                           .host = "example.amazonaws.com",
                           .path = path,
                           .query = query,
                           .headers = headers,
                           .payload_hash = payload_hash,
                           .region = "us-east-1"};
  EXPECT_EQ(signer.sign(credentials, input, suite_time()).authorization,
            "AWS4-HMAC-SHA256 Credential=" + std::string(suite_scope) +
                ", SignedHeaders=" + c.signed_headers + ", Signature=" + c.signature);
}

const char* const unreserved = "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

INSTANTIATE_TEST_SUITE_P(
    aws, SigningSuite,
    testing::Values(
        SuiteCase{"get_vanilla",
                  "GET",
                  "/",
                  {},
                  {},
                  "",
                  "host;x-amz-date",
                  "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
        SuiteCase{"get_unreserved",
                  "GET",
                  "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
                  {},
                  {},
                  "",
                  "host;x-amz-date",
                  "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"},
        SuiteCase{"get_utf8",
                  "GET",
                  "/\u1234",
                  {},
                  {},
                  "",
                  "host;x-amz-date",
                  "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"},
        SuiteCase{"get_space_unnormalized",
                  "GET",
                  "/example space/",
                  {},
                  {},
                  "",
                  "host;x-amz-date",
                  "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"},
        SuiteCase{"get_slashes_unnormalized",
                  "GET",
                  "//example//",
                  {},
                  {},
                  "",
                  "host;x-amz-date",
                  "87cca117541a147f6df867677d98a7d80dff226d2bfca9e4ffa899665623c7e5"},
        SuiteCase{"get_relative_unnormalized",
                  "GET",
                  "/example/..",
                  {},
                  {},
                  "",
                  "host;x-amz-date",
                  "eca7ead57bb5aa5c8e28007acd4ff04e1ff9a0ff3b237ec1554a184887ff9282"},
        SuiteCase{"get_vanilla_query_order_key_case",
                  "GET",
                  "/",
                  {{"Param2", "value2"}, {"Param1", "value1"}},
                  {},
                  "",
                  "host;x-amz-date",
                  "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
        SuiteCase{"get_vanilla_query_order_encoded",
                  "GET",
                  "/",
                  {{"Param-3", "Value3"}, {"Param", "Value2"}, {"\u1234", "Value1"}},
                  {},
                  "",
                  "host;x-amz-date",
                  "371d3713e185cc334048618a97f809c9ffe339c62934c032af5a0e595648fcac"},
        SuiteCase{"get_vanilla_query_unreserved",
                  "GET",
                  "/",
                  {{unreserved, unreserved}},
                  {},
                  "",
                  "host;x-amz-date",
                  "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
        SuiteCase{"get_vanilla_utf8_query",
                  "GET",
                  "/",
                  {{"\u1234", "bar"}},
                  {},
                  "",
                  "host;x-amz-date",
                  "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"},
        SuiteCase{"get_vanilla_with_session_token",
                  "GET",
                  "/",
                  {},
                  {{"X-Amz-Security-Token",
                    "6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267"}},
                  "",
                  "host;x-amz-date;x-amz-security-token",
                  "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8"},
        SuiteCase{"get_header_key_duplicate",
                  "GET",
                  "/",
                  {},
                  {{"My-Header1", "value2"}, {"My-Header1", "value2"}, {"My-Header1", "value1"}},
                  "",
                  "host;my-header1;x-amz-date",
                  "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"},
        SuiteCase{"get_header_value_order",
                  "GET",
                  "/",
                  {},
                  {{"My-Header1", "value4"},
                   {"My-Header1", "value1"},
                   {"My-Header1", "value3"},
                   {"My-Header1", "value2"}},
                  "",
                  "host;my-header1;x-amz-date",
                  "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"},
        SuiteCase{"get_header_value_trim",
                  "GET",
                  "/",
                  {},
                  {{"My-Header1", " value1"}, {"My-Header2", " \"a   b   c\""}},
                  "",
                  "host;my-header1;my-header2;x-amz-date",
                  "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
        SuiteCase{"post_vanilla",
                  "POST",
                  "/",
                  {},
                  {},
                  "",
                  "host;x-amz-date",
                  "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
        SuiteCase{"post_vanilla_query",
                  "POST",
                  "/",
                  {{"Param1", "value1"}},
                  {},
                  "",
                  "host;x-amz-date",
                  "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"},
        SuiteCase{"post_header_value_case",
                  "POST",
                  "/",
                  {},
                  {{"My-Header1", "VALUE1"}},
                  "",
                  "host;my-header1;x-amz-date",
                  "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"},
        SuiteCase{"post_x_www_form_urlencoded",
                  "POST",
                  "/",
                  {},
                  {{"Content-Type", "application/x-www-form-urlencoded"},
                   {"Content-Length", "13"},
                   {"x-amz-content-sha256",
                    "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e"}},
                  "Param1=value1",
                  "content-length;content-type;host;x-amz-content-sha256;x-amz-date",
                  "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"}),
    [](const auto& info) { return std::string(info.param.name); });

// ----- The examples of S3's documentation -----

const Credentials s3_credentials{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                                 ""};

TimePoint s3_time() { return *parse_time("2013-05-24T00:00:00Z"); }

struct S3Example {
  std::string method = "GET";
  std::string host = "examplebucket.s3.amazonaws.com";
  std::string path = "/";
  QueryParameters query = {};
  HttpHeaders headers = {};
  std::string payload_hash = std::string(empty_payload_hash);
};

Signature sign_example(Signer& signer, S3Example example) {
  example.headers.push_back({"x-amz-content-sha256", example.payload_hash});
  example.headers.push_back({"x-amz-date", format_amz_date(s3_time())});
  const std::string query = canonical_query(example.query);
  const SigningInput input{.method = example.method,
                           .host = example.host,
                           .path = example.path,
                           .query = query,
                           .headers = example.headers,
                           .payload_hash = example.payload_hash,
                           .region = "us-east-1"};
  return signer.sign(s3_credentials, input, s3_time());
}

TEST(sigv4_s3_examples, GetObjectWithRange) {
  Signer signer("s3");
  const auto signature =
      sign_example(signer, {.path = "/test.txt", .headers = {{"Range", "bytes=0-9"}}});
  EXPECT_EQ(signature.authorization,
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
}

TEST(sigv4_s3_examples, PutObject) {
  Signer signer("s3");
  const std::string payload_hash =
      hash(HashAlgorithm::sha256, as_bytes("Welcome to Amazon S3.")).hex();
  const auto signature =
      sign_example(signer, {.method = "PUT",
                            .path = percent_encode("/test$file.text", true),
                            .headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                                        {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                            .payload_hash = payload_hash});
  EXPECT_EQ(signature.signature.hex(),
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd");
}

TEST(sigv4_s3_examples, GetBucketLifecycle) {
  Signer signer("s3");
  EXPECT_EQ(sign_example(signer, {.query = {{"lifecycle", ""}}}).signature.hex(),
            "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543");
}

TEST(sigv4_s3_examples, ListObjects) {
  Signer signer("s3");
  EXPECT_EQ(sign_example(signer, {.query = {{"prefix", "J"}, {"max-keys", "2"}}}).signature.hex(),
            "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7");
}

TEST(sigv4_s3_examples, ChunkedUpload) {
  Signer signer("s3");
  const auto seed = sign_example(signer, {.method = "PUT",
                                          .host = "s3.amazonaws.com",
                                          .path = "/examplebucket/chunkObject.txt",
                                          .headers = {{"x-amz-storage-class", "REDUCED_REDUNDANCY"},
                                                      {"Content-Encoding", "aws-chunked"},
                                                      {"x-amz-decoded-content-length", "66560"},
                                                      {"Content-Length", "66824"}},
                                          .payload_hash = std::string(streaming_payload)});
  EXPECT_EQ(seed.signature.hex(),
            "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9");

  ChunkSigner chunks = signer.chunk_signer(seed);
  const std::string body(66560, 'a');
  EXPECT_EQ(
      chunks.header(as_bytes(body).subspan(0, 65536)),
      "10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n");
  EXPECT_EQ(
      chunks.header(as_bytes(body).subspan(65536)),
      "400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n");
  EXPECT_EQ(
      chunks.header({}),
      "0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n");
  EXPECT_EQ(ChunkSigner::encoded_size(66560, 65536), 66824u);
}

TEST(sigv4, EncodedSizeCountsEveryFrame) {
  const std::uint64_t last = 1 + 17 + 64 + 4;  // "0;chunk-signature=<64>\r\n\r\n"
  EXPECT_EQ(ChunkSigner::encoded_size(0, 65536), last);
  EXPECT_EQ(ChunkSigner::encoded_size(1, 65536), last + 1 + 85 + 1);
  EXPECT_EQ(ChunkSigner::encoded_size(65536, 65536), last + 5 + 85 + 65536);
  EXPECT_EQ(ChunkSigner::encoded_size(3 * 65536, 65536), last + 3 * (5 + 85 + 65536));
}

TEST(sigv4, TheKeyIsDerivedOnceADayRegionAndSecret) {
  Signer signer("s3");
  Credentials credentials{"id", "secret", ""};
  SigningInput input{.method = "GET",
                     .host = "h",
                     .path = "/",
                     .query = "",
                     .headers = {},
                     .payload_hash = "x",
                     .region = "us-east-1"};
  const auto first = signer.sign(credentials, input, s3_time()).authorization;
  EXPECT_EQ(signer.sign(credentials, input, s3_time()).authorization, first);
  EXPECT_EQ(signer.keys_derived(), 1u);
  signer.sign(credentials, input, s3_time() + std::chrono::hours(24));
  EXPECT_EQ(signer.keys_derived(), 2u);
  input.region = "eu-west-1";
  signer.sign(credentials, input, s3_time() + std::chrono::hours(24));
  EXPECT_EQ(signer.keys_derived(), 3u);
  credentials.secret_access_key = "other";
  signer.sign(credentials, input, s3_time() + std::chrono::hours(24));
  EXPECT_EQ(signer.keys_derived(), 4u);
}

TEST(sigv4, HeadersThatProxiesChangeAreNotSigned) {
  Signer signer("s3");
  const HttpHeaders headers{
      {"Accept-Encoding", "identity"}, {"User-Agent", "dth"}, {"Expect", "x"}, {"x-amz-date", "d"}};
  const SigningInput input{.method = "GET",
                           .host = "h",
                           .path = "/",
                           .query = "",
                           .headers = headers,
                           .payload_hash = "x",
                           .region = "r"};
  EXPECT_NE(signer.sign(s3_credentials, input, s3_time())
                .authorization.find("SignedHeaders=host;x-amz-date,"),
            std::string::npos);
}

// Blanks at both ends go, runs of blanks within become one: RFC 9110 allows proxies to do the same.
TEST(sigv4, ValuesAreSignedAsTheyLookWhenTrimmed) {
  const auto signature_of = [](std::string_view value) {
    Signer signer("s3");
    const HttpHeaders headers{{"x-amz-date", "d"}, {"x-amz-meta-a", value}};
    const SigningInput input{.method = "GET",
                             .host = "h",
                             .path = "/",
                             .query = "",
                             .headers = headers,
                             .payload_hash = "x",
                             .region = "r"};
    return signer.sign(s3_credentials, input, s3_time()).authorization;
  };
  const std::pair<const char*, const char*> cases[] = {
      {" a", "a"},     {"a ", "a"},       {"\ta", "a"}, {"a\t", "a"}, {"a  b", "a b"},
      {"a\tb", "a b"}, {"a \t b", "a b"}, {" ", ""},    {"\t", ""}};
  for (const auto& [value, trimmed] : cases)
    EXPECT_EQ(signature_of(value), signature_of(trimmed)) << value;
  EXPECT_NE(signature_of("a b"), signature_of("ab"));
  EXPECT_NE(signature_of(""), signature_of("a"));
}

TEST(sigv4, TheDateFollowsTheSecondForwardsAndBack) {
  Signer signer("s3");
  const TimePoint second = *parse_time("2026-01-02T03:04:05Z");
  EXPECT_EQ(signer.amz_date(second), "20260102T030405Z");
  EXPECT_EQ(signer.amz_date(second + std::chrono::microseconds(999'999)), "20260102T030405Z");
  EXPECT_EQ(signer.amz_date(second + std::chrono::seconds(1)), "20260102T030406Z");
  EXPECT_EQ(signer.amz_date(second - std::chrono::microseconds(1)), "20260102T030404Z");
}

// The body of a request goes on for as long as it takes: what is asked for meanwhile belongs to
// other requests.
TEST(sigv4, ChunksKeepTheDateOfTheirRequest) {
  const HttpHeaders headers{{"x-amz-date", "d"}};
  const SigningInput input{.method = "PUT",
                           .host = "h",
                           .path = "/",
                           .query = "",
                           .headers = headers,
                           .payload_hash = "x",
                           .region = "r"};
  Signer signer("s3"), other("s3");
  const Signature signature = signer.sign(s3_credentials, input, s3_time());
  const Signature same = other.sign(s3_credentials, input, s3_time());
  signer.amz_date(s3_time() + std::chrono::hours(1));
  EXPECT_EQ(signer.chunk_signer(signature).header(as_bytes("a")),
            other.chunk_signer(same).header(as_bytes("a")));
}

TEST(sigv4, DatesAreCutToSeconds) {
  EXPECT_EQ(format_amz_date(*parse_time("2026-01-02T03:04:05.999999Z")), "20260102T030405Z");
}

}  // namespace
}  // namespace dth::aws
