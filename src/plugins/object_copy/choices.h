#pragma once

#include "objects/object_store.h"
#include "options/parsed_values.h"
#include "plugins/object_copy/copy_options.h"

// The words of options that choose, and what each means: for the option table and for reading.
namespace dth::object_copy {

using options::Choice;

inline constexpr Choice<CompareMode> compare_choices[] = {
    {"default", CompareMode::standard},  {"missing", CompareMode::missing},
    {"size", CompareMode::size},         {"etag", CompareMode::etag},
    {"checksum", CompareMode::checksum}, {"modified", CompareMode::modified},
    {"always", CompareMode::always}};
inline constexpr Choice<ArchivedRule> archived_choices[] = {
    {"fail", ArchivedRule::fail}, {"skip", ArchivedRule::skip}, {"restore", ArchivedRule::restore}};
inline constexpr Choice<objects::RestoreTier> tier_choices[] = {
    {"standard", objects::RestoreTier::standard},
    {"bulk", objects::RestoreTier::bulk},
    {"expedited", objects::RestoreTier::expedited}};
inline constexpr Choice<UnverifiedRule> unverified_choices[] = {
    {"fail", UnverifiedRule::fail},
    {"warn", UnverifiedRule::warn},
    {"read-back", UnverifiedRule::read_back}};
inline constexpr Choice<VerifyMethod> method_choices[] = {{"listing", VerifyMethod::listing},
                                                          {"checksum", VerifyMethod::checksum},
                                                          {"read-back", VerifyMethod::read_back}};
inline constexpr Choice<objects::Encryption> encryption_choices[] = {
    {"bucket-default", objects::Encryption::none},
    {"sse-s3", objects::Encryption::sse_s3},
    {"sse-kms", objects::Encryption::sse_kms},
    {"sse-c", objects::Encryption::sse_c}};
inline constexpr Choice<bool> tags_choices[] = {{"none", false}, {"preserve", true}};
inline constexpr Choice<Fidelity> fidelity_choices[] = {{"report", Fidelity::report},
                                                        {"strict", Fidelity::strict}};
inline constexpr Choice<MetadataMode> metadata_choices[] = {{"preserve", MetadataMode::preserve},
                                                            {"replace", MetadataMode::replace},
                                                            {"merge", MetadataMode::merge}};
inline constexpr Choice<LockPolicy> lock_choices[] = {{"none", LockPolicy::none},
                                                      {"preserve", LockPolicy::preserve},
                                                      {"governance", LockPolicy::governance},
                                                      {"compliance", LockPolicy::compliance}};
inline constexpr Choice<ServerSideCopy> server_side_choices[] = {
    {"auto", ServerSideCopy::automatic},
    {"never", ServerSideCopy::never},
    {"always", ServerSideCopy::always}};

}  // namespace dth::object_copy
