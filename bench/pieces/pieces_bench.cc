// What the hot pieces cost by themselves: signing, hashes, listings, merge, ledger lines, jobs in
// and out of the state.
#include <cstdlib>
#include <filesystem>

#include <benchmark/benchmark.h>

#include "base/hash.h"
#include "cloud/aws/sigv4.h"
#include "ledger/ledger.h"
#include "objects/s3/list_parser.h"
#include "plugins/object_copy/counters.h"
#include "plugins/object_copy/payloads.h"
#include "plugins/object_copy/rules/merge.h"
#include "state/sqlite_state.h"

namespace {

using namespace dth;
constexpr TimePoint now(std::chrono::hours(24 * 365 * 56));
constexpr int page_keys = 1000;

std::string key(int number) {
  const std::string digits = std::to_string(number);
  return "photos/2026/" + std::string(9 - digits.size(), '0') + digits + ".jpg";
}

std::vector<objects::ObjectInfo> page() {
  std::vector<objects::ObjectInfo> objects(page_keys);
  for (int i = 0; i < page_keys; ++i) {
    objects[static_cast<std::size_t>(i)].key = key(i);
    objects[static_cast<std::size_t>(i)].size = 4096;
    objects[static_cast<std::size_t>(i)].etag = "d41d8cd98f00b204e9800998ecf8427e";
    objects[static_cast<std::size_t>(i)].last_modified = now;
  }
  return objects;
}

void sign(benchmark::State& state) {
  aws::Signer signer("s3");
  aws::Credentials credentials;
  credentials.access_key_id = "AKIDEXAMPLE";
  credentials.secret_access_key = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  const net::HttpHeaders headers = {{"If-Match", "\"d41d8cd98f00b204e9800998ecf8427e\""},
                                    {"x-amz-checksum-mode", "ENABLED"},
                                    {"x-amz-content-sha256", std::string(aws::unsigned_payload)},
                                    {"x-amz-date", aws::format_amz_date(now)}};
  const std::string path = "/bucket/" + key(7);
  for (auto _ : state) {
    benchmark::DoNotOptimize(signer.sign(credentials,
                                         {.method = "GET",
                                          .host = "s3.eu-central-1.amazonaws.com",
                                          .path = path,
                                          .query = "",
                                          .headers = headers,
                                          .payload_hash = aws::unsigned_payload,
                                          .region = "eu-central-1"},
                                         now));
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(sign);

void hash_bytes(benchmark::State& state, HashAlgorithm algorithm) {
  const std::string bytes(1 << 20, 'x');
  for (auto _ : state) benchmark::DoNotOptimize(hash(algorithm, as_bytes(bytes)));
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}
BENCHMARK_CAPTURE(hash_bytes, crc64nvme, HashAlgorithm::crc64nvme);
BENCHMARK_CAPTURE(hash_bytes, crc32c, HashAlgorithm::crc32c);
BENCHMARK_CAPTURE(hash_bytes, md5, HashAlgorithm::md5);
BENCHMARK_CAPTURE(hash_bytes, sha256, HashAlgorithm::sha256);

void parse_listing(benchmark::State& state) {
  std::string xml = "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated>";
  for (const objects::ObjectInfo& object : page()) {
    xml += "<Contents><Key>" + object.key +
           "</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>&quot;" + object.etag +
           "&quot;</ETag><Size>4096</Size><StorageClass>STANDARD</StorageClass></Contents>";
  }
  xml += "</ListBucketResult>";
  for (auto _ : state) {
    auto listing = objects::s3::parse_listing(xml);
    if (listing.has_error() || listing->objects.size() != page_keys) std::abort();
  }
  state.SetItemsProcessed(state.iterations() * page_keys);
}
BENCHMARK(parse_listing);

void merge_pages(benchmark::State& state) {
  const auto objects = page();
  for (auto _ : state) {
    object_copy::MergeSide source("source", ""), destination("destination", "");
    if (source.feed(objects, true).has_error() || destination.feed(objects, true).has_error())
      std::abort();
    int same = 0;
    object_copy::merge(source, destination,
                       [&](const objects::ObjectInfo& from, const objects::ObjectInfo* to) {
                         same += to != nullptr && from.size == to->size;
                         return true;
                       });
    if (same != page_keys) std::abort();
  }
  state.SetItemsProcessed(state.iterations() * page_keys);
}
BENCHMARK(merge_pages);

void ledger_line(benchmark::State& state) {
  const ledger::Line line{.key = key(7),
                          .outcome = ledger::Outcome::copied,
                          .size = 4096,
                          .source_etag = "d41d8cd98f00b204e9800998ecf8427e",
                          .destination_etag = "d41d8cd98f00b204e9800998ecf8427e",
                          .proof = ledger::ProofKind::source_checksum,
                          .algorithm = "CRC64NVME",
                          .checksum = "0011223344556677",
                          .at = now};
  ledger::LineBuffer lines;
  for (auto _ : state) {
    if (lines.items() == page_keys) lines = {};
    lines.add(line);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(ledger_line);

object_copy::CopyPayload batch() {
  object_copy::CopyPayload payload;
  for (const objects::ObjectInfo& object : page()) {
    payload.items.push_back(
        {.key = object.key, .size = object.size, .etag = object.etag, .modified = now});
  }
  return payload;
}

void batch_there_and_back(benchmark::State& state) {
  const object_copy::CopyPayload payload = batch();
  for (auto _ : state) {
    auto read = object_copy::parse_copy_payload(object_copy::to_json(payload));
    if (read.has_error() || read->items.size() != page_keys) std::abort();
  }
  state.SetItemsProcessed(state.iterations() * page_keys);
}
BENCHMARK(batch_there_and_back);

// A job claimed, finished, and one inserted in its place, each on the disk: two transactions.
void claim_and_finish(benchmark::State& state) {
  const auto directory = std::filesystem::temp_directory_path() / "dth-pieces-bench";
  std::filesystem::remove_all(directory);
  std::filesystem::create_directories(directory);
  {
    auto opened = state::open_sqlite_state({(directory / "state.db").string()});
    if (opened.has_error()) std::abort();
    state::State& run_state = **opened;
    const state::NewJob job{
        .kind = "copy", .payload = object_copy::to_json(batch()), .items = page_keys};
    if (run_state.runs()
            .create_run({.id = "run", .kind = "object_copy", .spec = "{}"}, {job}, now)
            .has_error())
      std::abort();
    for (auto _ : state) {
      auto claimed = run_state.jobs().claim({.worker = "bench",
                                             .scope = {.anybody = true},
                                             .kinds = {{"copy", 1}},
                                             .now = now,
                                             .lease_until = now + std::chrono::seconds(60)});
      if (claimed.has_error() || claimed->size() != 1) std::abort();
      state::Effects effects;
      effects.jobs.push_back(job);
      effects.counts[object_copy::Counter::copied] = page_keys;
      if (run_state.jobs().finish(claimed->front().lease, effects, now).has_error()) std::abort();
    }
  }
  std::filesystem::remove_all(directory);
  state.SetItemsProcessed(state.iterations() * page_keys);
}
BENCHMARK(claim_and_finish)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
