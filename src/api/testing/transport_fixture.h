#pragma once

#include "api/testing/api_fixture.h"
#include "api/testing/fake_exchange.h"

namespace dth::api::testing {

// The transports on the real engine.
class TransportTest : public ApiTest {
 protected:
  static net::ServerRequest post(std::string body, std::string content_type = "application/json",
                                 std::string accept = "") {
    net::ServerRequest request;
    request.method = "POST";
    request.path = "/graphql";
    request.body = std::move(body);
    if (!content_type.empty()) request.headers.add("Content-Type", std::move(content_type));
    if (!accept.empty()) request.headers.add("Accept", std::move(accept));
    return request;
  }
  static net::ServerRequest get(std::string query, std::string accept = "") {
    net::ServerRequest request;
    request.method = "GET";
    request.path = "/graphql";
    request.query = std::move(query);
    if (!accept.empty()) request.headers.add("Accept", std::move(accept));
    return request;
  }
  static boost::json::object body_of(const FakeExchange& exchange) {
    return exchange.answered ? boost::json::parse(exchange.answered->body).as_object()
                             : boost::json::object();
  }

  Metrics metrics_{"1.2.3", TimePoint()};
  GraphqlService service_{*engine_, *engine_, metrics_, admission_, clock_, {.operations_max = 3}};
};

}  // namespace dth::api::testing
