#include <algorithm>
#include <cerrno>

#include <fcntl.h>

#include "objects/file/errors.h"
#include "objects/file/store.h"
#include "objects/file/token.h"

namespace dth::objects::file {
namespace {

constexpr std::size_t piece_size_max = 1 << 20;

}  // namespace

// A stretch of a file on its way into a coroutine. The last piece is handed out only after a look
// whether the file is still the one that was opened, and has no more bytes where the stretch goes
// to its end.
class FileBody final : public Body {
 public:
  FileBody(OpenFile opened, ByteRange range, std::string shown, BlockingExecutor& blocking,
           BufferBudget& buffers)
      : opened_(std::move(opened)),
        range_(range),
        size_of_file_(static_cast<std::uint64_t>(opened_.status.st_size)),
        shown_(std::move(shown)),
        blocking_(blocking),
        buffers_(buffers) {}
  ~FileBody() override { buffers_.bytes.release(held_); }

  std::uint64_t buffer_size() const {
    return std::min<std::uint64_t>(range_.length, piece_size_max);
  }

  // The room that its buffer takes, which it gives back at its end.
  void hold(std::uint64_t bytes) { held_ = bytes; }

  // Blocks, at the file's opening: finds how long it is, and takes the first piece, if that is
  // wanted.
  Result<std::uint64_t> begin(bool read_ahead) {
    if (read_ahead && range_.length > 0 && range_.length <= piece_size_max) {
      auto piece = read();
      if (piece.has_value()) {
        ahead_ = *piece;
        return size_of_file_;
      }
      if (!longer_) return piece.error();
      position_ = 0;
      buffer_.clear();
    }
    auto size = find_size();
    if (size.has_error() || !read_ahead || range_.length == 0) return size;
    auto piece = read();
    if (piece.has_error()) return piece.error();
    ahead_ = *piece;
    return size;
  }

  std::uint64_t size() const override { return range_.length; }

  Async<Result<Bytes>> next() override {
    if (!ahead_.empty()) co_return std::exchange(ahead_, {});
    if (position_ == range_.length) co_return Bytes();
    co_return co_await run_blocking(blocking_, [this] { return read(); });
  }

 private:
  bool goes_to_end() const { return range_.offset + range_.length == size_of_file_; }

  // Some file systems do not know how long their files are (/proc, some in user space).
  Result<std::uint64_t> find_size() {
    if (!goes_to_end()) return size_of_file_;
    auto size = size_by_reading(opened_.file.get(), size_of_file_, shown_);
    if (size.has_error()) return size;
    range_.length += *size - size_of_file_;
    size_of_file_ = *size;
    return size;
  }

  Result<Bytes> read() {
    if (buffer_.empty()) buffer_.resize(buffer_size() + 1);
    const std::size_t wanted =
        std::min<std::uint64_t>(buffer_.size() - 1, range_.length - position_);
    // With the last piece one byte more is asked for, which must not be there.
    const std::size_t asked =
        wanted + (position_ + wanted == range_.length && goes_to_end() ? 1 : 0);
    std::size_t size = 0;
    while (size < wanted) {
      const off_t offset = static_cast<off_t>(range_.offset + position_ + size);
      const ssize_t got = ::pread(opened_.file.get(), buffer_.data() + size, asked - size, offset);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return error_of(errno, "the file " + shown_ + " cannot be read");
      if (got == 0) break;
      size += static_cast<std::size_t>(got);
    }
    position_ += size;
    if (size == wanted && position_ < range_.length) return Bytes(buffer_).first(size);
    struct stat now;
    if (::fstat(opened_.file.get(), &now) != 0)
      return error_of(errno, "the file " + shown_ + " cannot be looked at");
    longer_ = size > wanted;
    if (size < wanted && change_token(now) == change_token(opened_.status)) {
      return Error{
          ErrorCode::unsupported,
          "the file " + shown_ + " has fewer bytes than its file system reports; exclude it", ""};
    }
    if (size != wanted || change_token(now) != change_token(opened_.status)) {
      return Error{ErrorCode::unavailable, "the file " + shown_ + " changed while it was read", ""};
    }
    return Bytes(buffer_).first(size);
  }

