#pragma once

#include <functional>
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include "base/testing/run_for_test.h"
#include "objects/object_store.h"

namespace dth::objects {

// Where a store is known to differ from S3. All false is S3 as documented; a test that meets a
// deviation checks the other behaviour, or leaves out what cannot be had.
struct StoreDeviations {
  bool accepts_invalid_utf8 = false;        // keys are any bytes
  bool refuses_control_characters = false;  // in keys
  bool refuses_path_like_keys = false;      // `.`, `..`, `//`, a leading or trailing slash
  bool key_size_unchecked = false;          // longer keys than key_size_max are taken
  bool metadata_size_unchecked = false;     // more than 2 KiB of user metadata are taken
  bool drops_expires = false;               // the Expires header is not kept
  bool drops_website_redirect = false;      // x-amz-website-redirect-location is not kept
  bool complete_etag_empty = false;         // CompleteMultipartUpload does not tell the ETag
  bool complete_twice_succeeds = false;     // rather than not_found
  bool part_order_unchecked = false;        // parts named out of order are not refused
  bool files_exclude_folders =
      false;  // where there is `a`, there can be no `a/b`, nor the other way round
  std::size_t name_size_max = 0;  // bytes between two slashes of a key; 0: any number
  bool adds_mtime = false;        // user metadata tell `mtime`, also where nobody wrote it
};

// A store as one test sees it: fresh, empty, and gone with the test.
class StoreUnderTest {
 public:
  virtual ~StoreUnderTest() = default;
  virtual boost::asio::io_context& context() = 0;
  virtual ObjectStore& store() = 0;
  virtual std::string bucket_name() { return "bucket"; }  // as copy() names it
  // The clock that the store sleeps on, where it has to be moved by the test.
  virtual SimulatedClock* clock() { return nullptr; }
};

struct StoreFactory {
  std::string name;  // letters and digits
  std::function<std::unique_ptr<StoreUnderTest>()> make;
  StoreDeviations deviations = {};
};

inline void PrintTo(const StoreFactory& factory, std::ostream* out) { *out << factory.name; }
// Defined beside the suite, so that whoever instantiates it gets it from the library.
std::string name_of(const testing::TestParamInfo<StoreFactory>& info);

// The one suite that every ObjectStore passes:
//
//   INSTANTIATE_TEST_SUITE_P(Memory, ObjectStoreConformance, testing::Values(StoreFactory{...}),
//   name_of);
class ObjectStoreConformance : public testing::TestWithParam<StoreFactory> {
 protected:
  ObjectStoreConformance();
  ~ObjectStoreConformance() override;
  void SetUp() override;

  template <class T>
  T run(Async<T> work) {
    return run_for_test(place_->context(), std::move(work), place_->clock());
  }

  ObjectStore& store() { return place_->store(); }
  std::string bucket_name() { return place_->bucket_name(); }
  const StoreLimits& limits() { return place_->store().limits(); }
  const StoreDeviations& deviations() const { return GetParam().deviations; }

  // Those of these keys that the store can hold side by side, in their order.
  std::vector<std::string> holdable(std::vector<std::string> keys) const;

  // Requests in their plainest form. Failures of put_text() and upload() fail the test.
  Result<PutResult> try_put(PutRequest request, std::string_view text);
  PutResult put_text(const std::string& key, std::string_view text);
  Result<std::string> get_text(GetRequest request);
  Result<std::string> get_text(const std::string& key);
  ErrorCode head_error(const std::string& key);  // of a HEAD that has to fail
  std::vector<ObjectInfo> list_all(ListRequest request);
  std::vector<std::string> list_keys(ListRequest request);
  std::string create_upload(const std::string& key);
  Result<PartResult> try_part(const std::string& key, const std::string& id, std::uint32_t number,
                              std::string_view text);
  CompletedPart put_part(const std::string& key, const std::string& id, std::uint32_t number,
                         std::string_view text);
  Result<PutResult> complete(const std::string& key, const std::string& id,
                             std::vector<CompletedPart> parts, Precondition precondition = {},
                             Checksums checksums = {});
  std::vector<UploadInfo> uploads_of(const std::string& key);

  std::unique_ptr<StoreUnderTest> place_;
};

// `size` bytes that differ by seed and place.
std::string sample_text(std::size_t size, unsigned seed);

}  // namespace dth::objects
