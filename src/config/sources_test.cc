#include "config/sources.h"

#include <cstdio>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace dth::config {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(SettingTable, NamesAreUniqueAndEveryRowHasHelp) {
  std::set<std::string_view> names;
  for (const options::Option& setting : all_settings()) {
    EXPECT_TRUE(names.insert(setting.name).second) << setting.name;
    EXPECT_FALSE(setting.help.empty()) << setting.name;
    EXPECT_EQ(setting.type == options::OptionType::choice, !setting.choices.empty())
        << setting.name;
    EXPECT_EQ(find_setting(setting.name), &setting);
    EXPECT_THAT(reference_table(), HasSubstr(flag_of(setting)));
  }
  EXPECT_EQ(find_setting("no_such"), nullptr);
  EXPECT_EQ(flag_of(*find_setting("tls_certificate")), "--tls-certificate");
  EXPECT_EQ(variable_of(*find_setting("tls_certificate")), "DTH_TLS_CERTIFICATE");
}

TEST(ConfigFile, ValuesComeWithTheirPlaces) {
  const Given given = parse_file(
      "# of the hub\nlisten: 127.0.0.1:9000\nhost_names: [hub.example.org, hub]\nintrospection: "
      "off\n",
      "hub.yaml");
  EXPECT_TRUE(given.problems.empty());
  EXPECT_EQ(given.values.at("listen").text, "127.0.0.1:9000");
  EXPECT_EQ(given.values.at("listen").where, "hub.yaml:2:9");
  EXPECT_EQ(given.values.at("host_names").text, "hub.example.org,hub");
  EXPECT_EQ(given.values.at("introspection").text, "off");
}

TEST(ConfigFile, AnEmptyOneSaysNothing) {
  for (const char* text : {"", "# nothing\n", "---\n"}) {
    const Given given = parse_file(text, "f");
    EXPECT_TRUE(given.values.empty() && given.problems.empty()) << text;
  }
}

TEST(ConfigFile, EveryProblemHasItsPlaceAndWhatToDo) {
  const Given given = parse_file(
      "lisen: a\nzzzzzzzzzz: 1\nlog_level: [a]\nlisten: {x: 1}\nlog_format: json\nlog_format: "
      "json\n",
      "c.yaml");
  ASSERT_EQ(given.problems.size(), 5u);
  EXPECT_EQ(given.problems[0].to_string(),
            "c.yaml:1:1: there is no setting \"lisen\". Did you mean \"listen\"?");
  EXPECT_THAT(
      given.problems[1].to_string(),
      StartsWith(
          "c.yaml:2:1: there is no setting \"zzzzzzzzzz\"; the settings are data_dir, listen,"));
  EXPECT_THAT(given.problems[2].to_string(), StartsWith("c.yaml:3:12: log_level takes one value"));
  EXPECT_THAT(given.problems[3].to_string(), StartsWith("c.yaml:4:9: listen takes one value"));
  EXPECT_EQ(given.problems[4].to_string(), "c.yaml:6:1: log_format is given twice: keep one");
}

TEST(ConfigFile, WhatIsNoMappingOrNoYamlIsOneProblem) {
  EXPECT_THAT(parse_file("- a\n- b\n", "c").problems.at(0).to_string(), HasSubstr("mapping"));
  EXPECT_THAT(parse_file("listen: \"127\nx: [", "c").problems.at(0).to_string(), StartsWith("c:"));
  EXPECT_EQ(parse_file("[a]: b\n", "c").problems.size(), 1u);
  EXPECT_EQ(parse_file(std::string("\0\xff\xfe: 1", 6), "c").problems.size(), 1u);
}

TEST(ConfigFile, OneThatCannotBeReadIsAProblem) {
  EXPECT_THAT(read_file("/nonexistent/hub.yaml").problems.at(0).to_string(),
              HasSubstr("No such file"));
  EXPECT_THAT(read_file("/").problems.at(0).to_string(), HasSubstr("cannot be read"));
  const std::string path = testing::TempDir() + "long.yaml";
  std::ofstream(path) << "#" << std::string((1 << 20) + 10, 'x') << "\n";
  EXPECT_THAT(read_file(path).problems.at(0).to_string(), HasSubstr("longer than 1 MiB"));
  std::remove(path.c_str());
}

TEST(ConfigEnvironment, OnlyWhatIsSetCounts) {
  const Values values = read_environment([](const char* name) -> const char* {
    if (std::string_view(name) == "DTH_LISTEN") return "127.0.0.1:1";
    if (std::string_view(name) == "DTH_LOG_LEVEL") return "";
    return nullptr;
  });
  ASSERT_EQ(values.size(), 1u);
  EXPECT_EQ(values.at("listen").text, "127.0.0.1:1");
  EXPECT_EQ(values.at("listen").where, "DTH_LISTEN");
}

TEST(Sources, OnlyRegularFilesAreRead) {
  const std::string fifo = "/tmp/dth-fifo." + std::to_string(::getpid());
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  for (const std::string& path : {fifo, std::string("/dev/zero"), std::string("/")}) {
    const Given given = read_file(path);
    ASSERT_EQ(given.problems.size(), 1u) << path;
    EXPECT_NE(given.problems[0].to_string().find("not a regular file"), std::string::npos);
  }
  ::unlink(fifo.c_str());
}

}  // namespace
}  // namespace dth::config
