// The multipart half of FileStore: parts go into one file, each where it belongs, and completing
// gives that file its name.
#include <cerrno>

#include <fcntl.h>

#include "base/encoding.h"
#include "base/ids.h"
#include "objects/file/errors.h"
#include "objects/file/store.h"
#include "objects/file/token.h"
#include "objects/file/upload_log.h"
#include "objects/path_key.h"

namespace dth::objects::file {
namespace {

constexpr std::size_t uploads_max = 1'000;

Digest digest_of(const std::string& base64) {
  const std::string raw = base64_decode(base64).value_or("");
  return Digest(reinterpret_cast<const unsigned char*>(raw.data()), raw.size());
}

// The parts named, in their order; invalid_argument where they make no object.
Result<std::vector<WrittenPart>> named_parts(const UploadRecord& record,
                                             const CompleteUploadRequest& request) {
  const auto invalid = [](std::uint32_t number, const char* what) {
    return Error{ErrorCode::invalid_argument, "part " + std::to_string(number) + " " + what, ""};
  };
  if (request.parts.empty())
    return Error{ErrorCode::invalid_argument, "an upload without parts cannot be completed", ""};
  std::vector<WrittenPart> parts;
  std::uint32_t before = 0;
  for (const CompletedPart& named : request.parts) {
    if (named.part_number <= before) return invalid(named.part_number, "is out of order");
    before = named.part_number;
    const auto found = record.parts.find(named.part_number);
    if (found == record.parts.end()) return invalid(named.part_number, "was never uploaded");
    if (found->second.etag() != named.etag) return invalid(named.part_number, "is another one now");
    parts.push_back(found->second);
  }
  return parts;
}

// The object's checksums from those of its parts; data_corrupted where they are not those stated.
Result<Checksums> combined_checksums(const std::vector<WrittenPart>& parts,
                                     const Checksums& stated) {
  Checksums combined;
  const auto combine = [&](HashAlgorithm algorithm,
                           std::string Checksums::*member) -> Result<void> {
    if ((parts.front().checksums.*member).empty()) {
      if ((stated.*member).empty()) return Result<void>();
      return Error{ErrorCode::invalid_argument, "a checksum was stated that was not announced", ""};
    }
    Digest whole = digest_of(parts.front().checksums.*member);
    for (std::size_t i = 1; i < parts.size(); ++i) {
      whole = combine_crc(algorithm, whole, digest_of(parts[i].checksums.*member), parts[i].size);
    }
    combined.*member = whole.base64();
    if ((stated.*member).empty() || stated.*member == combined.*member) return Result<void>();
    return Error{ErrorCode::data_corrupted,
                 "the parts make another object than was announced: its " +
                     std::string(to_string(algorithm)) + " is " + combined.*member +
                     " and should be " + stated.*member,
                 ""};
  };
  auto checked = combine(HashAlgorithm::crc64nvme, &Checksums::crc64nvme);
  if (checked.has_value()) checked = combine(HashAlgorithm::crc32c, &Checksums::crc32c);
  if (checked.has_error()) return checked.error();
  return combined;
}

bool lie_in_order(const std::vector<WrittenPart>& parts) {
  std::uint64_t offset = 0;
  for (const WrittenPart& part : parts) {
    if (part.offset != offset) return false;
    offset += part.size;
  }
  return true;
}

// Copies the parts one after the other behind each other into a file of their own.
Result<void> assemble(int from, const std::vector<WrittenPart>& parts, int to,
                      const std::string& shown) {
  for (const WrittenPart& part : parts) {
    off64_t offset = static_cast<off64_t>(part.offset);
    for (std::uint64_t left = part.size; left > 0;) {
      const ssize_t copied = ::copy_file_range(from, &offset, to, nullptr, left, 0);
      if (copied < 0 && errno == EINTR) continue;
      if (copied <= 0)
        return error_of(copied < 0 ? errno : EIO, shown + " cannot be put together from its parts");
      left -= static_cast<std::uint64_t>(copied);
    }
  }
  return Result<void>();
}

Result<PutResult> complete(Tree& tree, const CompleteUploadRequest& request) {
  auto upload = UploadLog::open(tree, request.key, request.upload_id);
  if (upload.has_error()) return upload.error();
  const UploadRecord& record = upload->record();
  auto parts = named_parts(record, request);
  if (parts.has_error()) return parts.error();
  auto checksums = combined_checksums(*parts, request.checksums);
  if (checksums.has_error()) return checksums.error();
  Attributes attributes;
  attributes.metadata = record.request.metadata;
  attributes.checksums = *checksums;
  attributes.origin = record.request.origin;
  const std::string shown = tree.name_of(request.key);
  const std::size_t position = name_position(request.key);
  auto directory = tree.make_directory(std::string_view(request.key).substr(0, position));
  if (directory.has_error()) return directory.error();
  const std::string name = request.key.substr(position);
  Result<struct stat> published = error_of(EIO, shown);
  if (lie_in_order(*parts)) {
    const off_t size = static_cast<off_t>(parts->back().offset + parts->back().size);
    if (::ftruncate(upload->data().get(), size) != 0)
      return error_of(errno, shown + " cannot be cut to its size");
    auto sealed = seal(upload->data().get(), attributes, record.request.modified, shown);
    if (sealed.has_error()) return sealed.error();
    published = publish({upload->folder(), upload->data_name(), directory->get(), name,
                         upload->data().get(), shown},
                        request.precondition);
  } else {
    auto draft = Draft::begin(std::move(*directory), name, shown);
    if (draft.has_error()) return draft.error();
    auto assembled = assemble(upload->data().get(), *parts, draft->file(), shown);
    if (assembled.has_error()) return assembled.error();
    published = draft->publish(attributes, record.request.modified, request.precondition);
  }
  if (published.has_error()) return published.error();
  auto removed = UploadLog::remove(tree, request.key, request.upload_id);
  (void)removed
      .has_error();  // the object is there; what is left of the log is no upload without its data
  PutResult result;
  result.etag = change_token(*published);
  result.checksums = *checksums;
  return result;
}

}  // namespace

Async<Result<std::string>> FileStore::create_upload(CreateUploadRequest request) {
  ++services_.counters.other;
  auto writable = check_write(request.key, request.metadata, request.properties);
  if (writable.has_error()) co_return writable.error();
  if (request.key.ends_with('/')) {
    co_return Error{
        ErrorCode::invalid_argument,
        "the key \"" + printable(request.key) +
            "\" ends in a slash, so it is a directory's, and the object has content, which no "
            "directory has; rename the object at the source",
        ""};
  }
  const TimePoint now = services_.clock.now();
  co_return co_await blocking(
      [&] { return UploadLog::create(tree_, request, now, random_name()); });
}

Async<Result<PartResult>> FileStore::upload_part(UploadPartRequest request, Body& body) {
  ++services_.counters.put;
  auto writable = check_writable(request.key);
  if (writable.has_error()) co_return writable.error();
  if (request.part_number < 1 || request.part_number > limits_.part_count_max) {
    co_return Error{ErrorCode::invalid_argument,
                    "there is no part number " + std::to_string(request.part_number), ""};
  }
  const std::string shown = tree_.name_of(request.key);
  Descriptor data;
  bool with_crc32c = false;
  WrittenPart part;
  std::uint64_t received = 0;
  std::optional<BodyDigests> digests;
  for (bool ended = false; !ended;) {
    auto piece = co_await body.next();
    if (piece.has_error()) co_return piece.error();
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state))
      co_return cancelled_error();
    ended = piece->empty();
    auto done = co_await blocking([&]() -> Result<void> {
      if (!data.is_open()) {
        auto upload = UploadLog::open(tree_, request.key, request.upload_id);
        if (upload.has_error()) return upload.error();
        auto offset = upload->reserve(request.part_number, body.size());
        if (offset.has_error()) return offset.error();
        part.offset = *offset;
        with_crc32c = upload->record().request.full_object_checksum == HashAlgorithm::crc32c;
        auto begun = BodyDigests::begin(request.content_md5, request.checksums, with_crc32c);
        if (begun.has_error()) return begun.error();
        digests.emplace(std::move(*begun));
        data = std::move(upload->data());
      }
      if (!ended) {
        if (received + piece->size() > body.size())
          return Error{ErrorCode::unavailable,
                       "more bytes came for a part of " + shown + " than were announced", ""};
        digests->update(*piece);
        auto written = write_at(data.get(), *piece, part.offset + received, shown);
        received += piece->size();
        return written;
      }
      if (received != body.size())
        return Error{ErrorCode::unavailable, "too few bytes came for a part of " + shown, ""};
      auto checksums = digests->finish();
      if (checksums.has_error()) return std::move(checksums.error()).with_context(shown);
      part.size = received;
      part.checksums = *checksums;
      if (::fdatasync(data.get()) != 0)
        return error_of(errno, shown + " cannot be written to the disk");
      auto upload = UploadLog::open(tree_, request.key, request.upload_id);
      if (upload.has_error()) return upload.error();
      return upload->add(request.part_number, part);
    });
    if (done.has_error()) co_return done.error();
  }
  PartResult result;
  result.etag = part.etag();
  result.checksums = part.checksums;
  co_return result;
}

