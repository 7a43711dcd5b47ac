#include "plugins/object_copy/copy/kept.h"

#include <gtest/gtest.h>

namespace dth::object_copy {
namespace {

objects::ObjectMetadata full() {
  objects::ObjectMetadata metadata;
  metadata.content_type = "text/plain";
  metadata.cache_control = "no-cache";
  metadata.content_language = "de";
  metadata.user = {{"a", "1"}, {"b", "2"}};
  return metadata;
}

TEST(Kept, WhatIsNotThereAsItWasSentIsLost) {
  objects::ObjectHead found;
  found.metadata = full();
  const objects::Tags tags{{"t", "v"}};
  EXPECT_TRUE(lost_of(full(), tags, found, 1).empty());
  found.metadata.user.emplace_back("added-by-the-store", "x");
  found.metadata.expires = "never";
  EXPECT_TRUE(lost_of(full(), tags, found, 1).empty());
  found.metadata.cache_control.clear();
  found.metadata.content_language = "en";
  found.metadata.user.erase(found.metadata.user.begin());
  EXPECT_EQ(names_of(lost_of(full(), tags, found, 0)),
            "Content-Language, Cache-Control, user metadata and tags");
  EXPECT_TRUE(lost_of({}, {}, found, 0).empty());
}

TEST(Kept, EachKindIsLookedForOnceByWhoeverComesFirst) {
  KeptFacts facts;
  const CarriedSet both = CarriedSet(Carried::content_type) | Carried::cache_control;
  EXPECT_EQ(facts.claim(Carried::content_type, false, false).carried,
            CarriedSet(Carried::content_type));
  const auto rest = facts.claim(both, false, false);
  EXPECT_EQ(rest.carried, CarriedSet(Carried::cache_control));
  EXPECT_TRUE(facts.claim(both, false, false).empty());
  EXPECT_EQ(facts.claim(both, true, false).carried, both)
      << "what goes up in parts is another request";
  facts.give_back(rest);
  EXPECT_EQ(facts.claim(both, false, false).carried, CarriedSet(Carried::cache_control));
}

TEST(Kept, OneObjectTriesTheFraming) {
  KeptFacts facts;
  const auto first = facts.claim({}, false, true);
  EXPECT_TRUE(first.framing);
  EXPECT_FALSE(facts.claim({}, false, true).framing);
  EXPECT_EQ(facts.framing(), KeptFacts::Framing::being_tried);
  facts.give_back(first);
  const auto second = facts.claim({}, false, true);
  EXPECT_TRUE(second.framing);
  facts.settle(second, {}, KeptFacts::Framing::taken_apart);
  EXPECT_EQ(facts.framing(), KeptFacts::Framing::taken_apart);
  EXPECT_FALSE(facts.claim({}, false, true).framing);
}

TEST(Kept, LooksAreBoundedAndFramingThatNobodyCanLookAtIsNotUsed) {
  KeptFacts facts;
  facts.set_spent(KeptFacts::looks_max - 1);
  facts.set_spent(5);  // known already
  EXPECT_FALSE(facts.claim(Carried::content_type, false, false).empty());
  EXPECT_TRUE(facts.claim(Carried::expires, false, true).empty());
  EXPECT_EQ(facts.framing(), KeptFacts::Framing::kept_as_encoding);
}

TEST(KeptFacts, WhatNobodyMayLookForIsUnseen) {
  KeptFacts facts;
  const auto claim = facts.claim(Carried::tags, false, false);
  EXPECT_TRUE(facts.unseen(Carried::tags, false).empty());
  facts.settle(claim, {}, KeptFacts::Framing::untried);
  const auto denied = facts.claim(Carried::expires, false, false);
  EXPECT_TRUE(facts.settle_denied(denied));
  EXPECT_FALSE(facts.settle_denied({}));
  EXPECT_TRUE(facts.has_doubts());
  EXPECT_EQ(
      facts.unseen(CarriedSet(Carried::tags) | Carried::expires | Carried::content_type, false),
      CarriedSet(Carried::expires) | Carried::content_type);
  EXPECT_EQ(facts.unseen(Carried::tags, true), CarriedSet(Carried::tags))
      << "objects in parts were not looked at";
}

TEST(KeptFacts, WhatIsUnseenIsReportedOnce) {
  KeptFacts facts;
  facts.set_spent(KeptFacts::looks_max);
  facts.note_unseen(Carried::tags);
  EXPECT_EQ(facts.take_unseen(), CarriedSet(Carried::tags));
  facts.note_unseen(CarriedSet(Carried::tags) | Carried::expires);
  EXPECT_EQ(facts.take_unseen(), CarriedSet(Carried::expires));
}

}  // namespace
}  // namespace dth::object_copy
