#include "net/server/static_assets.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "base/ascii.h"
#include "base/hash.h"
#include "net/header_text.h"

namespace dth::net {
namespace {

constexpr std::size_t hash_characters_min = 8;
constexpr std::size_t etag_characters = 32;

struct Coding {
  std::string_view suffix;
  std::string_view name;
};
// The first is taken where the client wants both as much.
constexpr std::array<Coding, 2> codings = {{{".br", "br"}, {".gz", "gzip"}}};

struct Type {
  std::string_view extension;
  std::string_view type;
};
constexpr std::array<Type, 24> types = {{
    {"html", "text/html; charset=utf-8"},
    {"js", "text/javascript; charset=utf-8"},
    {"mjs", "text/javascript; charset=utf-8"},
    {"css", "text/css; charset=utf-8"},
    {"json", "application/json"},
    {"map", "application/json"},
    {"webmanifest", "application/manifest+json"},
    {"svg", "image/svg+xml"},
    {"png", "image/png"},
    {"jpg", "image/jpeg"},
    {"jpeg", "image/jpeg"},
    {"gif", "image/gif"},
    {"webp", "image/webp"},
    {"avif", "image/avif"},
    {"ico", "image/vnd.microsoft.icon"},
    {"woff", "font/woff"},
    {"woff2", "font/woff2"},
    {"ttf", "font/ttf"},
    {"wasm", "application/wasm"},
    {"txt", "text/plain; charset=utf-8"},
    {"md", "text/markdown; charset=utf-8"},
    {"xml", "application/xml"},
    {"pdf", "application/pdf"},
    {"gz", "application/gzip"},
}};

std::string_view extension_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  return dot == name.npos ? std::string_view() : name.substr(dot + 1);
}

std::string_view last_part(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Digits and letters must be among them: letters alone may be a word, and digits a date.
bool is_hash(std::string_view part) {
  if (part.size() < hash_characters_min || std::ranges::none_of(part, is_digit)) return false;
  if (std::ranges::all_of(part, is_digit)) return false;
  const auto is_hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); };
  const auto is_base32 = [](char c) { return (c >= '2' && c <= '7') || (c >= 'A' && c <= 'Z'); };
  return std::ranges::all_of(part, is_hex) ||
         (part.size() == hash_characters_min && std::ranges::all_of(part, is_base32));
}

// "0.5" as 500; 1000 for what is no such number (RFC 9110, 12.4.2).
unsigned parse_quality(std::string_view text) {
  if (text.empty() || (text[0] != '0' && text[0] != '1') || (text.size() > 1 && text[1] != '.'))
    return 1000;
  unsigned value = static_cast<unsigned>(text[0] - '0') * 1000, unit = 100;
  for (const char c : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (!is_digit(c)) return 1000;
    value += static_cast<unsigned>(c - '0') * unit;
    unit /= 10;
  }
  return std::min(value, 1000u);
}

// Weak comparison: RFC 9110, 13.1.2.
bool matches(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    std::string_view element = next_element(&list);
    if (element == "*") return true;
    if (element.starts_with("W/")) element.remove_prefix(2);
    if (element == etag) return true;
  }
  return false;
}

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t bytes_max) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    return Error{ErrorCode::permission_denied,
                 "cannot read " + path.string() + ": check its permissions", ""};
  std::string content;
  std::array<char, 64 * 1024> piece;
  while (file.read(piece.data(), piece.size()) || file.gcount() > 0) {
    content.append(piece.data(), static_cast<std::size_t>(file.gcount()));
    if (content.size() > bytes_max) {
      return Error{ErrorCode::invalid_argument,
                   "the files to serve are too large: at " + path.string() +
                       " they are more than " + std::to_string(bytes_max) + " bytes",
                   ""};
    }
  }
  return content;
}

}  // namespace

unsigned encoding_quality(std::optional<std::string_view> accept_encoding,
                          std::string_view coding) {
  const bool is_identity = coding == "identity";
  std::optional<unsigned> named, any;
  std::string_view list = accept_encoding.value_or("");
  while (!list.empty()) {
    std::string_view element = next_element(&list);
    const std::size_t semicolon = std::min(element.find(';'), element.size());
    const std::string_view name = trimmed(element.substr(0, semicolon));
    std::string_view parameter = trimmed(element.substr(std::min(semicolon + 1, element.size())));
    unsigned quality = 1000;
    if (parameter.starts_with("q=") || parameter.starts_with("Q="))
      quality = parse_quality(parameter.substr(2));
    if (equals_ignoring_case(name, coding)) named = quality;
    if (name == "*") any = quality;
  }
  if (named) return *named;
  // Identity is always good, unless it is said not to be, and the last choice.
  if (is_identity) return any == 0u ? 0 : 1;
  return any.value_or(0);
}

std::string_view StaticAssets::content_type(std::string_view name) {
  const std::string_view extension = extension_of(name);
  for (const Type& type : types) {
    if (equals_ignoring_case(type.extension, extension)) return type.type;
  }
  return "application/octet-stream";
}

bool StaticAssets::has_content_hash(std::string_view name) {
  name = last_part(name);
  // Parts are separated by dots and dashes; the first is a name and the last an extension.
  if (name.find('.') == name.npos) return false;
  std::string_view rest = name.substr(0, name.rfind('.'));
  for (std::size_t at = rest.find_last_of(".-"); at != rest.npos; at = rest.find_last_of(".-")) {
    if (is_hash(rest.substr(at + 1))) return true;
    rest = rest.substr(0, at);
  }
  return false;
}