Async<Result<PutResult>> FileStore::complete_upload(CompleteUploadRequest request) {
  ++services_.counters.other;
  auto writable = check_writable(request.key);
  if (writable.has_error()) co_return writable.error();
  co_return co_await blocking([&] { return complete(tree_, request); });
}

Async<Result<void>> FileStore::abort_upload(std::string key, std::string upload_id) {
  ++services_.counters.other;
  if (options_.read_only) co_return only_read();
  co_return co_await blocking([&] { return UploadLog::remove(tree_, key, upload_id); });
}

Async<Result<std::vector<UploadInfo>>> FileStore::list_uploads(std::string key) {
  ++services_.counters.other;
  co_return co_await blocking([&] { return UploadLog::list(tree_, key, uploads_max); });
}

Async<Result<std::vector<PartInfo>>> FileStore::list_parts(std::string key, std::string upload_id) {
  ++services_.counters.other;
  co_return co_await blocking([&]() -> Result<std::vector<PartInfo>> {
    auto upload = UploadLog::open(tree_, key, upload_id);
    if (upload.has_error()) return upload.error();
    std::vector<PartInfo> parts;
    for (const auto& [number, part] : upload->record().parts)
      parts.push_back({number, part.size, part.etag()});
    return parts;
  });
}

}  // namespace dth::objects::file
