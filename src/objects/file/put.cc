#include <cerrno>

#include "base/encoding.h"
#include "objects/file/errors.h"
#include "objects/file/store.h"
#include "objects/file/token.h"

namespace dth::objects::file {

Async<Result<PutResult>> FileStore::put(PutRequest request, Body& body) {
  ++services_.counters.put;
  auto writable = check_write(request.key, request.metadata, request.properties);
  if (writable.has_error()) co_return writable.error();
  if (request.key.ends_with('/')) co_return co_await put_marker(std::move(request), &body);
  Draft draft;
  auto stored = co_await put_file(std::move(request), &body, &draft);
  if (stored.has_error() && draft.is_open()) {
    co_await blocking([&draft] {
      draft.discard();
      return true;
    });
  }
  co_return stored;
}

Async<Result<PutResult>> FileStore::put_file(PutRequest request, Body* body, Draft* draft) {
  auto digests = BodyDigests::begin(request.content_md5, request.checksums);
  if (digests.has_error()) co_return digests.error();
  const std::string shown = tree_.name_of(request.key);
  PutResult result;
  for (bool ended = false; !ended;) {
    auto piece = co_await body->next();
    if (piece.has_error()) co_return piece.error();
    if (is_cancelled(co_await boost::asio::this_coro::cancellation_state))
      co_return cancelled_error();
    ended = piece->empty();
    auto done = co_await blocking([&]() -> Result<void> {
      if (!draft->is_open()) {
        auto begun = Draft::begin(tree_, request.key);
        if (begun.has_error()) return begun.error();
        *draft = std::move(*begun);
      }
      if (!ended) {
        digests->update(*piece);
        return draft->append(*piece);
      }
      if (body->size() != Body::size_unknown && draft->size() != body->size()) {
        return Error{ErrorCode::unavailable,
                     "only " + std::to_string(draft->size()) + " of " +
                         std::to_string(body->size()) + " bytes came for " + shown,
                     ""};
      }
      auto checksums = digests->finish();
      if (checksums.has_error()) return std::move(checksums.error()).with_context(shown);
      Attributes attributes;
      attributes.metadata = request.metadata;
      attributes.checksums = result.checksums = *checksums;
      attributes.origin = request.origin;
      auto published = draft->publish(attributes, request.modified, request.precondition);
      if (published.has_error()) return published.error();
      result.etag = change_token(*published);
      return Result<void>();
    });
    if (done.has_error()) co_return done.error();
  }
  co_return result;
}

// A key that ends in a slash is that of a directory, which has no content.
Async<Result<PutResult>> FileStore::put_marker(PutRequest request, Body* body) {
  auto digests = BodyDigests::begin(request.content_md5, request.checksums);
  if (digests.has_error()) co_return digests.error();
  auto piece = co_await body->next();
  if (piece.has_error()) co_return piece.error();
  if (!piece->empty() || body->size() != 0) {
    co_return Error{
        ErrorCode::invalid_argument,
        "the key \"" + printable(request.key) +
            "\" ends in a slash, so it is a directory's, and the object has content, which no "
            "directory has; rename the object at the source",
        ""};
  }
  auto checksums = digests->finish();
  if (checksums.has_error()) co_return checksums.error();
  auto result = co_await blocking([this, &request] { return write_marker(request); });
  if (result.has_value()) result->checksums = *checksums;
  co_return result;
}

Result<PutResult> FileStore::write_marker(const PutRequest& request) {
  auto present = marker_head(tree_, request.key);
  if (present.has_error() && present.error().code != ErrorCode::not_found) return present.error();
  const std::string shown = tree_.name_of(request.key);
  const Precondition& precondition = request.precondition;
  if (precondition.if_absent && present.has_value())
    return Error{ErrorCode::precondition_failed, shown + " is there already", ""};
  if (!precondition.if_match.empty()) {
    if (present.has_error()) return present.error();
    if (present->info.etag != precondition.if_match)
      return Error{ErrorCode::precondition_failed, shown + " was written again", ""};
  }
  auto directory = tree_.make_directory(request.key);
  if (directory.has_error()) return directory.error();
  Attributes attributes;
  attributes.metadata = request.metadata;
  attributes.origin = request.origin;
  attributes.marker_written = services_.clock.now();
  auto kept = write_attributes(directory->get(), attributes, shown);
  if (kept.has_error()) return kept.error();
  struct stat status;
  if (::fsync(directory->get()) != 0 || ::fstat(directory->get(), &status) != 0) {
    return error_of(errno, "the directory " + shown + " cannot be written to the disk");
  }
  PutResult result;
  result.etag = marker_head(request.key, status, attributes).info.etag;
  return result;
}

}  // namespace dth::objects::file
