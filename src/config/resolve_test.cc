#include "config/resolve.h"

#include <cstdio>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dth::config {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Resolution resolve_flags(std::map<std::string, std::string> given) {
  Sources sources{.data_dir = "/d"};
  for (auto& [name, text] : given)
    sources.flags.emplace(name, GivenValue{text, flag_of(*find_setting(name))});
  return resolve(sources);
}

std::string problem_of(const std::string& name, const std::string& text) {
  const auto problems = resolve_flags({{name, text}}).problems;
  return problems.size() == 1 ? problems[0].to_string()
                              : std::to_string(problems.size()) + " problems";
}

TEST(Settings, DefaultsAreGood) {
  const Resolution resolution = resolve_flags({});
  EXPECT_TRUE(resolution.problems.empty());
  EXPECT_EQ(resolution.settings.data_dir, "/d");
  EXPECT_EQ(resolution.settings.listen.to_string(), "127.0.0.1:8080");
  EXPECT_TRUE(resolution.settings.introspection);
  EXPECT_FALSE(resolution.settings.insecure_http);
  EXPECT_EQ(resolution.settings.request_bytes_max, 1u << 20);
  EXPECT_EQ(resolution.settings.log_level, LogLevel::info);
  EXPECT_EQ(resolution.effective.size(), all_settings().size());
  for (const EffectiveValue& value : resolution.effective) EXPECT_EQ(value.where, "default");
}

TEST(Settings, FlagsGoBeforeTheEnvironmentBeforeTheFile) {
  const std::string path = testing::TempDir() + "resolve_test.yaml";
  std::ofstream(path) << "log_level: debug\nlog_format: json\nlisten: 127.0.0.1:1\n";
  Sources sources{.file = path, .data_dir = "/d"};
  sources.environment.emplace("log_level", GivenValue{"warning", "DTH_LOG_LEVEL"});
  sources.environment.emplace("listen", GivenValue{"127.0.0.1:2", "DTH_LISTEN"});
  sources.flags.emplace("listen", GivenValue{"127.0.0.1:3", "--listen"});
  const Resolution resolution = resolve(sources);
  std::remove(path.c_str());
  ASSERT_TRUE(resolution.problems.empty());
  EXPECT_EQ(resolution.settings.listen.port, 3);
  EXPECT_EQ(resolution.settings.log_level, LogLevel::warning);
  EXPECT_EQ(resolution.settings.log_format, LogFormat::json);
  for (const EffectiveValue& value : resolution.effective) {
    if (value.setting->name == "listen") {
      EXPECT_EQ(value.where, "--listen");
    } else if (value.setting->name == "log_format") {
      EXPECT_EQ(value.where, path + ":2:13");
    }
  }
}

TEST(Settings, WrongValuesAreToldWhereTheyStand) {
  EXPECT_EQ(problem_of("introspection", "maybe"),
            "--introspection: invalid value \"maybe\" for introspection: expected true or false, "
            "or on or "
            "off");
  EXPECT_THAT(problem_of("log_level", "warnin"), HasSubstr("Did you mean \"warning\"?"));
  EXPECT_THAT(problem_of("connections_max", "0"), HasSubstr("a whole number, 1 to 1000000000"));
  EXPECT_THAT(problem_of("connections_max", "-1"), HasSubstr("a whole number, 1 to 1000000000"));
  EXPECT_THAT(problem_of("connections_max", "99999999999999999999999"),
              HasSubstr("a whole number, 1 to 1000000000"));
  EXPECT_THAT(problem_of("request_bytes_max", "1 parsec"),
              HasSubstr("a size such as 64MiB, 1 to 1GiB"));
  EXPECT_THAT(problem_of("request_bytes_max", "2GiB"), HasSubstr("1 to 1GiB"));
  EXPECT_THAT(problem_of("host_names", "a b"), HasSubstr("expected host names"));
  EXPECT_THAT(problem_of("host_names", "a,,b"), HasSubstr("expected host names"));
}

TEST(Settings, AllProblemsAreTold) {
  EXPECT_EQ(resolve_flags({{"log_level", "x"}, {"listen", "y"}}).problems.size(), 2u);
}

TEST(Settings, WhatDoesNotGoTogetherIsRefused) {
  EXPECT_THAT(problem_of("tls_certificate", "/c"), HasSubstr("tls_key"));
  EXPECT_THAT(problem_of("tls_key", "/k"), HasSubstr("tls_certificate"));
  EXPECT_THAT(problem_of("listen", "0.0.0.0:80"), HasSubstr("insecure_http"));
  EXPECT_THAT(problem_of("listen", "127.example.org:80"), HasSubstr("insecure_http"));
  EXPECT_THAT(problem_of("metrics_listen", "127.0.0.1:8080"), HasSubstr("another port"));
  EXPECT_TRUE(resolve_flags({{"listen", "0.0.0.0:80"}, {"insecure_http", "on"}}).problems.empty());
  EXPECT_TRUE(
      resolve_flags({{"listen", "0.0.0.0:80"}, {"tls_certificate", "/c"}, {"tls_key", "/k"}})
          .problems.empty());
  EXPECT_THAT(resolve({}).problems.at(0).to_string(), HasSubstr("XDG_STATE_HOME"));
}

TEST(Settings, SecretsAreMasked) {
  constexpr options::Option secret{.name = "password", .secret = true};
  EXPECT_EQ((EffectiveValue{&secret, "hunter2", "--password"}.shown()), "***");
  EXPECT_EQ((EffectiveValue{&secret, "", "default"}.shown()), "");
}

}  // namespace
}  // namespace dth::config
