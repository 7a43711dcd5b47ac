#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/xattr.h>

#include "base/testing/run_for_test.h"
#include "objects/file/file_store.h"
#include "objects/file/testing/directory_under_test.h"
#include "objects/path_key.h"

namespace dth::objects {
namespace {

namespace fs = std::filesystem;

class FileStoreTest : public testing::Test {
 protected:
  FileStoreTest() { EXPECT_TRUE(run(store().check()).has_value()); }

  template <class T>
  T run(Async<T> work) {
    return run_for_test(place_.context(), std::move(work));
  }
  ObjectStore& store() { return place_.store(); }
  const fs::path& path() const { return place_.path(); }

  Result<PutResult> put(PutRequest request, std::string_view text) {
    BytesBody body(as_bytes(text));
    return run(store().put(std::move(request), body));
  }
  Result<std::string> get(GetRequest request) {
    auto got = run(store().get(std::move(request)));
    if (got.has_error()) return got.error();
    return run(read_all(*got->body, 1 << 30));
  }
  std::vector<std::string> keys(std::string prefix = "") {
    std::vector<std::string> keys;
    const auto page = run(store().list({.prefix = std::move(prefix)}));
    EXPECT_TRUE(page.has_value());
    for (const ObjectInfo& object : page->objects) keys.push_back(object.key);
    return keys;
  }
  void write(const std::string& key, std::string_view text) {
    fs::create_directories((path() / key).parent_path());
    std::ofstream(path() / key) << text;
  }
  std::vector<std::string> names_below(const fs::path& directory) {
    std::vector<std::string> names;
    for (const auto& entry : fs::recursive_directory_iterator(directory))
      names.push_back(entry.path().lexically_relative(directory));
    std::sort(names.begin(), names.end());
    return names;
  }

