#pragma once

#include <deque>

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/testing/run_for_test.h"
#include "cloud/aws/identity_transport.h"

// For tests: services of identity that answer from a script.
namespace dth::aws::testing {

struct Asked {
  net::HttpOrigin origin;
  net::HttpRequest request;
  std::string body;
  IdentityTransport::Patience patience;

  std::string header(std::string_view name) const {
    for (const net::HttpHeader& header : request.headers) {
      if (header.name == name) return std::string(header.value);
    }
    return "(none)";
  }
};

class ScriptedIdentityTransport final : public IdentityTransport {
 public:
  std::deque<Result<Answer>> script;
  std::vector<Asked> asked;

  Async<Result<Answer>> send(net::HttpOrigin origin, net::HttpRequest request, std::string body,
                             Patience patience) override {
    asked.push_back({std::move(origin), std::move(request), std::move(body), patience});
    if (script.empty()) co_return Error{ErrorCode::internal, "the script is over", ""};
    auto answer = std::move(script.front());
    script.pop_front();
    co_return answer;
  }
};

inline IdentityTransport::Answer answer(int status, std::string text, std::string date = "") {
  IdentityTransport::Answer answer;
  answer.status = status;
  answer.text = std::move(text);
  if (!date.empty()) answer.headers.push_back({"Date", std::move(date)});
  return answer;
}

inline std::string sts_answer(const std::string& id, const std::string& expiration) {
  return "<AssumeRoleResponse "
         "xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>"
         "<AccessKeyId>" +
         id +
         "</AccessKeyId><SecretAccessKey>role-s3cret</SecretAccessKey>"
         "<SessionToken>role-t0ken</SessionToken><Expiration>" +
         expiration + "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
}

class IdentityTest : public ::testing::Test {
 protected:
  IdentityTest() : clock(*parse_time("2026-11-23T12:00:00Z")) {}

  Result<CredentialSource::Fetched> fetch(CredentialSource& source) {
    return run_for_test(context, source.fetch(), &clock);
  }

  boost::asio::io_context context;
  SimulatedClock clock;
  ScriptedIdentityTransport transport;
  IdentityServices services{transport, clock};
};

}  // namespace dth::aws::testing
