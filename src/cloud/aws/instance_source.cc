#include <algorithm>

#include "base/ascii.h"
#include "cloud/aws/credential_json.h"
#include "cloud/aws/metadata_sources.h"

namespace dth::aws {
namespace {

using Answer = IdentityTransport::Answer;

constexpr std::string_view roles_path = "/latest/meta-data/iam/security-credentials/";

bool is_role_name(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_+=,.@-").find(c) != std::string_view::npos;
  });
}

class InstanceSource final : public CredentialSource {
 public:
  InstanceSource(IdentityServices services, Environment environment)
      : services_(services), environment_(std::move(environment)) {}

  Async<Result<Fetched>> fetch() override {
    if (ascii_lower(value_of(environment_, "AWS_EC2_METADATA_DISABLED")) == "true") {
      co_return Error{ErrorCode::not_found, "AWS_EC2_METADATA_DISABLED is set", ""};
    }
    auto origin = find_origin();
    if (origin.has_error()) co_return origin.error();
    net::HttpRequest session;
    session.method = "PUT";
    session.target = "/latest/api/token";
    session.headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "300"}};
    auto token = co_await ask(services_, *origin, std::move(session), "",
                              IdentityTransport::Patience::metadata);
    if (token.has_error() && token.error().code == ErrorCode::cancelled) co_return token.error();
    if (token.has_error() || token->status != 200) {
      co_return Error{
          ErrorCode::not_found,
          "no instance metadata at " + origin->url() +
              " (on EC2, in a container: the instance's metadata hop limit must be 2 or more)",
          token.has_error() ? token.error().message : "HTTP " + std::to_string(token->status)};
    }
    auto roles = co_await get(*origin, std::string(roles_path), token->text);
    if (roles.has_error()) co_return roles.error();
    const std::string role = roles->text.substr(0, roles->text.find_first_of("\r\n"));
    if (roles->status == 404 || (roles->status == 200 && role.empty())) {
      co_return Error{ErrorCode::not_found, "this EC2 instance has no IAM role", ""};
    }
    if (roles->status != 200 || !is_role_name(role)) co_return strange_answer(*origin, *roles);
    auto answer = co_await get(*origin, std::string(roles_path) + role, token->text);
    if (answer.has_error()) co_return answer.error();
    if (answer->status != 200) co_return strange_answer(*origin, *answer);
    co_return parse_credential_json(
        answer->text, CredentialDialect::metadata, answered_at(*answer, services_.clock),
        "what the instance metadata at " + origin->url() + " gives for the role " + role);
  }

 private:
  Result<net::HttpOrigin> find_origin() const {
    const std::string url = value_of(environment_, "AWS_EC2_METADATA_SERVICE_ENDPOINT");
    if (!url.empty()) {
      auto origin = net::parse_origin(url);
      if (origin.has_error())
        return std::move(origin.error()).with_context("AWS_EC2_METADATA_SERVICE_ENDPOINT");
      return origin;
    }
    const bool ipv6 =
        ascii_lower(value_of(environment_, "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")) == "ipv6";
    return net::HttpOrigin{ipv6 ? "fd00:ec2::254" : "169.254.169.254", 80, false};
  }

  Async<Result<Answer>> get(net::HttpOrigin origin, std::string path, std::string token) {
    net::HttpRequest request;
    request.target = std::move(path);
    request.headers = {{"x-aws-ec2-metadata-token", std::move(token)}};
    auto answer = co_await ask(services_, std::move(origin), std::move(request), "",
                               IdentityTransport::Patience::metadata);
    if (answer.has_error())
      co_return answer.error().with_context("cannot get the instance's credentials");
    co_return answer;
  }

  static Error strange_answer(const net::HttpOrigin& origin, const Answer& answer) {
    return Error{ErrorCode::unavailable,
                 "cannot get the instance's credentials: the instance metadata at " + origin.url() +
                     " answered with status " + std::to_string(answer.status) +
                     ", or with what names no role",
                 ""};
  }

  IdentityServices services_;
  Environment environment_;
};

}  // namespace

std::shared_ptr<CredentialSource> make_instance_source(IdentityServices services,
                                                       Environment environment) {
  return std::make_shared<InstanceSource>(services, std::move(environment));
}

}  // namespace dth::aws