  OpenFile opened_;
  ByteRange range_;  // of length 0 for an empty file
  std::uint64_t size_of_file_;
  bool longer_ = false;  // there are more bytes than its file system says
  const std::string shown_;
  BlockingExecutor& blocking_;
  BufferBudget& buffers_;
  std::uint64_t held_ = 0;
  std::vector<std::byte> buffer_;
  std::uint64_t position_ = 0;  // in the range
  Bytes ahead_;
};

namespace {

class EmptyBody final : public Body {
 public:
  std::uint64_t size() const override { return 0; }
  Async<Result<Bytes>> next() override { co_return Bytes(); }
  bool rewind() override { return true; }
};

}  // namespace

Async<Result<GetResult>> FileStore::get(GetRequest request) {
  ++services_.counters.get;
  if (!request.version_id.empty())
    co_return Error{ErrorCode::unsupported, "a directory keeps no versions of files", ""};
  if (request.range &&
      (request.range->length == 0 || request.range->offset > UINT64_MAX - request.range->length)) {
    co_return Error{ErrorCode::invalid_argument, "the range is empty or too large", ""};
  }
  GetResult result;
  if (request.key.ends_with('/')) {
    auto marker = co_await blocking([this, &request] { return marker_head(tree_, request.key); });
    if (marker.has_error()) co_return marker.error();
    if (!request.if_match.empty() && marker->info.etag != request.if_match) {
      co_return Error{ErrorCode::precondition_failed,
                      tree_.name_of(request.key) + " was written again", ""};
    }
    if (request.range)
      co_return Error{ErrorCode::invalid_argument,
                      "the range begins behind the end of an empty object", ""};
    result.head = std::move(*marker);
    result.body = std::make_unique<EmptyBody>();
    co_return result;
  }
  // A small file is opened and read in one go, where there is room for that.
  const std::uint64_t room = std::min<std::uint64_t>(piece_size_max, buffers_.bytes.capacity());
  const bool has_room = buffers_.bytes.try_acquire(room);
  if (has_room) buffers_.make_room();
  std::unique_ptr<FileBody> body;
  auto looked = co_await blocking([&] { return open_body(request, has_room, &body); });
  if (looked.has_error()) {
    if (has_room) buffers_.bytes.release(room);
    co_return looked.error();
  }
  const std::uint64_t needed = std::min(body->buffer_size(), room);
  if (has_room) {
    buffers_.bytes.release(room - needed);
  } else {
    auto acquired = co_await buffers_.bytes.acquire(needed);
    if (acquired.has_error()) co_return acquired.error();
    buffers_.make_room();
  }
  body->hold(needed);
  result.head = std::move(*looked);
  result.body = std::move(body);
  co_return result;
}

Result<ObjectHead> FileStore::open_body(const GetRequest& request, bool read_ahead,
                                        std::unique_ptr<FileBody>* body) {
  const std::string shown = tree_.name_of(request.key);
  auto found = open_file(tree_, request.key);
  if (found.has_error()) {
    // A file system that is gone has no files either; that is no reason to call them vanished.
    auto there = tree_.check_still_there();
    return there.has_error() ? std::move(there.error()) : std::move(found.error());
  }
  if (!request.if_match.empty() && change_token(found->status) != request.if_match) {
    return Error{ErrorCode::precondition_failed, "the file " + shown + " has changed", ""};
  }
  const auto size = static_cast<std::uint64_t>(found->status.st_size);
  ByteRange range{0, size};
  if (request.range) {
    if (request.range->offset >= size) {
      return Error{ErrorCode::invalid_argument,
                   "the range begins behind the end of the file " + shown, ""};
    }
    range = {request.range->offset, std::min(request.range->length, size - request.range->offset)};
  }
  auto attributes = read_attributes(found->file.get(), shown);
  if (attributes.has_error()) return attributes.error();
  ObjectHead head = head_of(request.key, found->status, *attributes);
  *body = std::make_unique<FileBody>(std::move(*found), range, shown, services_.blocking, buffers_);
  auto actual = (*body)->begin(read_ahead);
  if (actual.has_error()) return actual.error();
  head.info.size = *actual;
  return head;
}

}  // namespace dth::objects::file
