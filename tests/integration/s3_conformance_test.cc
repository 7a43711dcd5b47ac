// The suite of every store, run on a real S3 server.

#include "objects/testing/conformance.h"
#include "s3_place.h"

namespace dth::objects {
namespace {

class S3UnderTest final : public StoreUnderTest {
 public:
  explicit S3UnderTest(S3Options options)
      : place_(configured_s3_server().value(), std::move(options)) {}
  boost::asio::io_context& context() override { return place_.context(); }
  ObjectStore& store() override { return place_.store(); }
  std::string bucket_name() override { return place_.bucket_name(); }

 private:
  S3Place place_;
};

StoreFactory ceph(const char* name, PayloadSigning signing) {
  StoreDeviations deviations;
  deviations.complete_etag_empty = true;
  deviations.complete_twice_succeeds = true;
  deviations.metadata_size_unchecked = true;
  return {
      name,
      [signing]() -> std::unique_ptr<StoreUnderTest> {
        return std::make_unique<S3UnderTest>(S3Options{.bucket = "", .payload_signing = signing});
      },
      deviations};
}

INSTANTIATE_TEST_SUITE_P(S3, ObjectStoreConformance,
                         testing::Values(ceph("CephAutomatic", PayloadSigning::automatic),
                                         ceph("CephSigned", PayloadSigning::always)),
                         name_of);

}  // namespace
}  // namespace dth::objects
