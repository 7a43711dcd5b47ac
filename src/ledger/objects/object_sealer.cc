#include "ledger/objects/object_sealer.h"

#include "ledger/file.h"
#include "ledger/manifest.h"
#include "ledger/objects/stored_object.h"

namespace dth::ledger {
namespace {

// A manifest that is there already, whole in memory.
class StoredManifest final : public ReadableFile {
 public:
  StoredManifest(std::string path, std::string bytes)
      : path_(std::move(path)), bytes_(std::move(bytes)) {}
  Result<std::uint64_t> size() const override { return bytes_.size(); }
  const std::string& path() const override { return path_; }
  Result<std::size_t> read_at(std::uint64_t offset, char* data, std::size_t size) const override {
    return offset < bytes_.size() ? bytes_.copy(data, size, offset) : 0;
  }

 private:
  const std::string path_, bytes_;
};

Result<std::string> text_of(const Manifest& manifest) {
  std::string text;
  auto rendered = render(manifest, [&text](std::string_view piece) -> Result<void> {
    text += piece;
    return {};
  });
  if (rendered.has_error()) return rendered.error();
  return text;
}

// Was it made for the same run, of the same segments, by somebody whose signature it bears?
bool is_of_same_run(const Result<Manifest>& there, const Manifest& ours) {
  return there.has_value() && there->run == ours.run && there->root == ours.root &&
         there->segments.size() == ours.segments.size() && !check_root(*there).has_error() &&
         !check_signature(*there).has_error();
}

}  // namespace

Result<void> ObjectSealer::seal(const state::Run& run, std::vector<state::Segment> segments) {
  auto manifest = make_manifest(run, std::move(segments), *key_);
  if (manifest.has_error()) return manifest.error();
  auto text = text_of(*manifest);
  if (text.has_error()) return text.error();
  NewObject object{.key = options_.prefix + run.id + "/" + std::string(manifest_name),
                   .bytes = std::move(*text),
                   .content_type = "application/json"};
  const BlockingStore::Operation<void> write = [&object](objects::ObjectStore& store) {
    return store_object(&store, &object);
  };
  const std::string path = options_.place + "/" + run.id + "/" + std::string(manifest_name);
  auto written = store_.call(write);
  if (written.has_error() && written.error().code == ErrorCode::already_exists) {
    // An earlier attempt may have died after it. Ours is about as long.
    const ReadRange whole{.key = object.key, .length_max = object.bytes.size() + (1 << 20)};
    const BlockingStore::Operation<ReadBytes> read = [&whole](objects::ObjectStore& store) {
      return read_object(&store, whole);
    };
    auto there = store_.call(read);
    if (there.has_error()) return std::move(there.error()).with_context(path);
    const auto earlier = load_manifest(StoredManifest(path, std::move(there->bytes)));
    if (is_of_same_run(earlier, *manifest)) {
      const bool tells_the_same =
          earlier->state == manifest->state && earlier->totals == manifest->totals;
      if (tells_the_same) return {};
      object.replaces = there->etag;
      written = store_.call(write);
    }
  }
  if (written.has_error() && !is_given_up(written.error()))
    return std::move(written.error()).with_context("the manifest " + path + " cannot be written");
  return written;
}

}  // namespace dth::ledger
