#include "objects/testing/conformance.h"

#include <algorithm>
#include <random>

namespace dth::objects {

// The suite's tests live in sources of their own; naming something of each makes a linker take them
// from the library.
void link_conformance_of_objects();
void link_conformance_of_keys();
void link_conformance_of_listings();
void link_conformance_of_properties();
void link_conformance_of_uploads();

std::string name_of(const testing::TestParamInfo<StoreFactory>& info) { return info.param.name; }

ObjectStoreConformance::ObjectStoreConformance() {
  link_conformance_of_objects();
  link_conformance_of_keys();
  link_conformance_of_listings();
  link_conformance_of_properties();
  link_conformance_of_uploads();
}

ObjectStoreConformance::~ObjectStoreConformance() = default;

void ObjectStoreConformance::SetUp() {
  place_ = GetParam().make();
  ASSERT_NE(place_, nullptr);
  auto checked = run(store().check());
  ASSERT_TRUE(checked.has_value()) << checked.error().to_string();
}

std::vector<std::string> ObjectStoreConformance::holdable(std::vector<std::string> keys) const {
  const auto has_long_name = [this](std::string_view key) {
    for (std::size_t begin = 0; deviations().name_size_max > 0 && begin <= key.size();) {
      const std::size_t end = std::min(key.find('/', begin), key.size());
      if (end - begin > deviations().name_size_max) return true;
      begin = end + 1;
    }
    return false;
  };
  const std::vector<std::string> all = keys;
  std::erase_if(keys, [&](const std::string& key) {
    const bool is_folder = std::any_of(all.begin(), all.end(), [&key](const std::string& other) {
      return other.starts_with(key + "/");
    });
    return (deviations().refuses_path_like_keys && key.ends_with('/')) ||
           (deviations().files_exclude_folders && is_folder) || has_long_name(key);
  });
  return keys;
}

Result<PutResult> ObjectStoreConformance::try_put(PutRequest request, std::string_view text) {
  BytesBody body(as_bytes(text));
  return run(store().put(std::move(request), body));
}

PutResult ObjectStoreConformance::put_text(const std::string& key, std::string_view text) {
  auto put = try_put(PutRequest{.key = key}, text);
  if (put.has_value()) return *put;
  ADD_FAILURE() << "put '" << key << "': " << put.error().to_string();
  return {};
}

namespace {

Async<Result<std::string>> get_all(ObjectStore* store, GetRequest request) {
  auto got = co_await store->get(std::move(request));
  if (got.has_error()) co_return got.error();
  auto text = co_await read_all(*got->body, 1 << 30);
  co_return text;
}

}  // namespace

Result<std::string> ObjectStoreConformance::get_text(GetRequest request) {
  return run(get_all(&store(), std::move(request)));
}

Result<std::string> ObjectStoreConformance::get_text(const std::string& key) {
  return get_text(GetRequest{.key = key});
}

ErrorCode ObjectStoreConformance::head_error(const std::string& key) {
  auto head = run(store().head(key, ""));
  if (head.has_error()) return head.error().code;
  ADD_FAILURE() << "there is an object '" << key << "', and there should be none";
  return ErrorCode::internal;
}

std::vector<ObjectInfo> ObjectStoreConformance::list_all(ListRequest request) {
  std::vector<ObjectInfo> all;
  for (int pages = 0; pages < 100'000; ++pages) {
    auto page = run(store().list(request));
    if (page.has_error()) {
      ADD_FAILURE() << "list '" << request.prefix << "': " << page.error().to_string();
      return all;
    }
    EXPECT_LE(page->objects.size(), request.page_size);
    all.insert(all.end(), page->objects.begin(), page->objects.end());
    if (!page->truncated) return all;
    EXPECT_FALSE(page->next_token.empty());
    EXPECT_NE(page->next_token, request.continuation_token);
    request.continuation_token = page->next_token;
  }
  ADD_FAILURE() << "a listing without an end";
  return all;
}

std::vector<std::string> ObjectStoreConformance::list_keys(ListRequest request) {
  std::vector<std::string> keys;
  for (ObjectInfo& info : list_all(std::move(request))) keys.push_back(std::move(info.key));
  return keys;
}

std::string ObjectStoreConformance::create_upload(const std::string& key) {
  auto id = run(store().create_upload(CreateUploadRequest{.key = key}));
  if (id.has_value()) return *id;
  ADD_FAILURE() << "create_upload '" << key << "': " << id.error().to_string();
  return "";
}

Result<PartResult> ObjectStoreConformance::try_part(const std::string& key, const std::string& id,
                                                    std::uint32_t number, std::string_view text) {
  BytesBody body(as_bytes(text));
  return run(store().upload_part(
      UploadPartRequest{.key = key, .upload_id = id, .part_number = number}, body));
}

CompletedPart ObjectStoreConformance::put_part(const std::string& key, const std::string& id,
                                               std::uint32_t number, std::string_view text) {
  auto part = try_part(key, id, number, text);
  if (part.has_value()) return CompletedPart{number, part->etag};
  ADD_FAILURE() << "upload_part " << number << " of '" << key << "': " << part.error().to_string();
  return CompletedPart{number, ""};
}

Result<PutResult> ObjectStoreConformance::complete(const std::string& key, const std::string& id,
                                                   std::vector<CompletedPart> parts,
                                                   Precondition precondition, Checksums checksums) {
  CompleteUploadRequest request;
  request.key = key;
  request.upload_id = id;
  request.parts = std::move(parts);
  request.precondition = std::move(precondition);
  request.checksums = std::move(checksums);
  return run(store().complete_upload(std::move(request)));
}

std::vector<UploadInfo> ObjectStoreConformance::uploads_of(const std::string& key) {
  auto uploads = run(store().list_uploads(key));
  if (uploads.has_value()) return *uploads;
  ADD_FAILURE() << "list_uploads '" << key << "': " << uploads.error().to_string();
  return {};
}

std::string sample_text(std::size_t size, unsigned seed) {
  std::mt19937 random(seed);
  std::string text(size, '\0');
  for (char& c : text) c = static_cast<char>(random());
  return text;
}

}  // namespace dth::objects
