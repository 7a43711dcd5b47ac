#include "options.h"

#include <cstdio>
#include <cstdlib>

#include <getopt.h>

#include "request.h"

namespace dth::bench {
namespace {

constexpr const char* usage =
    R"(bench_s3_server --port N [options]: an S3 server in memory, on 127.0.0.1, that checks what it is sent

  --threads N                        event loops (1)
  --etag md5|crc                     crc: a cheap ETag, no MD5 (md5)
  --discard [--discard-min BYTES]    check bodies of that size and more (65536), but do not keep them
  --no-checksums                     answer no x-amz-checksum-* headers
  --verify-signatures                refuse what AWS Signature Version 4 does not cover
  --access-key ID --secret-key KEY   (TESTACCESSKEY, testsecretkey)
  --bucket NAME                      exists from the start; may be repeated
  --synthetic BUCKET:PREFIX:COUNT:SIZE
                                     objects PREFIX000000000... of SIZE bytes that take no memory; may be repeated
  --delay-ms N                       wait before each answer
  --throttle-percent P               answer that share of requests with 503 SlowDown
  --tls-certificate FILE --tls-key FILE

GET /_bench/counts tells the requests seen, POST /_bench/reset forgets them.
)";

[[noreturn]] void refuse(const std::string& why) {
  std::fprintf(stderr, "bench_s3_server: %s\n\n%s", why.c_str(), usage);
  std::exit(2);
}

std::uint64_t number(std::string_view text, const char* what, std::uint64_t max) {
  const auto value = parse_number(text);
  if (!value || *value > max)
    refuse(std::string(what) + ": not a number up to " + std::to_string(max) + ": " +
           std::string(text));
  return *value;
}

SyntheticOptions synthetic(std::string_view text) {
  std::string_view fields[4];
  for (int i = 3; i > 0; --i) {  // from the right: the prefix may hold colons
    if (i == 1) break;
    const std::size_t colon = text.rfind(':');
    if (colon == text.npos) refuse("--synthetic wants BUCKET:PREFIX:COUNT:SIZE");
    fields[i] = text.substr(colon + 1);
    text = text.substr(0, colon);
  }
  const std::size_t colon = text.find(':');
  if (colon == text.npos) refuse("--synthetic wants BUCKET:PREFIX:COUNT:SIZE");
  return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1)),
          number(fields[2], "--synthetic COUNT", 1'000'000'000),
          number(fields[3], "--synthetic SIZE", 1ULL << 46)};
}

enum Option {
  port = 1,
  threads,
  etag,
  discard,
  discard_min,
  no_checksums,
  verify_signatures,
  access_key,
  secret_key,
  bucket,
  synthetic_objects,
  delay_ms,
  throttle_percent,
  tls_certificate,
  tls_key
};
constexpr option known[] = {{"port", 1, nullptr, port},
                            {"threads", 1, nullptr, threads},
                            {"etag", 1, nullptr, etag},
                            {"discard", 0, nullptr, discard},
                            {"discard-min", 1, nullptr, discard_min},
                            {"no-checksums", 0, nullptr, no_checksums},
                            {"verify-signatures", 0, nullptr, verify_signatures},
                            {"access-key", 1, nullptr, access_key},
                            {"secret-key", 1, nullptr, secret_key},
                            {"bucket", 1, nullptr, bucket},
                            {"synthetic", 1, nullptr, synthetic_objects},
                            {"delay-ms", 1, nullptr, delay_ms},
                            {"throttle-percent", 1, nullptr, throttle_percent},
                            {"tls-certificate", 1, nullptr, tls_certificate},
                            {"tls-key", 1, nullptr, tls_key},
                            {nullptr, 0, nullptr, 0}};

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  for (int found; (found = getopt_long(argc, argv, "", known, nullptr)) != -1;) {
    switch (found) {
      case port:
        options.port = static_cast<std::uint16_t>(number(optarg, "--port", 65535));
        break;
      case threads:
        options.threads = static_cast<unsigned>(number(optarg, "--threads", 64));
        break;
      case etag:
        if (std::string_view(optarg) != "md5" && std::string_view(optarg) != "crc")
          refuse("--etag wants md5 or crc");
        options.etag = std::string_view(optarg) == "crc" ? EtagKind::crc : EtagKind::md5;
        break;
      case discard:
        options.discard = true;
        break;
      case discard_min:
        options.discard_bytes_min = number(optarg, "--discard-min", UINT64_MAX);
        break;
      case no_checksums:
        options.checksums = false;
        break;
      case verify_signatures:
        options.verify_signatures = true;
        break;
      case access_key:
        options.access_key_id = optarg;
        break;
      case secret_key:
        options.secret_access_key = optarg;
        break;
      case bucket:
        options.buckets.emplace_back(optarg);
        break;
      case synthetic_objects:
        options.synthetic.push_back(synthetic(optarg));
        break;
      case delay_ms:
        options.delay_ms = static_cast<unsigned>(number(optarg, "--delay-ms", 60'000));
        break;
      case throttle_percent:
        options.throttle_percent = std::strtod(optarg, nullptr);
        break;
      case tls_certificate:
        options.tls_certificate_path = optarg;
        break;
      case tls_key:
        options.tls_key_path = optarg;
        break;
      default:
        refuse("an option was not understood");
    }
  }
  if (optind != argc) refuse(std::string("not an option: ") + argv[optind]);
  if (options.port == 0) refuse("--port is missing");
  if (options.threads == 0) refuse("--threads wants at least 1");
  if (options.tls_certificate_path.empty() != options.tls_key_path.empty())
    refuse("TLS wants a certificate and a key");
  return options;
}

}  // namespace dth::bench
