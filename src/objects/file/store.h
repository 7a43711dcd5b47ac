#pragma once

#include <atomic>
#include <list>
#include <optional>

#include "base/buffer_budget.h"
#include "objects/file/digests.h"
#include "objects/file/draft.h"
#include "objects/file/file_store.h"
#include "objects/file/tree.h"
#include "objects/file/walk.h"

namespace dth::objects::file {

class FileBody;

// The store; each operation is in a source of its own.
class FileStore final : public ObjectStore {
 public:
  FileStore(FileStoreOptions options, FileStoreServices services);

  const StoreLimits& limits() const override { return limits_; }
  std::string describe() const override { return "the directory " + tree_.name_of(""); }
  Async<Result<StoreIdentity>> check(StoreUse use = {}) override;
  Async<Result<ListPage>> list(ListRequest request) override;
  Async<Result<ObjectHead>> head(std::string key, std::string version_id) override;
  Async<Result<GetResult>> get(GetRequest request) override;
  Async<Result<PutResult>> put(PutRequest request, Body& body) override;
  Async<Result<void>> remove(RemoveRequest request) override;
  Async<Result<std::string>> create_upload(CreateUploadRequest request) override;
  Async<Result<PartResult>> upload_part(UploadPartRequest request, Body& body) override;
  Async<Result<PutResult>> complete_upload(CompleteUploadRequest request) override;
  Async<Result<void>> abort_upload(std::string key, std::string upload_id) override;
  Async<Result<PutResult>> copy(CopyRequest request) override;
  Async<Result<PartResult>> copy_part(CopyPartRequest request) override;
  Async<Result<Tags>> get_tags(std::string key, std::string version_id) override;
  Async<Result<void>> restore(RestoreRequest request) override;
  Async<Result<void>> create_bucket(CreateBucketRequest request) override;
  Async<Result<std::vector<UploadInfo>>> list_uploads(std::string key) override;
  Async<Result<std::vector<PartInfo>>> list_parts(std::string key, std::string upload_id) override;

 private:
  // A listing between two of its pages.
  struct Parked {
    std::string prefix, token;
    bool with_origins = false;
    std::unique_ptr<Walk> walk;
  };

  template <class Function>
  auto blocking(Function function) {
    return run_blocking(services_.blocking, std::move(function));
  }
  Error only_read() const;
  // May something be written under this key?
  Result<void> check_writable(const std::string& key) const;
  // The same with these: what cannot be kept is refused rather than forgotten.
  Result<void> check_write(const std::string& key, const ObjectMetadata& metadata,
                           const ObjectProperties& properties) const;
  std::unique_ptr<Walk> take_walk(const ListRequest& request);

  Result<StoreIdentity> look();
  // Writes into the directory, and sets limits().
  Result<void> learn_abilities(const std::string& place);
  Result<ObjectHead> open_body(const GetRequest& request, bool read_ahead,
                               std::unique_ptr<FileBody>* body);
  Async<Result<PutResult>> put_file(PutRequest request, Body* body, Draft* draft);
  Async<Result<PutResult>> put_marker(PutRequest request, Body* body);
  Result<PutResult> write_marker(const PutRequest& request);

  const FileStoreOptions options_;
  FileStoreServices services_;
  StoreLimits limits_;
  // Of the file system. They are learnt by the first check() that succeeds, before anything else
  // uses the store; a later one, which asks whether the store is there, may run beside other work:
  // it only reads.
  enum class Abilities { unknown, known };
  std::atomic<Abilities> abilities_ = Abilities::unknown;
  Tree tree_;
  std::optional<BufferBudget> own_buffers_;
  BufferBudget& buffers_;
  std::list<Parked> parked_;
};

// Opens a file to read it: not_found, also where a directory on the way is none; `unsupported` for
// what is no file.
struct OpenFile {
  Descriptor file;
  struct stat status {};
};
Result<OpenFile> open_file(const Tree& tree, const std::string& key);

// How many bytes the file has, of which its file system says `told`: more, where the file system
// does not know. Then they are counted, up to a GiB: `unsupported` above that.
Result<std::uint64_t> size_by_reading(int file, std::uint64_t told, const std::string& shown);

// What stands for an object whose key ends in a slash; not_found where the directory is no object.
Result<ObjectHead> marker_head(const Tree& tree, const std::string& key);
ObjectHead marker_head(std::string key, const struct stat& directory, const Attributes& attributes);

}  // namespace dth::objects::file
