#include "api/console.h"

#include <array>

#include <gtest/gtest.h>

namespace dth::api {
namespace {

constexpr std::array<ConsoleFile, 4> files = {{{"index.html", "<html>"},
                                               {"index.html.br", "brotli"},
                                               {"assets/app-3f9ac2d1e0b7.js", "script"},
                                               {"theme.js", "theme"}}};

class ConsoleTest : public ::testing::Test {
 protected:
  net::ServerResponse get(std::string path, net::HttpHeaders headers = {}) {
    net::ServerRequest request;
    request.method = "GET";
    request.path = std::move(path);
    request.headers = std::move(headers);
    return console_->answer(request);
  }
  static std::string header(const net::ServerResponse& answer, std::string_view name) {
    return std::string(answer.headers.find(name).value_or("none"));
  }

 private:
  std::shared_ptr<const net::StaticAssets> console_ = *make_console(files);
};

TEST_F(ConsoleTest, NamesWithAHashAreKeptAndTheIndexIsAskedForAgain) {
  EXPECT_EQ(get("/").shared_body, "<html>");
  EXPECT_EQ(header(get("/"), "Cache-Control"), "no-cache");
  EXPECT_EQ(get("/", {{"Accept-Encoding", "gzip, br"}}).shared_body, "brotli");
  EXPECT_EQ(header(get("/assets/app-3f9ac2d1e0b7.js"), "Cache-Control"),
            "public, max-age=31536000, immutable");
  EXPECT_EQ(header(get("/theme.js"), "Cache-Control"), "no-cache");
}

TEST_F(ConsoleTest, NavigationToAPageOfItsOwnGetsTheIndex) {
  EXPECT_EQ(get("/runs/run_1", {{"Sec-Fetch-Mode", "navigate"}}).shared_body, "<html>");
  EXPECT_EQ(get("/runs/run_1", {{"Accept", "text/html,*/*;q=0.8"}}).shared_body, "<html>");
  EXPECT_EQ(get("/runs/run_1").status, 404u);
  EXPECT_EQ(get("/runs/run_1", {{"Accept", "*/*"}}).status, 404u);
  EXPECT_EQ(get("/runs/run_1", {{"Sec-Fetch-Mode", "cors"}, {"Accept", "text/html"}}).status, 404u);
  EXPECT_EQ(get("/assets/gone-3f9ac2d1e0b7.js", {{"Sec-Fetch-Mode", "navigate"}}).status, 404u);
}

TEST_F(ConsoleTest, EveryAnswerBearsThePolicy) {
  for (const char* path : {"/", "/theme.js"}) {
    EXPECT_TRUE(header(get(path), "Content-Security-Policy").starts_with("default-src 'none'; "))
        << path;
  }
}

TEST(Console, WithoutFilesThePageSaysSo) {
  EXPECT_EQ(*make_console({}), nullptr);
  EXPECT_NE(no_console_page("1.2").body.find("This build has no web console"), std::string::npos);
  EXPECT_TRUE(make_console({files.data() + 2, 1}).has_error());
}

}  // namespace
}  // namespace dth::api
