#include "state/postgres/connect_options.h"

#include <cstdlib>
#include <fstream>
#include <map>

#include <sys/stat.h>

#include "state/postgres/sqlstate.h"
#include "state/postgres/statement.h"
#include "state/testing/state_conformance.h"
#include "state/testing/temporary_directory.h"

namespace dth::state::postgres {
namespace {

std::map<std::string, std::string> parsed(const std::string& url,
                                          Access access = Access::read_write) {
  auto options = parse_url(url, access);
  if (options.has_error()) return {{"error", options.error().to_string()}};
  std::map<std::string, std::string> values(options->parameters.begin(), options->parameters.end());
  values["name"] = options->name;
  return values;
}

TEST(ConnectOptions, PasswordInTheUrlIsRefusedAndNotShown) {
  for (const char* url :
       {"postgresql://u:secret@h/d", "postgresql://u@h/d?password=secret",
        "postgresql://h/d?sslpassword=secret", "postgres://u:secret@h/d?nonsense=1"}) {
    const auto options = parse_url(url, Access::read_write);
    ASSERT_TRUE(options.has_error()) << url;
    EXPECT_EQ(options.error().code, ErrorCode::invalid_argument);
    EXPECT_EQ(options.error().to_string().find("secret"), std::string::npos);
  }
  const auto refused = parse_url("postgresql://u:secret@h/d", Access::read_write);
  EXPECT_NE(refused.error().message.find("PGPASSWORD"), std::string::npos);
}

TEST(ConnectOptions, ServersElsewhereAreVerifiedUnlessToldOtherwise) {
  EXPECT_EQ(parsed("postgresql://db.example.com/dth")["sslmode"], "verify-full");
  EXPECT_EQ(parsed("postgresql://127.0.0.1,db.example.com/dth")["sslmode"], "verify-full");
  EXPECT_EQ(parsed("postgresql://db.example.com/dth?sslmode=require")["sslmode"], "require");
  for (const char* url : {"postgresql://localhost/d", "postgresql://127.0.0.1:5/d",
                          "postgresql:///d?host=/run/postgresql", "postgresql://[::1]/d"})
    EXPECT_EQ(parsed(url).count("sslmode"), 0u) << url;
}

TEST(ConnectOptions, ServersThatTheEnvironmentNamesAreVerifiedAsWell) {
  struct Variable {
    Variable(const char* name, const char* value) : name(name) { ::setenv(name, value, 1); }
    ~Variable() { ::unsetenv(name); }
    const char* name;
  };
  EXPECT_EQ(parsed("postgresql:///d").count("sslmode"), 0u);
  EXPECT_EQ(parsed("postgresql://127.example.com/d")["sslmode"], "verify-full");
  EXPECT_EQ(parsed("postgresql:///d?service=x")["sslmode"], "verify-full");
  {
    const Variable host("PGHOST", "db.example.com");
    EXPECT_EQ(parsed("postgresql:///d")["sslmode"], "verify-full");
    EXPECT_EQ(parsed("postgresql://localhost/d").count("sslmode"), 0u);
  }
  {
    const Variable address("PGHOSTADDR", "192.0.2.1");
    EXPECT_EQ(parsed("postgresql://localhost/d")["sslmode"], "verify-full");
  }
  testing::TemporaryDirectory directory;
  std::ofstream(directory / "services") << "[far]\nhost=db.example.com\n";
  const std::string file = directory / "services";
  const Variable services("PGSERVICEFILE", file.c_str());
  const Variable service("PGSERVICE", "far");
  EXPECT_EQ(parsed("postgresql:///d")["sslmode"], "verify-full");
}

TEST(ConnectOptions, OneOfSeveralHostsIsTheOneThatCanBeWrittenTo) {
  const char* url = "postgresql://u@a:1,b:2/d";
  EXPECT_EQ(parsed(url)["target_session_attrs"], "read-write");
  EXPECT_EQ(parsed(url, Access::read_only).count("target_session_attrs"), 0u);
  EXPECT_EQ(parsed(url)["name"], "postgresql://a:1,b:2/d");
  EXPECT_EQ(parsed(url)["application_name"], "dth");
  EXPECT_EQ(parsed("postgresql://h/d?application_name=x")["application_name"], "x");
}

TEST(ConnectOptions, WhatIsNoUrlIsRefused) {
  for (const char* url : {"", "host=x", "postgresql://h/d?nonsense=1"})
    EXPECT_CODE(parse_url(url, Access::read_write), invalid_argument) << url;
}

TEST(ConnectOptions, PasswordIsTheFirstLineOfItsFile) {
  testing::TemporaryDirectory directory;
  const std::string path = directory / "password";
  EXPECT_CODE(read_password(path), not_found);
  std::ofstream(path) << "geh eim\r\nmore\n";
  for (const mode_t mode : {0640u, 0604u, 0660u, 0622u}) {
    ASSERT_EQ(::chmod(path.c_str(), mode), 0);
    EXPECT_CODE(read_password(path), permission_denied) << mode;
  }
  ASSERT_EQ(::chmod(path.c_str(), 0600), 0);
  EXPECT_EQ(read_password(path).value(), "geh eim");
  std::ofstream(path) << "\n";
  EXPECT_CODE(read_password(path), invalid_argument);
}

TEST(SqlState, IsUnderstoodInOnePlace) {
  const auto code = [](const char* sqlstate) { return error_of(sqlstate, "", "x").code; };
  EXPECT_EQ(trouble_of("40001"), Trouble::conflict);
  EXPECT_EQ(trouble_of("40P01"), Trouble::conflict);
  for (const char* lost : {"", "08006", "57P01", "57P02", "57P03"}) {
    EXPECT_EQ(trouble_of(lost), Trouble::connection_lost) << lost;
    EXPECT_EQ(code(lost), ErrorCode::unavailable) << lost;
    EXPECT_EQ(error_of(lost, "", "x").reason, ErrorReason::state_unreachable) << lost;
  }
  EXPECT_NE(error_of("53100", "", "x").message.find("full"), std::string::npos);
  EXPECT_NE(error_of("53300", "", "x").message.find("too many connections"), std::string::npos);
  EXPECT_EQ(code("53200"), ErrorCode::unavailable);
  EXPECT_EQ(code("28P01"), ErrorCode::unauthenticated);
  EXPECT_EQ(code("3D000"), ErrorCode::invalid_argument);
  EXPECT_EQ(code("42501"), ErrorCode::permission_denied);
  EXPECT_EQ(code("25006"), ErrorCode::unavailable);
  EXPECT_EQ(code("42601"), ErrorCode::internal);
  EXPECT_EQ(error_of("42601", "ERROR:  a\nb\n", "x").detail, "PostgreSQL 42601: ERROR:  a b");
}

TEST(NumberedParameters, AreThoseOfTheirOrderOrNumber) {
  EXPECT_EQ(number_parameters("a = ? and b = ?"), "a = $1 and b = $2");
  EXPECT_EQ(number_parameters("?2, ?1, ?2"), "$2, $1, $2");
  EXPECT_EQ(number_parameters("a = 'why?' or b = ?"), "a = 'why?' or b = $1");
}

}  // namespace
}  // namespace dth::state::postgres
