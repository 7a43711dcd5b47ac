#pragma once

#include <map>

#include "net/server/http_server.h"

namespace dth::net {

struct StaticFile {
  std::string path;  // from the root, without a slash at its beginning: "assets/app.js"
  std::string content;
};

struct StaticAssetsOptions {
  // Served for "/" and other directories, and, where `index_for_unknown`, for paths whose last part
  // has no dot when a browser navigates there (Sec-Fetch-Mode, or Accept with text/html): addresses
  // of a console's own pages.
  std::string index = "index.html";
  bool index_for_unknown = false;
  // Where the files are in the server's paths; begins and ends with a slash.
  std::string mount = "/";
  // Of the answers; empty: the server's.
  std::string content_security_policy = {};
  std::size_t files_max = 10'000;
  std::uint64_t bytes_max = 256 * 1024 * 1024;
};

// A set of files kept in memory and served by GET and HEAD (RFC 9110, 8.8.3 and 12.5.3): each with
// a strong ETag, and with variants that were compressed before: x.js.br and x.js.gz beside x.js.
// Names with a hash of the content (app.3f9ac2d1.js) are cached for good, all others are asked for
// again each time. Immutable; any thread.
class StaticAssets : public std::enable_shared_from_this<StaticAssets> {
 public:
  // Regular files beneath `directory`; links and names that begin with a dot are passed over.
  // not_found, permission_denied or invalid_argument (too many, too large, no index) name the file.
  static Result<std::shared_ptr<const StaticAssets>> read(const std::string& directory,
                                                          StaticAssetsOptions options);
  static Result<std::shared_ptr<const StaticAssets>> make(std::vector<StaticFile> files,
                                                          StaticAssetsOptions options);

  // 200, 304 or 404. The body refers to this object, which the answer keeps.
  ServerResponse answer(const ServerRequest& request) const;

  // For GET, at the mount, as a prefix. The route keeps the assets.
  Route route() const;

  // The content type of a file's name, by its extension.
  static std::string_view content_type(std::string_view name);
  // Has the name a part of at least eight hexadecimal digits, or of eight of base 32, before its
  // extension?
  static bool has_content_hash(std::string_view name);

 private:
  struct Variant {
    std::string content;
    std::string etag;
  };
  struct Asset {
    std::string_view type;
    std::string cache_control;
    Variant identity;
    std::map<std::string, Variant, std::less<>> encoded;  // "br", "gzip"
  };
  explicit StaticAssets(StaticAssetsOptions options) : options_(std::move(options)) {}
  const Asset* find(std::string_view path) const;
  bool is_of_index(const ServerRequest& request) const;

  StaticAssetsOptions options_;
  std::map<std::string, Asset, std::less<>> assets_;
};

// How much a client wants `coding`, 0 to 1000, by its Accept-Encoding; without that header nothing
// but identity.
unsigned encoding_quality(std::optional<std::string_view> accept_encoding, std::string_view coding);

}  // namespace dth::net
