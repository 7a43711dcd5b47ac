#include "plugins/object_copy/option_table.h"

#include "ledger/objects/ledger_place.h"
#include "plugins/object_copy/choices.h"

namespace dth::object_copy {
namespace {

using options::Action;
using options::names_of;
using options::Option;
using options::OptionType;
using InTask = Option::InTask;

constexpr Action copy_only[] = {Action::copy};
constexpr Action writing[] = {Action::copy, Action::sync};
constexpr Action sync_only[] = {Action::sync};
constexpr Action verify_only[] = {Action::verify};
constexpr Action deleting_nothing[] = {Action::copy, Action::verify};

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
constexpr std::string_view acl_names[] = {"none",
                                          "private",
                                          "public-read",
                                          "public-read-write",
                                          "authenticated-read",
                                          "aws-exec-read",
                                          "bucket-owner-read",
                                          "bucket-owner-full-control"};
constexpr auto compare_names = names_of(compare_choices);
constexpr auto archived_names = names_of(archived_choices);
constexpr auto tier_names = names_of(tier_choices);
constexpr auto unverified_names = names_of(unverified_choices);
constexpr auto method_names = names_of(method_choices);
constexpr auto encryption_names = names_of(encryption_choices);
constexpr auto tags_names = names_of(tags_choices);
constexpr auto fidelity_names = names_of(fidelity_choices);
constexpr auto metadata_names = names_of(metadata_choices);
constexpr auto lock_names = names_of(lock_choices);
constexpr auto server_side_names = names_of(server_side_choices);

constexpr std::string_view side_names[] = {"source", "destination", ledger::ledger_side};

constexpr Option locations[] = {
    {.name = "source",
     .group = "locations",
     .help = "the source: s3://bucket, s3://bucket/prefix/ or s3://bucket/name; /directory/ or "
             "/file",
     .in_task = InTask::place},
    {.name = "destination",
     .group = "locations",
     .help = "the destination: s3://bucket, s3://bucket/prefix/ or s3://bucket/name; /directory/ "
             "or /file",
     .in_task = InTask::place},
    {.name = "prefix-match",
     .type = OptionType::flag,
     .group = "locations",
     .help = "take the source's key as a plain string prefix: \"foo\" also takes \"foobar\""},
};

constexpr Option further[] = {
    {.name = "ledger",
     .group = ledger::ledger_side,
     .help = "where the ledger of the run is kept: a directory, or s3://bucket/prefix/; without it "
             "beside the state",
     .placeholder = "PLACE",
     .in_task = InTask::administrator},

    {.name = "unsigned-payload",
     .type = OptionType::flag,
     .group = "destination",
     .help = "do not sign the bytes sent over plain HTTP (over TLS they never are, unless the "
             "bucket demands it)",
     .may_change = true},

    {.name = "create-bucket",
     .type = OptionType::flag,
     .group = "destination",
     .help = "make the destination bucket where there is none",
     .actions = writing,
     .may_change = true},
    {.name = "server-side-copy",
     .type = OptionType::choice,
     .group = "destination",
     .help = "let the store copy within itself where both sides are one endpoint and one account",
     .default_text = "auto",
     .choices = server_side_names,
     .may_change = true},

    {.name = "storage-class",
     .group = "copies",
     .help = "the storage class of copies, or preserve; without it the bucket's default",
     .placeholder = "CLASS"},
    {.name = "acl",
     .type = OptionType::choice,
     .group = "copies",
     .help = "a canned ACL for copies",
     .default_text = "none",
     .choices = acl_names},
    {.name = "encryption",
     .type = OptionType::choice,
     .group = "copies",
     .help = "how copies are encrypted where they lie; sse-c takes the key from "
             "DTH_DESTINATION_SSE_C_KEY",
     .default_text = "bucket-default",
     .choices = encryption_names},
    {.name = "kms-key-id",
     .group = "copies",
     .help = "the KMS key of --encryption sse-kms; without it the account's own",
     .placeholder = "KEY"},
    {.name = "kms-bucket-key",
     .type = OptionType::flag,
     .group = "copies",
     .help = "with sse-kms: use an S3 bucket key, which asks KMS less often"},
    {.name = "fidelity",
     .type = OptionType::choice,
     .group = "copies",
     .help = "what becomes of objects of which the destination does not keep a header, metadata or "
             "tags: report copies them and warns, strict fails",
     .default_text = "report",
     .choices = fidelity_names},
    {.name = "tags",
     .type = OptionType::choice,
     .group = "copies",
     .help = "what becomes of the source's tags; preserve costs one request more for each object "
             "that has some",
     .default_text = "none",
     .choices = tags_names},
    {.name = "tag",
     .type = OptionType::list,
     .group = "copies",
     .help = "a tag for every copy",
     .placeholder = "NAME=VALUE"},
    {.name = "metadata",
     .type = OptionType::choice,
     .group = "copies",
     .help = "the source's metadata, that of --metadata-set instead, or both",
     .default_text = "preserve",
     .choices = metadata_names},
    {.name = "metadata-set",
     .type = OptionType::list,
     .group = "copies",
     .help = "Content-Type, Cache-Control and their like, or a name of your own; no value: remove "
             "it",
     .placeholder = "NAME=VALUE"},
    {.name = "object-lock",
     .type = OptionType::choice,
     .group = "copies",
     .help = "lock copies, in buckets that allow it",
     .default_text = "none",
     .choices = lock_names},
    {.name = "retain-until",
     .type = OptionType::time,
     .group = "copies",
     .help = "until when --object-lock keeps copies",
     .placeholder = "TIME"},
    {.name = "retain-for",
     .type = OptionType::duration,
     .group = "copies",
     .help = "how long --object-lock keeps copies, from their writing",
     .placeholder = "DURATION"},
    {.name = "legal-hold",
     .type = OptionType::flag,
     .group = "copies",
     .help = "put copies under a legal hold"},

    {.name = "source-prefix",
     .type = OptionType::list,
     .group = "selection",
     .help = "only keys of the bucket that begin so; of sync also: nothing else is deleted",
     .placeholder = "PREFIX"},
    {.name = "source-prefix-file",
     .group = "selection",
     .help = "only keys that begin with a line of this file: a path, or s3://bucket/key at the "
             "source's endpoint",
     .placeholder = "FILE",
     .actions = deleting_nothing,
     .in_task = InTask::administrator},
    {.name = "object-list",
     .group = "selection",
     .help = "only the objects that this file names, a key a line; .csv: key,versionId; a path, or "
             "s3://bucket/key",
     .placeholder = "FILE",
     .actions = copy_only,
     .in_task = InTask::administrator},
    {.name = "include",
     .type = OptionType::list,
     .group = "selection",
     .help = "only keys that match: * ** ? [a-z] {a,b}; without a slash the name behind the last "
             "one, else the key under the source",
     .placeholder = "GLOB"},
    {.name = "exclude",
     .type = OptionType::list,
     .group = "selection",
     .help = "no keys that match, included or not",
     .placeholder = "GLOB"},
    {.name = "include-regex",
     .type = OptionType::list,
     .group = "selection",
     .help = "only keys in which this is found (RE2)",
     .placeholder = "REGEX"},
    {.name = "exclude-regex",
     .type = OptionType::list,
     .group = "selection",
     .help = "no keys in which this is found",
     .placeholder = "REGEX"},
    {.name = "size-min",
     .type = OptionType::size,
     .group = "selection",
     .help = "only objects of so many bytes or more",
     .placeholder = "SIZE"},
    {.name = "size-max",
     .type = OptionType::size,
     .group = "selection",
     .help = "only objects of so many bytes or fewer",
     .placeholder = "SIZE"},
    {.name = "modified-after",
     .type = OptionType::time,
     .group = "selection",
     .help = "only objects modified then or later: 2026-03-01, 2026-03-01T12:00:00Z, or 7d before "
             "the run began",
     .placeholder = "TIME"},
    {.name = "modified-before",
     .type = OptionType::time,
     .group = "selection",
     .help = "only objects modified before then",
     .placeholder = "TIME"},
    {.name = "source-storage-class",
     .type = OptionType::list,
     .group = "selection",
     .help = "only objects of this storage class",
     .placeholder = "NAME"},
    {.name = "archived",
     .type = OptionType::choice,
     .group = "selection",
     .help = "what is done with objects that have to be restored before they can be read",
     .default_text = "fail",
     .placeholder = "RULE",
     .choices = archived_names,
     .actions = writing},
    {.name = "restore-tier",
     .type = OptionType::choice,
     .group = "selection",
     .help = "with --archived restore: how fast, and how dear",
     .default_text = "standard",
     .choices = tier_names,
     .actions = writing,
     .may_change = true},
    {.name = "restore-days",
     .type = OptionType::count,
     .group = "selection",
     .help = "with --archived restore: how many days the source keeps what it restored",
     .default_text = "7",
     .placeholder = "N",
     .range = {1, 999'999'999},
     .actions = writing,
     .may_change = true},
    {.name = "restore-wait",
     .type = OptionType::duration,
     .group = "selection",
     .help = "with --archived restore: how long an object is waited for; then it has failed",
     .default_text = "48h",
     .placeholder = "DURATION",
     .actions = writing,
     .may_change = true},
    {.name = "restore-poll",
     .type = OptionType::duration,
     .group = "selection",
     .help = "with --archived restore: how often it is looked whether an object can be read",
     .default_text = "10m",
     .placeholder = "DURATION",
     .range = {1, UINT64_MAX},
     .actions = writing,
     .may_change = true},

    {.name = "compare",
     .type = OptionType::choice,
     .group = "comparison",
     .help = "when is an object the same at the destination and not copied",
     .default_text = "default",
     .placeholder = "HOW",
     .choices = compare_names,
     .actions = writing},
    {.name = "always",
     .type = OptionType::flag,
     .group = "comparison",
     .help = "copy also what is the same at the destination already: --compare always",
     .actions = writing},
    {.name = "earlier-ledger",
     .type = OptionType::list,
     .group = "comparison",
     .help = "the ledger of a run that is over: what is still as it was copied then is the same",
     .placeholder = "PLACE",
     .actions = writing,
     .in_task = InTask::administrator},
    {.name = "newer-only",
     .type = OptionType::flag,
     .group = "comparison",
     .help = "leave alone what is newer at the destination",
     .actions = writing},

    {.name = "delete-max",
     .type = OptionType::count,
     .group = "deletion",
     .help = "delete nothing if more objects than this would go",
     .default_text = "1000",
     .placeholder = "N",
     .actions = sync_only},
    {.name = "delete-max-percent",
     .type = OptionType::count,
     .group = "deletion",
     .help = "delete nothing if more of the destination's objects than this would go",
     .default_text = "50",
     .placeholder = "PERCENT",
     .range = {0, 100},
     .actions = sync_only},
    {.name = "allow-empty-source",
     .type = OptionType::flag,
     .group = "deletion",
     .help = "delete also where the source has nothing at all",
     .actions = sync_only},
    {.name = "delete-despite-failures",
     .type = OptionType::flag,
     .group = "deletion",
     .help = "delete also where some objects could not be copied",
     .actions = sync_only},
    {.name = "approve-deletions",
     .type = OptionType::flag,
     .group = "deletion",
     .help = "before anything is deleted, count it and wait until `dth run approve` names that "
             "number; without --delete-max and --delete-max-percent it is the only limit",
     .actions = sync_only,
     .in_task = InTask::place},

    {.name = "unverified",
     .type = OptionType::choice,
     .group = "verification",
     .help = "what becomes of copies that the destination confirms by no digest: count as "
             "failures, as warnings, or are read back and compared",
     .default_text = "fail",
     .choices = unverified_names,
     .may_change = true},
    {.name = "method",
     .type = OptionType::choice,
     .group = "verification",
     .help = "compare what the listings tell, the checksums and ETags that both stores state, or "
             "the bytes",
     .default_text = "checksum",
     .choices = method_names,
     .actions = verify_only},
    {.name = "sample",
     .type = OptionType::count,
     .group = "verification",
     .help =
         "read back so many percent of the objects, always the same ones; the others by checksum",
     .default_text = "100",
     .placeholder = "PERCENT",
     .range = {0, 100},
     .actions = verify_only},
    {.name = "report-extra",
     .type = OptionType::flag,
     .group = "verification",
     .help = "write what only the destination has into the ledger",
     .actions = verify_only},
    {.name = "repair",
     .type = OptionType::flag,
     .group = "verification",
     .help = "copy what differs or is missing",
     .actions = verify_only},

    {.name = "dry-run",
     .type = OptionType::flag,
     .group = "engine",
     .help = "list and compare only: say what would be copied and deleted, change nothing",
     .actions = writing},
    {.name = "multipart-threshold",
     .type = OptionType::size,
     .group = "engine",
     .help = "objects larger than this are copied in parts (at most 5GiB)",
     .default_text = "64MiB",
     .placeholder = "SIZE",
     .range = {0, 5ull << 30}},
    {.name = "part-size",
     .type = OptionType::size,
     .group = "engine",
     .help = "size of the parts; 0: as fits the object, 16MiB and more",
     .default_text = "0",
     .placeholder = "SIZE"},
    {.name = "unreachable-timeout",
     .type = OptionType::duration,
     .group = "engine",
     .help = "how long the run waits for a store that cannot be reached any more; then it stops "
             "and can be resumed",
     .default_text = "15m",
     .placeholder = "DURATION",
     .may_change = true},
    {.name = "attempts",
     .type = OptionType::count,
     .group = "engine",
     .help = "attempts for each request and each item, where the failure may pass (1 to 100)",
     .default_text = "8",
     .placeholder = "N",
     .range = {1, 100},
     .may_change = true},
    {.name = "concurrency",
     .type = OptionType::count,
     .group = "engine",
     .help = "objects and parts in flight at once, over all lanes (1 to 4096); 0: as many as prove "
             "best",
     .default_text = "0",
     .placeholder = "N",
     .range = {0, 4096},
     .may_change = true},
    {.name = "answer-timeout",
     .type = OptionType::duration,
     .group = "engine",
     .help = "how long a store may take to answer a request that was sent whole; more for stores "
             "that join parts slowly",
     .default_text = "60s",
     .placeholder = "DURATION",
     .range = {1, 86'400},
     .may_change = true},
};

constexpr engine::OfferedAction actions[] = {
    {Action::copy, "Copy what is missing or changed at the destination"},
    {Action::sync, "Copy, then delete what only the destination has"},
    {Action::verify, "Check that the destination has what the source has"},
};

}  // namespace

OptionTable::OptionTable(std::span<const std::unique_ptr<objects::StoreKind>> kinds)
    : endpoints_(kinds, side_names), options_(std::begin(locations), std::end(locations)) {
  for (Option option : endpoints_.all()) {
    // An endpoint says how a side of a task is reached, and nothing says it of a ledger.
    option.in_task = option.group == ledger::ledger_side ? InTask::administrator : InTask::place;
    options_.push_back(option);
  }
  options_.insert(options_.end(), std::begin(further), std::end(further));
}

std::span<const Option> options_of_task() {
  static const OptionTable table(std::span<const std::unique_ptr<objects::StoreKind>>{});
  return table.all();
}

std::span<const engine::OfferedAction> offered_actions() { return actions; }

}  // namespace dth::object_copy
