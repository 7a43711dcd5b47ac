#include "control/endpoints/endpoint_templates.h"

#include <algorithm>

namespace dth::control {
namespace {

using Value = EndpointTemplate::Value;

constexpr std::string_view asks_region[] = {"region"};
constexpr std::string_view asks_url[] = {"endpoint-url"};

constexpr Value aws[] = {{"region", "us-east-1"}};
constexpr Value aws_cn[] = {{"region", "cn-north-1"}};
constexpr Value aws_us_gov[] = {{"region", "us-gov-west-1"}};
constexpr Value aws_eusc[] = {{"region", "eusc-de-east-1"}};
constexpr Value aws_iso[] = {{"region", "us-iso-east-1"}};
constexpr Value aws_iso_b[] = {{"region", "us-isob-east-1"}};
constexpr Value aws_iso_e[] = {{"region", "eu-isoe-west-1"}};
constexpr Value aws_iso_f[] = {{"region", "us-isof-south-1"}};
constexpr Value ceph[] = {{"endpoint-url", "https://ceph.example.org"},
                          {"region", "us-east-1"},
                          {"vendor", "ceph"},
                          {"addressing", "path"}};
constexpr Value minio[] = {{"endpoint-url", "https://minio.example.org:9000"},
                           {"region", "us-east-1"},
                           {"vendor", "minio"},
                           {"addressing", "path"}};
constexpr Value r2[] = {{"endpoint-url", "https://ACCOUNT.r2.cloudflarestorage.com"},
                        {"region", "auto"}};
constexpr Value google[] = {{"endpoint-url", "https://storage.googleapis.com"}, {"region", "auto"}};
constexpr Value backblaze[] = {{"endpoint-url", "https://s3.{region}.backblazeb2.com"},
                               {"region", "us-west-004"}};
constexpr Value wasabi[] = {{"endpoint-url", "https://s3.{region}.wasabisys.com"},
                            {"region", "us-east-1"}};
constexpr Value alibaba[] = {{"endpoint-url", "https://s3.oss-{region}.aliyuncs.com"},
                             {"region", "cn-hangzhou"}};
constexpr Value tencent[] = {{"endpoint-url", "https://cos.{region}.myqcloud.com"},
                             {"region", "ap-guangzhou"}};
constexpr Value huawei[] = {{"endpoint-url", "https://obs.{region}.myhuaweicloud.com"},
                            {"region", "cn-north-4"}};
constexpr Value other[] = {{"endpoint-url", "https://s3.example.org"}};

constexpr std::string_view aws_help =
    "Buckets of this partition of AWS. Identities and buckets of one partition mean nothing in "
    "another one.";
constexpr std::string_view aws_page = "https://docs.aws.amazon.com/general/latest/gr/s3.html";

constexpr EndpointTemplate table[] = {
    {"aws", "Amazon S3", "s3", aws, asks_region, "Buckets of AWS's commercial regions.", aws_page},
    {"aws-cn", "Amazon S3, China", "s3", aws_cn, asks_region, aws_help,
     "https://docs.amazonaws.cn/en_us/aws/latest/userguide/endpoints-Beijing.html"},
    {"aws-us-gov", "Amazon S3, AWS GovCloud (US)", "s3", aws_us_gov, asks_region, aws_help,
     aws_page},
    {"aws-eusc", "Amazon S3, European Sovereign Cloud", "s3", aws_eusc, asks_region, aws_help,
     aws_page},
    {"aws-iso", "Amazon S3, AWS Top Secret", "s3", aws_iso, asks_region, aws_help, aws_page},
    {"aws-iso-b", "Amazon S3, AWS Secret", "s3", aws_iso_b, asks_region, aws_help, aws_page},
    {"aws-iso-e", "Amazon S3, AWS ISO-E", "s3", aws_iso_e, asks_region, aws_help, aws_page},
    {"aws-iso-f", "Amazon S3, AWS ISO-F", "s3", aws_iso_f, asks_region, aws_help, aws_page},
    {"ceph", "Ceph Object Gateway", "s3", ceph, asks_url,
     "The address of a gateway or of the balancer before it.",
     "https://docs.ceph.com/en/latest/radosgw/s3/"},
    {"minio", "MinIO", "s3", minio, asks_url,
     "The address of the S3 API, mostly at port 9000; the console has another port.",
     "https://min.io/docs/minio/linux/index.html"},
    {"cloudflare-r2", "Cloudflare R2", "s3", r2, asks_url,
     "Put the account's id into the address. Buckets of a jurisdiction have its name before "
     "r2.cloudflarestorage.com: ACCOUNT.eu.r2.cloudflarestorage.com.",
     "https://developers.cloudflare.com/r2/api/s3/api/"},
    {"google",
     "Google Cloud Storage",
     "s3",
     google,
     {},
     "Uses the XML API. It takes HMAC keys, which belong to a service account or a user.",
     "https://cloud.google.com/storage/docs/interoperability"},
    {"backblaze", "Backblaze B2", "s3", backblaze, asks_region,
     "The region is part of the endpoint that the page of a bucket shows. The master application "
     "key does not work here: create another one.",
     "https://www.backblaze.com/apidocs/introduction-to-the-s3-compatible-api"},
    {"wasabi", "Wasabi", "s3", wasabi, asks_region, "The region of the buckets.",
     "https://docs.wasabi.com/docs/rest-api-introduction"},
    {"alibaba-oss", "Alibaba Cloud OSS", "s3", alibaba, asks_region,
     "The region without the prefix oss-, such as cn-hangzhou. New accounts reach buckets in "
     "mainland China only by a domain of their own: give that as the address.",
     "https://www.alibabacloud.com/help/en/oss/developer-reference/"
     "use-amazon-s3-sdks-to-access-oss"},
    {"tencent-cos", "Tencent Cloud COS", "s3", tencent, asks_region,
     "The region of the buckets. Names of buckets end with the APPID: examplebucket-1250000000.",
     "https://www.tencentcloud.com/document/product/436/32537"},
    {"huawei-obs", "Huawei Cloud OBS", "s3", huawei, asks_region, "The region of the buckets.",
     "https://support.huaweicloud.com/api-obs/zh-cn_topic_0031051947.html"},
    {"s3", "Another S3-compatible store", "s3", other, asks_url,
     "The address and, if the store has any, the region.", ""},
    {"directory",
     "Local directory",
     "file",
     {},
     {},
     "Directories of the hub's host, or mounted there. Only administrators create such endpoints.",
     ""},
};

}  // namespace

std::span<const EndpointTemplate> endpoint_templates() { return table; }

const EndpointTemplate* find_endpoint_template(std::string_view name) {
  const auto* found = std::ranges::find(table, name, &EndpointTemplate::name);
  return found == std::end(table) ? nullptr : found;
}

}  // namespace dth::control
