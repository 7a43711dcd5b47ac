#include "engine/task.h"

#include <gtest/gtest.h>

namespace dth::engine {
namespace {

TEST(TaskSpec, IsReadBackAsItWasWritten) {
  TaskSpec spec;
  spec.action = options::Action::sync;
  spec.options = {{"flag", "true"}, {"text", "a \"b\" \n é"}, {"path", "/\xff[d]\xc3"}};
  EXPECT_EQ(parse_task_spec(to_json(spec)).value(), spec);
  spec.retry = Retry{"r0", {"a", "\xff/b"}};
  EXPECT_EQ(parse_task_spec(to_json(spec)).value(), spec);
  spec.retry = Retry{"r0"};
  EXPECT_EQ(parse_task_spec(to_json(spec)).value(), spec);
  EXPECT_EQ(spec.option("flag"), "true");
  EXPECT_EQ(spec.option("other"), "");
}

TEST(TaskSpec, TheActionIsAField) {
  EXPECT_EQ(to_json({options::Action::verify, {{"a", "b"}}}),
            R"({"action":"VERIFY","options":{"a":"b"}})");
}

TEST(TaskSpec, WhatIsNoneIsRefused) {
  for (const char* text :
       {"nonsense", "[]", "{}", R"({"action":"copy","options":{}})", R"({"action":"COPY"})",
        R"({"action":"COPY","options":{"a":1}})", R"({"action":"COPY","options":{},"retry":{}})"}) {
    const auto spec = parse_task_spec(text);
    ASSERT_TRUE(spec.has_error()) << text;
    EXPECT_EQ(spec.error().code, ErrorCode::data_corrupted);
  }
}

}  // namespace
}  // namespace dth::engine
