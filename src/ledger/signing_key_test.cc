#include "ledger/signing_key.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ledger/testing/fixture.h"

namespace dth::ledger::testing {
namespace {

std::string names_in(const std::string& directory) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    names.insert(entry.path().filename());
  std::string text;
  for (const std::string& name : names) text += name + " ";
  return text;
}

TEST(SigningKeys, AreMadeOnceAndForTheirOwnerOnly) {
  TemporaryDirectory directory;
  const SigningKeys keys(directory / "state/dth");
  EXPECT_TRUE(keys.own_keys().value().empty());
  auto made = keys.load_or_create();
  ASSERT_FALSE(made.has_error()) << why(made);
  struct stat status {};
  ASSERT_EQ(::stat(keys.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(keys.load_or_create().value().public_key(), made->public_key());
  EXPECT_EQ(keys.own_keys().value(), std::vector{made->public_key()});
  EXPECT_EQ(names_in(directory / "state/dth"), "signing.key signing.lock ")
      << "something temporary was left";
}

TEST(SigningKeys, ThatOthersMayReadAreRefusedWithTheRemedy) {
  TemporaryDirectory directory;
  const SigningKeys keys(directory.path());
  ASSERT_FALSE(keys.load_or_create().has_error());
  for (const mode_t mode : {0640u, 0604u, 0660u, 0622u}) {
    ASSERT_EQ(::chmod(keys.path().c_str(), mode), 0);
    for (const auto& refused :
         {keys.load_or_create().error(), keys.rotate().error(), keys.own_keys().error()}) {
      EXPECT_EQ(refused.code, ErrorCode::permission_denied);
      EXPECT_NE(refused.message.find("chmod 600 " + keys.path()), std::string::npos)
          << refused.message;
    }
  }
  ASSERT_EQ(::chmod(keys.path().c_str(), 0400), 0);
  EXPECT_FALSE(keys.load_or_create().has_error());
}

TEST(SigningKeys, ThatAreNoneAreRefusedAndLeft) {
  TemporaryDirectory directory;
  const SigningKeys keys(directory.path());
  for (const std::string& text :
       {std::string(), std::string("a secret"), PrivateKey::generate().public_key().pem()}) {
    write_file(keys.path(), text);
    ASSERT_EQ(::chmod(keys.path().c_str(), 0600), 0);
    const auto refused = keys.load_or_create();
    ASSERT_TRUE(refused.has_error());
    EXPECT_EQ(refused.error().code, ErrorCode::data_corrupted);
    EXPECT_EQ(refused.error().to_string().find("secret"), std::string::npos);
    EXPECT_EQ(read_file(keys.path()), text);
  }
}

TEST(SigningKeys, RememberWhatTheyWere) {
  TemporaryDirectory directory;
  const SigningKeys keys(directory.path());
  const PublicKey first = keys.load_or_create().value().public_key();
  auto second = keys.rotate();
  ASSERT_FALSE(second.has_error()) << why(second);
  const PublicKey third = keys.rotate().value();
  EXPECT_EQ(keys.load_or_create().value().public_key(), third);
  EXPECT_EQ(keys.own_keys().value(), (std::vector{third, first, *second}));
}

// Processes that find no key at the same time end with the same one.
TEST(SigningKeys, MadeByRacingProcessesAreOne) {
  constexpr int processes = 8;
  TemporaryDirectory directory;
  const SigningKeys keys(directory / "new");
  int gate[2];
  ASSERT_EQ(::pipe(gate), 0);
  std::vector<pid_t> children;
  for (int i = 0; i < processes; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      ::close(gate[1]);
      char byte;
      while (::read(gate[0], &byte, 1) > 0) {
      }
      auto key = keys.load_or_create();
      const std::string path = directory / std::to_string(i);
      if (key.has_value()) write_file(path, key->public_key().hex());
      ::_exit(key.has_value() ? 0 : 1);
    }
    children.push_back(child);
  }
  ::close(gate[0]);
  ::close(gate[1]);  // all of them begin
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  const std::string key = keys.load_or_create().value().public_key().hex();
  for (int i = 0; i < processes; ++i) EXPECT_EQ(read_file(directory / std::to_string(i)), key);
}

}  // namespace
}  // namespace dth::ledger::testing