Result<std::shared_ptr<const StaticAssets>> StaticAssets::read(const std::string& directory,
                                                               StaticAssetsOptions options) {
  std::error_code failure;
  std::filesystem::recursive_directory_iterator entry(directory, failure), end;
  if (failure)
    return Error{ErrorCode::not_found,
                 "cannot read the directory " + directory + ": " + failure.message(), ""};
  std::vector<StaticFile> files;
  std::uint64_t bytes_left = options.bytes_max;
  for (; entry != end; entry.increment(failure)) {
    if (last_part(entry->path().native()).starts_with('.')) {
      entry.disable_recursion_pending();
      continue;
    }
    if (entry->is_symlink(failure) || !entry->is_regular_file(failure)) continue;
    if (files.size() >= options.files_max) {
      return Error{
          ErrorCode::invalid_argument,
          directory + " has more files than are served (" + std::to_string(options.files_max) + ")",
          ""};
    }
    auto content = read_file(entry->path(), bytes_left);
    if (content.has_error()) return content.error();
    bytes_left -= content->size();
    files.push_back(
        {entry->path().lexically_relative(directory).generic_string(), std::move(*content)});
  }
  if (failure)
    return Error{ErrorCode::not_found,
                 "cannot read all of the directory " + directory + ": " + failure.message(), ""};
  return make(std::move(files), std::move(options));
}

Result<std::shared_ptr<const StaticAssets>> StaticAssets::make(std::vector<StaticFile> files,
                                                               StaticAssetsOptions options) {
  std::shared_ptr<StaticAssets> assets(new StaticAssets(std::move(options)));
  const auto variant = [](std::string content) {
    std::string etag =
        "\"" + hash(HashAlgorithm::sha256, as_bytes(content)).hex().substr(0, etag_characters) +
        "\"";
    return Variant{std::move(content), std::move(etag)};
  };
  // x.js comes before x.js.br.
  std::ranges::sort(files, {}, &StaticFile::path);
  for (StaticFile& file : files) {
    const auto coding = std::ranges::find_if(
        codings, [&](const Coding& it) { return file.path.ends_with(it.suffix); });
    if (coding != codings.end()) {
      const auto plain = assets->assets_.find(
          std::string_view(file.path).substr(0, file.path.size() - coding->suffix.size()));
      if (plain != assets->assets_.end()) {
        plain->second.encoded.emplace(coding->name, variant(std::move(file.content)));
        continue;
      }
    }
    Asset asset{content_type(file.path),
                has_content_hash(file.path) ? "public, max-age=31536000, immutable" : "no-cache",
                variant(std::move(file.content)),
                {}};
    assets->assets_.emplace(std::move(file.path), std::move(asset));
  }
  if (!assets->assets_.contains(assets->options_.index)) {
    return Error{ErrorCode::invalid_argument,
                 "the files to serve have no " + assets->options_.index, ""};
  }
  return std::shared_ptr<const StaticAssets>(std::move(assets));
}

const StaticAssets::Asset* StaticAssets::find(std::string_view path) const {
  std::string name(path);
  if (name.empty() || name.ends_with('/')) name += options_.index;
  auto found = assets_.find(name);
  return found == assets_.end() ? nullptr : &found->second;
}

// A page's address that a browser opens: not what a script fetches, nor a missing script.
bool StaticAssets::is_of_index(const ServerRequest& request) const {
  if (!options_.index_for_unknown || last_part(request.path).find('.') != std::string_view::npos)
    return false;
  if (const auto mode = request.headers.find("Sec-Fetch-Mode")) return *mode == "navigate";
  return request.headers.value_of("Accept").find("text/html") != std::string_view::npos;
}

ServerResponse StaticAssets::answer(const ServerRequest& request) const {
  std::string_view path = request.path;
  const Asset* asset = nullptr;
  if (path.starts_with(options_.mount)) {
    asset = find(path.substr(options_.mount.size()));
    if (asset == nullptr && is_of_index(request)) asset = find("");
  }
  if (asset == nullptr) {
    return {404,
            {{"Content-Type", "text/plain; charset=utf-8"}, {"Cache-Control", "no-store"}},
            "404 Not Found\n"};
  }
  const auto accepted = request.headers.find("Accept-Encoding");
  const Variant* chosen = &asset->identity;
  std::string_view coding;
  unsigned best = encoding_quality(accepted, "identity");
  for (const Coding& candidate : codings) {
    const auto encoded = asset->encoded.find(candidate.name);
    const unsigned quality = encoding_quality(accepted, candidate.name);
    if (encoded == asset->encoded.end() || quality <= best) continue;
    best = quality;
    chosen = &encoded->second;
    coding = candidate.name;
  }
  ServerResponse answer;
  answer.headers.add("ETag", chosen->etag);
  answer.headers.add("Cache-Control", asset->cache_control);
  if (!asset->encoded.empty()) answer.headers.add("Vary", "Accept-Encoding");
  if (!options_.content_security_policy.empty()) {
    answer.headers.add("Content-Security-Policy", options_.content_security_policy);
  }
  if (matches(request.headers.find("If-None-Match").value_or(""), chosen->etag)) {
    answer.status = 304;
    return answer;
  }
  answer.headers.add("Content-Type", std::string(asset->type));
  if (!coding.empty()) answer.headers.add("Content-Encoding", std::string(coding));
  answer.shared_body = chosen->content;
  answer.shared_owner = shared_from_this();
  return answer;
}

namespace {

Async<void> serve(std::shared_ptr<const StaticAssets> assets, ServerExchange& exchange) {
  ServerResponse answer = assets->answer(exchange.request());
  static_cast<void>(co_await exchange.answer(std::move(answer)));
}

}  // namespace

Route StaticAssets::route() const {
  return {
      options_.mount,
      true,
      {"GET"},
      [assets = shared_from_this()](ServerExchange& exchange) { return serve(assets, exchange); },
      0};
}

}  // namespace dth::net
