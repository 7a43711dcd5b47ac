#include "net/server/http_server.h"

#include "net/server/testing/running_server.h"

namespace dth::net {
namespace {

using testing::echo_route;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::RawClient;
using testing::RunningServer;
using ::testing::SizeIs;

std::string get(std::string_view target, std::string_view lines = "") {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n" + std::string(lines) + "\r\n";
}

ServerOptions with_routes(std::vector<Route> routes) {
  ServerOptions options;
  options.routes = std::move(routes);
  return options;
}

ServerOptions echoing() {
  return with_routes({echo_route("/a"), echo_route("/post", {"POST"}, 1000),
                      echo_route("/p/", {"GET", "DELETE"}, 0, true)});
}

TEST(HttpServerTest, RequestsGoWhereTheirRouteIs) {
  RunningServer server(echoing());
  RawClient client(server.port());
  const auto answer = client.exchange(get("/a?q=1"));
  EXPECT_EQ(answer.status, 200u);
  EXPECT_EQ(answer.body, "GET /a?q=1");
  EXPECT_EQ(answer.header("Content-Length"), "10");
  EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
  EXPECT_FALSE(answer.header("Date").empty());
  EXPECT_FALSE(answer.has_header("Connection"));
  EXPECT_EQ(client.exchange(get("/p/%C3%A4/x")).body, "GET /p/\xc3\xa4/x");
  EXPECT_EQ(client.exchange(get("/p")).status, 404u);
  EXPECT_EQ(client.exchange(get("http://other/a")).body, "GET /a");
  const auto missing = client.exchange(get("/nowhere"));
  EXPECT_EQ(missing.status, 404u);
  EXPECT_EQ(missing.header("Content-Security-Policy"),
            "default-src 'none'; frame-ancestors 'none'");
}

TEST(HttpServerTest, MethodsThatARouteLacks) {
  RunningServer server(echoing());
  RawClient client(server.port());
  const auto refused = client.exchange("PUT /p/x HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(refused.status, 405u);
  EXPECT_EQ(refused.header("Allow"), "GET, HEAD, DELETE, OPTIONS");
  const auto options = client.exchange("OPTIONS /post HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(options.status, 204u);
  EXPECT_EQ(options.header("Allow"), "POST, OPTIONS");
  EXPECT_FALSE(options.has_header("Content-Length"));
  EXPECT_EQ(client.exchange("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n").status, 204u);
  client.send("HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n");
  const auto head = client.read_answer(true);
  EXPECT_EQ(head.status, 200u);
  EXPECT_EQ(head.header("Content-Length"), "7");
  client.send("HEAD /nowhere HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.read_answer(true).status, 404u);
  EXPECT_EQ(client.exchange(get("/a")).body, "GET /a");
  EXPECT_EQ(client.exchange("CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n").status, 501u);
  EXPECT_TRUE(client.is_closed());
}

TEST(HttpServerTest, PipelinedRequestsAreAnsweredInTheirOrder) {
  RunningServer server(echoing());
  RawClient client(server.port());
  std::string all;
  for (int i = 0; i < 50; ++i)
    all += get("/p/" + std::to_string(i)) +
           "POST /post HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nxy";
  ASSERT_TRUE(client.send(all));
  for (int i = 0; i < 50; ++i) {
    EXPECT_EQ(client.read_answer().body, "GET /p/" + std::to_string(i));
    EXPECT_EQ(client.read_answer().body, "POST /post xy");
  }
}

TEST(HttpServerTest, BodiesComeWhole) {
  RunningServer server(echoing());
  RawClient client(server.port());
  EXPECT_EQ(client
                .exchange("POST /post HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: "
                          "chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: u\r\n\r\n")
                .body,
            "POST /post abcde");
  client.send(
      "POST /post HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("body");
  EXPECT_EQ(client.read_answer().body, "POST /post body");
  const auto long_body = client.exchange(
      "POST /post HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(long_body.status, 413u);
  EXPECT_EQ(long_body.header("Connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST(HttpServerTest, Http10IsServed) {
  RunningServer server(echoing());
  RawClient once(server.port());
  EXPECT_EQ(once.exchange("GET /a HTTP/1.0\r\n\r\n").header("Connection"), "close");
  EXPECT_TRUE(once.is_closed());
  RawClient kept(server.port());
  EXPECT_EQ(kept.exchange("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").header("Connection"),
            "keep-alive");
  EXPECT_EQ(kept.exchange(get("/a", "Connection: close\r\n")).header("Connection"), "close");
  EXPECT_TRUE(kept.is_closed());
}

struct Smuggled {
  const char* name;
  std::string request;
  unsigned status;
};
class SmugglingTest : public ::testing::TestWithParam<Smuggled> {};

// The second request, hidden in the first, must never be answered.
TEST_P(SmugglingTest, IsRefusedAndTheConnectionEnds) {
  RunningServer server(echoing());
  RawClient client(server.port());
  client.send(GetParam().request);
  EXPECT_EQ(client.read_answer().status, GetParam().status);
  bool closed = false;
  EXPECT_EQ(client.read_to_end(&closed), "");
  EXPECT_TRUE(closed);
  EXPECT_EQ(server.access(0).status, GetParam().status);
  EXPECT_EQ(server.access_count(), 1u);
}

std::string post(std::string_view lines, std::string_view body) {
  return "POST /post HTTP/1.1\r\nHost: h\r\n" + std::string(lines) + "\r\n" + std::string(body);
}
const std::string hidden = get("/a");

INSTANTIATE_TEST_SUITE_P(
    All, SmugglingTest,
    ::testing::Values(
        Smuggled{"cl_te",
                 post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + hidden),
                 400},
        Smuggled{"te_cl",
                 post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
                      "5c\r\n" + hidden + "\r\n0\r\n\r\n"),
                 400},
        Smuggled{"te_te",
                 post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
                      "0\r\n\r\n" + hidden),
                 400},
        Smuggled{"te_unknown", post("Transfer-Encoding: x-chunked\r\n", "0\r\n\r\n" + hidden), 501},
        Smuggled{"te_space", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n" + hidden), 400},
        Smuggled{"te_folded", post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n" + hidden),
                 400},
        Smuggled{"te_after_lf", post("X: y\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + hidden),
                 400},
        Smuggled{"te_after_cr", post("X: y\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + hidden),
                 400},
        Smuggled{"cl_cl", post("Content-Length: 0\r\nContent-Length: 40\r\n", hidden), 400},
        Smuggled{"cl_list", post("Content-Length: 0, 40\r\n", hidden), 400},
        Smuggled{"cl_sign", post("Content-Length: +40\r\n", hidden), 400},
        Smuggled{"chunk_size", post("Transfer-Encoding: chunked\r\n", "0x0\r\n\r\n" + hidden), 400},
        Smuggled{"chunk_lf", post("Transfer-Encoding: chunked\r\n", "1\na\r\n0\r\n\r\n" + hidden),
                 400},
        Smuggled{"chunk_end", post("Transfer-Encoding: chunked\r\n", "1\r\nab0\r\n\r\n" + hidden),
                 400},
        Smuggled{"body_of_get", get("/a", "Content-Length: 30\r\n") + hidden, 413},
        Smuggled{"body_of_404",
                 "POST /none HTTP/1.1\r\nHost: h\r\nContent-Length: 30\r\n\r\n" + hidden, 404},
        Smuggled{"traversal", get("/p/../../etc/passwd") + hidden, 400},
        Smuggled{"nul", get("/p/%00") + hidden, 400},
        Smuggled{"no_host", "GET /a HTTP/1.1\r\n\r\n" + hidden, 400},
        Smuggled{"bad_host", "GET /a HTTP/1.1\r\nHost: a b\r\n\r\n" + hidden, 400},
        Smuggled{"expectation", get("/a", "Expect: more\r\n") + hidden, 417},
        Smuggled{"version", "GET /a HTTP/3.0\r\n\r\n" + hidden, 505},
        Smuggled{"long_target", get("/" + std::string(17000, 'a')), 414},
        Smuggled{"long_header", get("/a", "X: " + std::string(17000, 'a') + "\r\n"), 431},
        Smuggled{"garbage", "\x16\x03\x01\x02\x05" + hidden, 400}),
    [](const auto& info) { return info.param.name; });

Async<void> say_headers(ServerExchange& exchange) {
  ServerResponse answer;
  answer.headers.add("X-Echo",
                     exchange.request().query == "crlf" ? "a\r\nSet-Cookie: stolen" : "fine");
  if (exchange.request().query == "status") answer.status = 99;
  if (exchange.request().query == "own") answer.headers.add("Content-Length", "1");
  answer.body = "body";
  static_cast<void>(co_await exchange.answer(std::move(answer)));
}

TEST(HttpServerTest, HeadersAreNotInjected) {
  RunningServer server(with_routes({Route{"/a", false, {"GET"}, say_headers}}));
  RawClient client(server.port());
  EXPECT_EQ(client.exchange(get("/a")).header("X-Echo"), "fine");
  for (const char* query : {"crlf", "status", "own"}) {
    const auto answer = client.exchange(get("/a?" + std::string(query)));
    EXPECT_EQ(answer.status, 500u);
    EXPECT_THAT(answer.head + answer.body, ::testing::Not(HasSubstr("stolen")));
  }
  EXPECT_EQ(client.exchange(get("/a")).status, 200u);
  EXPECT_THAT(server.problems(), SizeIs(3));
  EXPECT_THAT(server.problems()[0], HasSubstr("X-Echo"));
}

Async<void> give_nothing(ServerExchange&) { co_return; }
Async<void> throw_something(ServerExchange& exchange) {
  if (exchange.request().query == "late") {
    ServerResponse answer{200, {}, "part"};
    static_cast<void>(co_await exchange.begin_stream(std::move(answer)));
  }
  throw std::runtime_error("a secret of the handler");
}
Async<void> answer_twice(ServerExchange& exchange) {
  ServerResponse first{200, {}, "first"}, second{200, {}, "second"};
  static_cast<void>(co_await exchange.answer(std::move(first)));
  const auto again = co_await exchange.answer(std::move(second));
  if (!again.has_error()) throw std::logic_error("answered twice");
}

TEST(HttpServerTest, HandlersThatFail) {
  RunningServer server(with_routes({Route{"/none", false, {"GET"}, give_nothing},
                                    Route{"/throw", false, {"GET"}, throw_something},
                                    Route{"/twice", false, {"GET"}, answer_twice}}));
  RawClient client(server.port());
  EXPECT_EQ(client.exchange(get("/none")).status, 500u);
  const auto thrown = client.exchange(get("/throw"));
  EXPECT_EQ(thrown.status, 500u);
  EXPECT_THAT(thrown.body, ::testing::Not(HasSubstr("secret")));
  EXPECT_EQ(client.exchange(get("/twice")).body, "first");
  server.access(2);
  EXPECT_THAT(server.problems(), SizeIs(3));
  client.send(get("/throw?late"));
  EXPECT_THAT(client.read_until("part\r\n"), HasSubstr("chunked"));
  bool closed = false;
  EXPECT_EQ(client.read_to_end(&closed), "");  // without the last chunk
  EXPECT_TRUE(closed);
}

TEST(HttpServerTest, RequestsHaveIds) {
  RunningServer server(echoing());
  RawClient client(server.port());
  EXPECT_EQ(client.exchange(get("/a", "X-Request-Id: mine-1.A_b\r\n")).header("X-Request-Id"),
            "mine-1.A_b");
  EXPECT_THAT(client.exchange(get("/a", "X-Request-Id: " + std::string(65, 'a') + "\r\n"))
                  .header("X-Request-Id"),
              SizeIs(26));
  EXPECT_THAT(client.exchange(get("/a", "X-Request-Id: a;b\r\n")).header("X-Request-Id"),
              SizeIs(26));
  const auto answer = client.exchange(get("/p/x?secret"));
  const AccessRecord record = server.access(3);
  EXPECT_EQ(record.id, answer.header("X-Request-Id"));
  EXPECT_EQ(record.method, "GET");
  EXPECT_EQ(record.path, "/p/x");
  EXPECT_EQ(record.remote_address, "127.0.0.1");
  EXPECT_EQ(record.status, 200u);
  EXPECT_EQ(record.body_bytes, answer.body.size());
}

Async<void> stream_three(ServerExchange& exchange) {
  ServerResponse answer{200, {{"Content-Type", "text/plain"}}, "one "};
  auto begun = co_await exchange.begin_stream(std::move(answer));
  if (begun.has_value()) static_cast<void>(co_await exchange.write("two "));
  static_cast<void>(co_await exchange.write(""));
  static_cast<void>(co_await exchange.write(std::string(100'000, '3')));
}

TEST(HttpServerTest, AnswersAreStreamed) {
  RunningServer server(with_routes({Route{"/s", false, {"GET"}, stream_three}, echo_route("/a")}));
  RawClient client(server.port());
  const auto answer = client.exchange(get("/s"));
  EXPECT_EQ(answer.header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(answer.body, "one two " + std::string(100'000, '3'));
  client.send("HEAD /s HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_EQ(client.read_answer(true).status, 200u);
  EXPECT_EQ(client.exchange(get("/a")).body, "GET /a");
  RawClient old(server.port());
  const auto plain = old.exchange("GET /s HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(plain.header("Connection"), "close");
  EXPECT_FALSE(plain.has_header("Transfer-Encoding"));
  EXPECT_EQ(plain.body, "one two " + std::string(100'000, '3'));
}

TEST(HttpServerTest, WhereItCannotListenIsSaid) {
  boost::asio::io_context context;
  RunningServer server(echoing());
  ServerOptions options = echoing();
  options.port = server.port();
  auto taken = HttpServer::listen(context.get_executor(), options);
  ASSERT_TRUE(taken.has_error());
  EXPECT_EQ(taken.error().code, ErrorCode::already_exists);
  EXPECT_THAT(taken.error().message, HasSubstr(std::to_string(server.port())));
  options.host = "no address";
  EXPECT_EQ(HttpServer::listen(context.get_executor(), options).error().code,
            ErrorCode::invalid_argument);
  options.host = "192.0.2.1";
  EXPECT_EQ(HttpServer::listen(context.get_executor(), options).error().code,
            ErrorCode::unavailable);
  options.routes.push_back(echo_route("no slash"));
  options.host = "127.0.0.1";
  EXPECT_EQ(HttpServer::listen(context.get_executor(), options).error().code,
            ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dth::net
