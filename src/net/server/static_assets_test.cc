#include "net/server/static_assets.h"

#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "net/server/testing/running_server.h"

namespace dth::net {
namespace {

using ::testing::HasSubstr;
using testing::RawClient;
using testing::RunningServer;

std::vector<StaticFile> files() {
  return {{"index.html", "<html>"},
          {"assets/app.3f9ac2d1.js", "plain"},
          {"assets/app.3f9ac2d1.js.br", "brotli"},
          {"assets/app.3f9ac2d1.js.gz", "gzip"},
          {"logo.svg", "<svg>"},
          {"data.gz", "archive"}};
}

class StaticAssetsTest : public ::testing::Test {
 protected:
  ServerResponse get(std::string path, HttpHeaders headers = {}) {
    auto made = StaticAssets::make(files(), options);
    EXPECT_TRUE(made.has_value());
    assets = *made;
    ServerRequest request;
    request.method = "GET";
    request.path = std::move(path);
    request.headers = std::move(headers);
    return assets->answer(request);
  }
  static std::string header(const ServerResponse& answer, std::string_view name) {
    return std::string(answer.headers.find(name).value_or("none"));
  }
  StaticAssetsOptions options;
  std::shared_ptr<const StaticAssets> assets;
};

TEST_F(StaticAssetsTest, FilesAreServedWithTheirTypes) {
  const auto index = get("/");
  EXPECT_EQ(index.status, 200u);
  EXPECT_EQ(index.shared_body, "<html>");
  EXPECT_EQ(header(index, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(header(index, "Cache-Control"), "no-cache");
  EXPECT_EQ(header(index, "Vary"), "none");
  EXPECT_EQ(header(get("/logo.svg"), "Content-Type"), "image/svg+xml");
  EXPECT_EQ(header(get("/logo.svg"), "Cache-Control"), "no-cache");
  EXPECT_EQ(get("/data.gz").shared_body, "archive");
  EXPECT_EQ(header(get("/data.gz"), "Content-Encoding"), "none");
  EXPECT_EQ(get("/assets/app.js").status, 404u);
  EXPECT_EQ(get("/assets/app.3f9ac2d1.js.br").status, 404u);
}

TEST_F(StaticAssetsTest, HashedNamesAreKeptForGood) {
  EXPECT_EQ(header(get("/assets/app.3f9ac2d1.js"), "Cache-Control"),
            "public, max-age=31536000, immutable");
  for (const char* name : {"app.3f9ac2d1.js", "a/app-3f9ac2d1.css", "app.3f9ac2d1.js.map",
                           "main-KX3QJ2AB.js", "x.0123456789abcdef.woff2"}) {
    EXPECT_TRUE(StaticAssets::has_content_hash(name)) << name;
  }
  for (const char* name : {"index.html", "app.js", "app.defaced.js", "app.feedface.js", "3f9ac2d1",
                           "3f9ac2d1.js", "app.1.2.3.js", "report-2024.html", "day-20240101.csv",
                           "app-CHAPTERS.js", "a.3F9AC2D1E0.js"}) {
    EXPECT_FALSE(StaticAssets::has_content_hash(name)) << name;
  }
}

TEST_F(StaticAssetsTest, TheBestEncodingThatIsWanted) {
  const auto body = [&](const char* accepted) {
    return std::string(get("/assets/app.3f9ac2d1.js", {{"Accept-Encoding", accepted}}).shared_body);
  };
  EXPECT_EQ(std::string(get("/assets/app.3f9ac2d1.js").shared_body), "plain");
  EXPECT_EQ(body("gzip, deflate, br"), "brotli");
  EXPECT_EQ(body("gzip, deflate"), "gzip");
  EXPECT_EQ(body("GZIP;q=1.0, br;q=0.5"), "gzip");
  EXPECT_EQ(body("br;q=0, gzip;q=0.001"), "plain");
  EXPECT_EQ(body("br;q=0, gzip;q=0.01"), "gzip");
  EXPECT_EQ(body("br;q=0, gzip;q=0"), "plain");
  EXPECT_EQ(body("*"), "brotli");
  EXPECT_EQ(body("*;q=0, gzip"), "gzip");
  EXPECT_EQ(body("identity, br;q=0.9"), "plain");
  EXPECT_EQ(body("br;q=nonsense"), "brotli");
  EXPECT_EQ(body(""), "plain");
  EXPECT_EQ(body("x-br, zstd"), "plain");
  const auto answer = get("/assets/app.3f9ac2d1.js", {{"Accept-Encoding", "br"}});
  EXPECT_EQ(header(answer, "Content-Encoding"), "br");
  EXPECT_EQ(header(answer, "Vary"), "Accept-Encoding");
  EXPECT_EQ(header(answer, "Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(header(get("/assets/app.3f9ac2d1.js"), "Vary"), "Accept-Encoding");
}

TEST_F(StaticAssetsTest, WhatIsThereAlreadyIsNotSent) {
  const std::string plain = header(get("/assets/app.3f9ac2d1.js"), "ETag");
  const std::string brotli =
      header(get("/assets/app.3f9ac2d1.js", {{"Accept-Encoding", "br"}}), "ETag");
  EXPECT_NE(plain, brotli);
  EXPECT_EQ(plain.size(), 34u);
  const auto status = [&](std::string list) {
    return get("/assets/app.3f9ac2d1.js", {{"If-None-Match", std::move(list)}}).status;
  };
  EXPECT_EQ(status(plain), 304u);
  EXPECT_EQ(status("\"x\", W/" + plain), 304u);
  EXPECT_EQ(status("*"), 304u);
  EXPECT_EQ(status(brotli), 200u);
  EXPECT_EQ(status(plain.substr(1, 32)), 200u);
  const auto same = get("/assets/app.3f9ac2d1.js", {{"If-None-Match", plain}});
  EXPECT_EQ(same.shared_body, "");
  EXPECT_EQ(header(same, "ETag"), plain);
  EXPECT_EQ(header(same, "Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(header(same, "Content-Type"), "none");
}

TEST_F(StaticAssetsTest, PathsOfTheConsoleAreItsIndex) {
  const HttpHeaders page = {{"Accept", "text/html, */*"}};
  EXPECT_EQ(get("/tasks/17", page).status, 404u);
  options.index_for_unknown = true;
  EXPECT_EQ(get("/tasks/17", page).shared_body, "<html>");
  EXPECT_EQ(get("/tasks/17", {{"Sec-Fetch-Mode", "navigate"}}).shared_body, "<html>");
  EXPECT_EQ(get("/tasks/17", {{"Sec-Fetch-Mode", "cors"}, {"Accept", "text/html"}}).status, 404u);
  EXPECT_EQ(get("/tasks/17").status, 404u);
  EXPECT_EQ(header(get("/tasks/17", page), "Cache-Control"), "no-cache");
  EXPECT_EQ(get("/assets/gone.js", page).status, 404u);
  options.mount = "/console/";
  EXPECT_EQ(get("/console/").shared_body, "<html>");
  EXPECT_EQ(get("/console/runs", page).shared_body, "<html>");
  EXPECT_EQ(get("/other", page).status, 404u);
}

class Directory {
 public:
  Directory() {
    char name[] = "/tmp/dth-assets-test-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  void write(const std::string& name, const std::string& content) {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name) << content;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

TEST_F(StaticAssetsTest, ADirectoryIsReadWithinItsBounds) {
  Directory directory;
  auto none = StaticAssets::read(directory.path(), {});
  ASSERT_TRUE(none.has_error());
  EXPECT_THAT(none.error().message, HasSubstr("index.html"));
  directory.write("index.html", "<html>");
  directory.write("a/b/c.css", "css");
  directory.write(".git/config", "secret");
  directory.write("a/.env", "secret");
  std::filesystem::create_symlink("/etc/passwd", directory.path() / "passwd.txt");
  std::filesystem::create_directory_symlink("/etc", directory.path() / "etc");
  auto read = StaticAssets::read(directory.path(), {});
  ASSERT_TRUE(read.has_value()) << read.error().to_string();
  const auto status = [&](const char* path) {
    ServerRequest request;
    request.path = path;
    return (*read)->answer(request).status;
  };
  EXPECT_EQ(status("/a/b/c.css"), 200u);
  for (const char* path :
       {"/.git/config", "/a/.env", "/passwd.txt", "/etc/passwd", "/a/b", "/a/", "/../index.html"}) {
    EXPECT_EQ(status(path), 404u) << path;
  }
  EXPECT_EQ(StaticAssets::read(directory.path(), {.files_max = 1}).error().code,
            ErrorCode::invalid_argument);
  EXPECT_THAT(StaticAssets::read(directory.path(), {.bytes_max = 5}).error().message,
              HasSubstr("more than"));
  EXPECT_EQ(StaticAssets::read(directory.path() / "none", {}).error().code, ErrorCode::not_found);
}

TEST_F(StaticAssetsTest, TheServerServesThem) {
  ServerOptions server_options;
  options.content_security_policy = "default-src 'self'";
  server_options.routes = {StaticAssets::make(files(), options).value()->route()};
  RunningServer server(std::move(server_options));
  RawClient client(server.port());
  const auto answer = client.exchange(
      "GET /assets/app.3f9ac2d1.js HTTP/1.1\r\nHost: h\r\nAccept-Encoding: br\r\n\r\n");
  EXPECT_EQ(answer.body, "brotli");
  EXPECT_EQ(answer.header("Content-Security-Policy"), "default-src 'self'");
  client.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.read_answer(true).header("Content-Length"), "6");
  const auto same = client.exchange("GET / HTTP/1.1\r\nHost: h\r\nIf-None-Match: *\r\n\r\n");
  EXPECT_EQ(same.status, 304u);
  EXPECT_FALSE(same.has_header("Content-Length"));
  EXPECT_EQ(client.exchange("POST / HTTP/1.1\r\nHost: h\r\n\r\n").status, 405u);
}

}  // namespace
}  // namespace dth::net