  DirectoryUnderTest place_{FileStoreOptions{}};
};

using Keys = std::vector<std::string>;

TEST_F(FileStoreTest, LaterChecksOnlyRead) {
  const auto before = fs::last_write_time(path()) - std::chrono::hours(1);
  fs::last_write_time(path(), before);
  const bool metadata = store().limits().metadata;
  const auto checked = run(store().check());
  ASSERT_TRUE(checked.has_value());
  EXPECT_EQ(checked->notes.empty(), metadata);
  EXPECT_EQ(fs::last_write_time(path()), before);
}

TEST_F(FileStoreTest, AFileThatChangesWhileItIsReadIsNoticed) {
  const std::string text(3 << 20, 'a');
  for (bool same_size : {true, false}) {
    write("f", text);
    auto got = run(store().get({.key = "f"}));
    ASSERT_TRUE(got.has_value());
    ASSERT_TRUE(run(got->body->next()).has_value());
    if (same_size) {
      std::fstream(path() / "f", std::ios::in | std::ios::out) << "b";
    } else {
      fs::resize_file(path() / "f", 1 << 20);
    }
    auto rest = run(read_all(*got->body, 1 << 30));
    ASSERT_TRUE(rest.has_error());
    EXPECT_EQ(rest.error().code, ErrorCode::unavailable);
    EXPECT_NE(rest.error().message.find("changed while it was read"), std::string::npos)
        << rest.error().message;
  }
}

TEST_F(FileStoreTest, AFileThatIsReplacedWhileItIsReadIsReadToItsEnd) {
  write("f", std::string(3 << 20, 'a'));
  auto got = run(store().get({.key = "f"}));
  ASSERT_TRUE(got.has_value());
  write("g", "other");
  fs::rename(path() / "f",
             path() / "h");  // what is open stays as it is, but for the time of its change
  fs::rename(path() / "g", path() / "f");
  auto rest = run(read_all(*got->body, 1 << 30));
  EXPECT_TRUE(rest.has_error());
  EXPECT_EQ(get({.key = "f"}).value(), "other");
}

TEST_F(FileStoreTest, ReadsArePinned) {
  write("f", "one");
  const std::string etag = run(store().head("f", ""))->info.etag;
  EXPECT_EQ(get({.key = "f", .if_match = etag}).value(), "one");
  fs::last_write_time(path() / "f", fs::file_time_type::clock::now() + std::chrono::hours(1));
  EXPECT_EQ(get({.key = "f", .if_match = etag}).error().code, ErrorCode::precondition_failed);
}

TEST_F(FileStoreTest, LinksAndPipesAreNeitherReadNorReplacedNorRemoved) {
  write("target", "secret");
  fs::create_directory(path() / "folder");
  write("folder/inside", "x");
  fs::create_symlink(path() / "target", path() / "link");
  fs::create_directory_symlink(path() / "folder", path() / "way");
  ASSERT_EQ(::mkfifo((path() / "pipe").c_str(), 0600), 0);
  for (const char* key : {"link", "pipe"}) {
    EXPECT_EQ(get({.key = key}).error().code, ErrorCode::unsupported) << key;
    EXPECT_EQ(run(store().head(key, "")).error().code, ErrorCode::unsupported) << key;
    EXPECT_EQ(put({.key = key}, "x").error().code, ErrorCode::already_exists) << key;
    EXPECT_EQ(run(store().remove({key})).error().code, ErrorCode::unsupported) << key;
  }
  EXPECT_EQ(get({.key = "way/inside"}).error().code, ErrorCode::not_found);
  EXPECT_EQ(put({.key = "way/new"}, "x").error().code, ErrorCode::already_exists);
  EXPECT_TRUE(run(store().remove({"way/inside"})).has_value());  // there is no such object
  EXPECT_TRUE(fs::exists(path() / "folder" / "inside"));
  EXPECT_TRUE(fs::is_symlink(path() / "link"));
  EXPECT_EQ(get({.key = "target"}).value(), "secret");
}

TEST_F(FileStoreTest, KeysThatAreNoPathsAreRefused) {
  using namespace std::string_literals;
  for (const std::string& key : {"../x"s, "/x"s, "a//b"s, "."s, ".."s, "a/../../x"s, "a\0b"s,
                                 std::string(256, 'n'), draft_name("x", 0), ""s}) {
    auto stored = put({.key = key}, "x");
    ASSERT_TRUE(stored.has_error()) << key;
    EXPECT_EQ(stored.error().code, ErrorCode::invalid_argument) << stored.error().to_string();
    EXPECT_EQ(run(store().create_upload({.key = key})).error().code, ErrorCode::invalid_argument)
        << key;
    EXPECT_EQ(get({.key = key}).error().code, ErrorCode::not_found) << key;
    EXPECT_TRUE(run(store().remove({key})).has_value()) << key;
  }
  EXPECT_EQ(names_below(path()), Keys());
}

TEST_F(FileStoreTest, AFileAndADirectoryOfOneName) {
  ASSERT_TRUE(put({.key = "a"}, "file").has_value());
  auto below = put({.key = "a/b"}, "x");
  ASSERT_TRUE(below.has_error());
  EXPECT_EQ(below.error().code, ErrorCode::already_exists) << below.error().to_string();
  ASSERT_TRUE(put({.key = "c/d"}, "x").has_value());
  auto above = put({.key = "c"}, "file");
  ASSERT_TRUE(above.has_error());
  EXPECT_EQ(above.error().code, ErrorCode::already_exists) << above.error().to_string();
  EXPECT_EQ(keys(), (Keys{"a", "c/d"}));
  EXPECT_EQ(names_below(path()), (Keys{"a", "c", "c/d"}));
}

TEST_F(FileStoreTest, MarkersAreDirectoriesAndDirectoriesAreNoMarkers) {
  fs::create_directory(path() / "plain");
  write("other/file", "x");
  PutRequest request{.key = "marked/", .precondition = {.if_absent = true}};
  request.metadata.content_type = "application/x-directory";
  request.metadata.user = {{"a", "b"}};
  const auto stored = put(request, "");
  ASSERT_TRUE(stored.has_value()) << stored.error().to_string();
  EXPECT_TRUE(fs::is_directory(path() / "marked"));
  write("marked/inside", "x");
  EXPECT_EQ(keys(), (Keys{"marked/", "marked/inside", "other/file"}));
  EXPECT_EQ(keys("marked/"), (Keys{"marked/", "marked/inside"}));
  auto head = run(store().head("marked/", ""));
  ASSERT_TRUE(head.has_value()) << head.error().to_string();
  EXPECT_EQ(head->metadata, request.metadata);
  EXPECT_EQ(head->info.etag, stored->etag);  // also after something was written into it
  EXPECT_EQ(get({.key = "marked/", .if_match = stored->etag}).value(), "");
  EXPECT_EQ(run(store().head("plain/", "")).error().code, ErrorCode::not_found);
  EXPECT_EQ(put(request, "").error().code, ErrorCode::precondition_failed);
  auto with_content = put({.key = "content/"}, "x");
  ASSERT_TRUE(with_content.has_error());
  EXPECT_EQ(with_content.error().code, ErrorCode::invalid_argument);
  EXPECT_FALSE(fs::exists(path() / "content"));
  ASSERT_TRUE(run(store().remove({"marked/inside"})).has_value());
  EXPECT_TRUE(fs::exists(path() / "marked"));  // it stands for an object
  ASSERT_TRUE(run(store().remove({"marked/"})).has_value());
  EXPECT_FALSE(fs::exists(path() / "marked"));
}

TEST_F(FileStoreTest, RemovingTheLastFileRemovesItsDirectories) {
  ASSERT_TRUE(put({.key = "a/b/c"}, "x").has_value());
  ASSERT_TRUE(put({.key = "a/d"}, "x").has_value());
  ASSERT_TRUE(run(store().remove({"a/b/c"})).has_value());
  EXPECT_EQ(names_below(path()), (Keys{"a", "a/d"}));
  ASSERT_TRUE(run(store().remove({"a/d"})).has_value());
  EXPECT_EQ(names_below(path()), Keys());
  EXPECT_TRUE(fs::exists(path()));
}

TEST_F(FileStoreTest, WhatAFileIsACopyOfIsReportedToWhoAsks) {
  const Origin origin{"etag-2", TimePoint(std::chrono::microseconds(7)),
                      TimePoint(std::chrono::microseconds(9))};
  ASSERT_TRUE(put({.key = "f", .origin = origin}, "x").has_value());
  EXPECT_FALSE(run(store().list({}))->objects.at(0).origin.known());
  const Origin listed = run(store().list({.with_origins = true}))->objects.at(0).origin;
  EXPECT_EQ(listed.etag, "etag-2");
  EXPECT_EQ(listed.modified, origin.modified);
  EXPECT_EQ(listed.read_from, origin.read_from);
  EXPECT_EQ(run(store().head("f", ""))->info.origin.etag, "etag-2");
  std::ofstream(path() / "f") << "y";
  EXPECT_FALSE(run(store().list({.with_origins = true}))->objects.at(0).origin.known())
      << "somebody wrote to it";
}

TEST_F(FileStoreTest, TimesAreThoseOfContentAndOfChange) {
  const TimePoint modified(std::chrono::microseconds(1'600'000'000'000'000));
  ASSERT_TRUE(put({.key = "f", .modified = modified}, "x").has_value());
  const ObjectInfo info = run(store().list({}))->objects.at(0);
  EXPECT_EQ(info.last_modified, modified);
  EXPECT_GT(info.changed, modified);
  EXPECT_EQ(info.written_at(), info.changed);
  EXPECT_EQ(run(store().head("f", ""))->metadata.user.at(0).second, "1600000000");
}

TEST_F(FileStoreTest, ChecksumsOutliveTheStoreAndNotTheBytes) {
  const auto stored = put({.key = "f"}, "text");
  ASSERT_TRUE(stored.has_value());
  EXPECT_EQ(stored->checksums.crc64nvme, hash(HashAlgorithm::crc64nvme, as_bytes("text")).base64());
  EXPECT_EQ(run(store().head("f", ""))->checksums.crc64nvme, stored->checksums.crc64nvme);
  write("f", "TEXT");
  EXPECT_EQ(run(store().head("f", ""))->checksums.crc64nvme, "");
}

TEST_F(FileStoreTest, ReplacingAFileBreaksItsHardLinksAndKeepsTheirBytes) {
  write("f", "before");
  fs::create_hard_link(path() / "f", path() / "g");
  ASSERT_TRUE(put({.key = "f"}, "after").has_value());
  EXPECT_EQ(get({.key = "g"}).value(), "before");
}

TEST_F(FileStoreTest, WhatDeadWritersLeftIsNoObjectAndGoesWhenADestinationIsListed) {
  const std::string draft = "a/" + draft_name("g", 0),
                    parts = "a/.dth~uploads/0123456789abcdef-01JD.data";
  write(draft, "half of");
  write(parts, "parts");
  write("a/f", "x");
  FileStoreOptions options;
  options.directory = path();
  options.read_only = true;
  DirectoryUnderTest reader(options);
  ASSERT_TRUE(run_for_test(reader.context(), reader.store().check()).has_value());
  EXPECT_EQ(run_for_test(reader.context(), reader.store().list({}))->objects.size(), 1u);
  EXPECT_TRUE(fs::exists(path() / draft));  // a source is left as it is
  EXPECT_EQ(keys(), Keys{"a/f"});
  EXPECT_FALSE(fs::exists(path() / draft));
  EXPECT_TRUE(fs::exists(path() / parts));
}

TEST_F(FileStoreTest, FilesWhoseNamesLookLikeOursAreObjectsLikeAnyOthers) {
  const Keys mine = {".dth~0123456789abcdef.0", ".dth~notes.txt", ".dth~uploads/mine.data",
                     ".dth~x/y"};
  for (const std::string& key : mine) write(key, "mine");
  EXPECT_EQ(keys(), mine);
  for (const std::string& key : mine) {
    EXPECT_EQ(get({.key = key}).value(), "mine") << key;
    ASSERT_TRUE(put({.key = key}, "ours").has_value()) << key;
  }
  EXPECT_EQ(keys(), mine);
}

// /proc says 0 of its files' sizes. Some are read as often as one likes, some give everything to
// the first read.
TEST_F(FileStoreTest, AFileOfWhichItsFileSystemDoesNotKnowTheSizeIsReadToItsEnd) {
  FileStoreOptions options;
  options.directory = "/proc/sys/kernel";
  options.read_only = true;
  DirectoryUnderTest proc(options);
  ASSERT_TRUE(run_for_test(proc.context(), proc.store().check()).has_value());
  for (const std::string key : {"ostype", "pid_max"}) {
    std::string content;
    std::getline(std::ifstream("/proc/sys/kernel/" + key), content);
    content += '\n';
    auto head = run_for_test(proc.context(), proc.store().head(key, ""));
    ASSERT_TRUE(head.has_value()) << head.error().to_string();
    EXPECT_EQ(head->info.size, content.size()) << key;
    auto got = run_for_test(proc.context(), proc.store().get({.key = key}));
    ASSERT_TRUE(got.has_value()) << got.error().to_string();
    EXPECT_EQ(got->head.info.size, content.size());
    EXPECT_EQ(got->body->size(), content.size());
    auto piece = run_for_test(proc.context(), got->body->next());
    ASSERT_TRUE(piece.has_value()) << piece.error().to_string();
    EXPECT_EQ(std::string(reinterpret_cast<const char*>(piece->data()), piece->size()), content);
  }
}

TEST_F(FileStoreTest, AReaderWritesNothing) {
  write("f", "x");
  FileStoreOptions options;
  options.directory = path();
  options.read_only = true;
  DirectoryUnderTest reader(options);
  BytesBody body(as_bytes("x"));
  EXPECT_EQ(run_for_test(reader.context(), reader.store().put({.key = "g"}, body)).error().code,
            ErrorCode::unsupported);
  EXPECT_EQ(run_for_test(reader.context(), reader.store().remove({"f"})).error().code,
            ErrorCode::unsupported);
  EXPECT_EQ(run_for_test(reader.context(), reader.store().create_upload({.key = "g"})).error().code,
            ErrorCode::unsupported);
  EXPECT_EQ(names_below(path()), Keys{"f"});
}

TEST_F(FileStoreTest, UploadsSurviveTheStoreAndLeaveNothing) {
  CreateUploadRequest create{.key = "a/f",
                             .modified = TimePoint(std::chrono::seconds(1'600'000'000)),
                             .size = 12,
                             .part_size = 4};
  create.metadata.content_type = "text/x";
  const std::string id = run(store().create_upload(create)).value();
  const auto part = [&](ObjectStore& store, boost::asio::io_context& context, std::uint32_t number,
                        std::string_view text) {
    BytesBody body(as_bytes(text));
    auto done = run_for_test(
        context, store.upload_part({.key = "a/f", .upload_id = id, .part_number = number}, body));
    EXPECT_TRUE(done.has_value()) << done.error().to_string();
    return CompletedPart{number, done->etag};
  };
  const CompletedPart third = part(store(), place_.context(), 3, "arts");
  EXPECT_EQ(keys(), Keys());
  FileStoreOptions options;
  options.directory = path();
  DirectoryUnderTest later(options);
  ASSERT_TRUE(run_for_test(later.context(), later.store().check()).has_value());
  const CompletedPart first = part(later.store(), later.context(), 1, "in t"),
                      second = part(later.store(), later.context(), 2, "wo p");
  EXPECT_EQ(run_for_test(later.context(), later.store().list_parts("a/f", id))->size(), 3u);
  BytesBody large(as_bytes("larger"));
  EXPECT_EQ(run(store().upload_part({.key = "a/f", .upload_id = id, .part_number = 4}, large))
                .error()
                .code,
            ErrorCode::invalid_argument);
  auto completed = run_for_test(
      later.context(), later.store().complete_upload(
                           {.key = "a/f", .upload_id = id, .parts = {first, second, third}}));
  ASSERT_TRUE(completed.has_value()) << completed.error().to_string();
  EXPECT_EQ(get({.key = "a/f"}).value(), "in two parts");
  const auto head = run(store().head("a/f", ""));
  EXPECT_EQ(head->metadata.content_type, "text/x");
  EXPECT_EQ(head->info.last_modified, create.modified);
  EXPECT_EQ(head->checksums.crc64nvme,
            hash(HashAlgorithm::crc64nvme, as_bytes("in two parts")).base64());
  EXPECT_EQ(names_below(path()), (Keys{"a", "a/f"}));
}

TEST_F(FileStoreTest, ALogThatWasCutOffTellsWhatIsWhole) {
  const std::string id =
      run(store().create_upload({.key = "f", .size = 8, .part_size = 4})).value();
  BytesBody body(as_bytes("text"));
  const auto first =
      run(store().upload_part({.key = "f", .upload_id = id, .part_number = 1}, body));
  ASSERT_TRUE(first.has_value());
  const fs::path log = path() / ".dth~uploads" / (id + ".log");
  std::ofstream(log, std::ios::app)
      << "\npart 2 4 4 AAAAAAAAAAA= -";  // the end of the line is missing
  EXPECT_EQ(run(store().list_parts("f", id))->size(), 1u);
  BytesBody again(as_bytes("more"));
  ASSERT_TRUE(
      run(store().upload_part({.key = "f", .upload_id = id, .part_number = 2}, again)).has_value());
  EXPECT_EQ(run(store().list_parts("f", id))->size(), 2u);
  // As a crash between the rename and the removal of the log leaves it.
  fs::remove(path() / ".dth~uploads" / (id + ".data"));
  EXPECT_EQ(run(store().list_parts("f", id)).error().code, ErrorCode::not_found);
  EXPECT_EQ(names_below(path()), Keys());
}

// One after the other; what fails first.
Async<Result<void>> come_and_go(ObjectStore* store, std::string key) {
  for (int turn = 0; turn < 20; ++turn) {
    CreateUploadRequest create;
    create.key = key;
    auto id = co_await store->create_upload(std::move(create));
    if (id.has_error()) co_return std::move(id.error()).with_context("create_upload");
    auto aborted = co_await store->abort_upload(key, *id);
    if (aborted.has_error()) co_return std::move(aborted.error()).with_context("abort_upload");
    BytesBody body(as_bytes("x"));
    PutRequest put;
    put.key = key;
    auto stored = co_await store->put(std::move(put), body);
    if (stored.has_error()) co_return std::move(stored.error()).with_context("put");
    RemoveRequest remove;
    remove.key = key;
    auto removed = co_await store->remove(std::move(remove));
    if (removed.has_error()) co_return std::move(removed.error()).with_context("remove");
  }
  co_return Result<void>();
}

Async<void> expect_to_come_and_go(ObjectStore* store, std::string key) {
  auto done = co_await come_and_go(store, std::move(key));
  EXPECT_TRUE(done.has_value()) << done.error().to_string();
}

Async<int> come_and_go_side_by_side(Executor executor, ObjectStore* store, int count) {
  AsyncScope scope(executor);
  for (int number = 0; number < count; ++number)
    scope.spawn(expect_to_come_and_go(store, "folder/" + std::to_string(number)));
  co_await scope.join();
  co_return count;
}

TEST_F(FileStoreTest, FoldersThatComeAndGoAreInNobodysWay) {
  constexpr int count = 8;
  run(come_and_go_side_by_side(place_.context().get_executor(), &store(), count));
  EXPECT_EQ(names_below(path()), Keys());
}

TEST_F(FileStoreTest, UploadIdsAreNoPaths) {
  write("f", "x");
  write("f.log", "not ours");
  write("f.data", "not ours");
  auto upload = run(store().create_upload(
      {.key = "f"}));  // so that there is a place that a path could lead out of
  ASSERT_TRUE(upload.has_value());
  for (const char* id : {"", "../f", "../../f", "/etc/passwd", "0123456789abcdef-X"}) {
    EXPECT_TRUE(run(store().abort_upload("f", id)).has_value()) << id;
    EXPECT_EQ(run(store().list_parts("f", id)).error().code, ErrorCode::not_found) << id;
  }
  ASSERT_TRUE(run(store().abort_upload("f", *upload)).has_value());
  EXPECT_EQ(names_below(path()), (Keys{"f", "f.data", "f.log"}));
}

}  // namespace
}  // namespace dth::objects
