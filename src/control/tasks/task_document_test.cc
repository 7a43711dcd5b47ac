#include "control/tasks/task_document.h"

#include "control/tasks/testing/task_world.h"

namespace dth::control {
namespace {

using ::testing::HasSubstr;

class TaskDocumentTest : public testing::TaskWorld {
 protected:
  const TaskRules& rules() { return service_.rules(); }
  TaskInput rich() {
    TaskInput task = every("nightly \"copy\" #1", 6, Every::Unit::hours);
    task.description = "first line\nsecond: line";
    task.labels = {{"team", "media"}, {"on", "yes"}};
    task.options = {{"compare", "size"}, {"exclude", "*.tmp"}, {"exclude", "- a: b"}};
    task.schedule.anchor = TimePoint(std::chrono::hours(24 * 365 * 56));
    task.schedule.zone = "Europe/Berlin";
    return task;
  }
  Result<Applied> apply(const std::string& text, bool dry_run = false) {
    return apply_document(service_, text, dry_run, caller());
  }
  std::string refused(const std::string& text) {
    auto applied = apply(text);
    if (applied.has_error()) return applied.error().to_string();
    return what(std::move(applied->answer));
  }
};

TEST_F(TaskDocumentTest, WhatIsWrittenIsReadBack) {
  const std::string yaml = yaml_of(rich(), rules()).value();
  auto created = apply(yaml);
  ASSERT_OK(created);
  EXPECT_EQ(what(created->answer), "");
  EXPECT_TRUE(created->is_created);
  const state::StoredTask kept = service_.store().find_named(rich().name).value();
  const TaskInput again = input_of(kept.definition, rules()).value();
  EXPECT_EQ(yaml_of(again, rules()).value(), yaml);
  EXPECT_EQ(again.labels, rich().labels);
  EXPECT_EQ(again.options, rich().options);
  auto same = apply(yaml);
  ASSERT_OK(same);
  EXPECT_FALSE(same->is_created);
  EXPECT_TRUE(same->changes.empty());
  EXPECT_EQ(same->answer.task->revision, 1);
}

TEST_F(TaskDocumentTest, ADryRunTellsWhatWouldChange) {
  TaskInput task = rich();
  auto created = apply(yaml_of(task, rules()).value(), true);
  ASSERT_OK(created);
  EXPECT_TRUE(created->is_created);
  EXPECT_FALSE(created->answer.task);
  EXPECT_TRUE(service_.store().list({}, {}, {}, 9)->empty());
  create(task);
  task.description = "other";
  auto changed = apply(yaml_of(task, rules()).value(), true);
  ASSERT_OK(changed);
  ASSERT_EQ(changed->changes.size(), 1u);
  EXPECT_EQ(changed->changes[0].field, "description");
  EXPECT_EQ(changed->changes[0].after, "other");
  EXPECT_EQ(service_.store().find_named(task.name)->definition.description, rich().description);
}

TEST_F(TaskDocumentTest, WhatIsWrongIsToldWithItsLine) {
  const std::string good = yaml_of(rich(), rules()).value();
  EXPECT_THAT(refused(good + "actionn: COPY\n"), HasSubstr("Did you mean action?"));
  EXPECT_THAT(refused("kind: Task\nname: [a]\n"), HasSubstr("line 2: name takes one value"));
  EXPECT_THAT(refused("kind: Task\nname: a\nname: b\n"), HasSubstr("line 3: name is given twice"));
  EXPECT_THAT(refused("kind: Task\nname: a\naction: MOVE\n"),
              HasSubstr("line 3: action takes one of COPY, SYNC, VERIFY"));
  EXPECT_THAT(refused("kind: Task\nsource:\n  endpoint: nowhere\n  path: x\n"),
              HasSubstr("line 3: source: there is no endpoint \"nowhere\""));
  EXPECT_THAT(refused("a: [b"), HasSubstr("it is not YAML"));
  EXPECT_THAT(refused("a\n---\nb\n"), HasSubstr("2 documents"));
  EXPECT_THAT(refused(""), HasSubstr("document"));
  EXPECT_THAT(refused(std::string(300'000, 'a')), HasSubstr("longer than"));
  EXPECT_TRUE(service_.store().list({}, {}, {}, 9)->empty());
}

TEST_F(TaskDocumentTest, TheCommandIsQuotedForAShellAndHasNoSecret) {
  TaskInput task = rich();
  task.source.path = "it's/a b/";
  task.options.emplace_back("strict", "true");
  const std::string command = command_of(task, rules()).value();
  EXPECT_THAT(command, ::testing::StartsWith("dth copy 's3://it'\\''s/a b/' 's3://"));
  EXPECT_THAT(command, HasSubstr("--source-region r1"));
  EXPECT_THAT(command, HasSubstr("--exclude '*.tmp' \\\n  --exclude '- a: b'"));
  EXPECT_THAT(command, HasSubstr("--strict\n"));
}

}  // namespace
}  // namespace dth::control
