#include "objects/testing/conformance.h"

#include "objects/file/testing/directory_under_test.h"

namespace dth::objects {
namespace {

StoreDeviations deviations() {
  StoreDeviations deviations;
  deviations.accepts_invalid_utf8 = true;
  deviations.refuses_path_like_keys = true;
  deviations.metadata_size_unchecked = true;
  deviations.files_exclude_folders = true;
  deviations.name_size_max = 255;
  deviations.adds_mtime = true;
  return deviations;
}

template <std::size_t names_in_memory_max>
std::unique_ptr<StoreUnderTest> make() {
  FileStoreOptions options;
  options.names_in_memory_max = names_in_memory_max;
  return std::make_unique<DirectoryUnderTest>(options);
}

INSTANTIATE_TEST_SUITE_P(Directory, ObjectStoreConformance,
                         testing::Values(StoreFactory{"Directory", make<1'000>, deviations()},
                                         StoreFactory{"DirectoryReadPieceByPiece", make<3>,
                                                      deviations()}),
                         name_of);

}  // namespace
}  // namespace dth::objects
