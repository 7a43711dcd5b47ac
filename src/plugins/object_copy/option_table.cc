#include "plugins/object_copy/option_table.h"

namespace dth::object_copy {
namespace {

using engine::Option;
using engine::OptionType;

constexpr std::string_view addressing_choices[] = {"auto", "path", "virtual"};

constexpr std::string_view compare_choices[] = {"default", "missing", "size", "etag", "checksum", "modified", "always"};
constexpr std::string_view archived_choices[] = {"fail", "skip"};

constexpr std::string_view mode_choices[] = {"copy"};

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
constexpr std::string_view acl_choices[] = {"none", "private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control"};
constexpr std::string_view encryption_choices[] = {"bucket-default", "sse-s3", "sse-kms", "sse-c"};
constexpr std::string_view tags_choices[] = {"none", "preserve"};
constexpr std::string_view metadata_choices[] = {"preserve", "replace", "merge"};
constexpr std::string_view lock_choices[] = {"none", "preserve", "governance", "compliance"};
constexpr std::string_view server_side_choices[] = {"auto", "never", "always"};

constexpr Option table[] = {
    {.name = "mode", .type = OptionType::choice, .group = "mode", .help = "what is done", .default_text = "copy", .choices = mode_choices},
    {.name = "retry-of", .group = "mode", .help = "the run whose failed items are tried again", .placeholder = "RUN"},
    {.name = "source", .group = "locations", .help = "what to copy: s3://bucket, s3://bucket/prefix/ or s3://bucket/name"},
    {.name = "destination", .group = "locations", .help = "where to: s3://bucket, s3://bucket/prefix/ or s3://bucket/name"},
    {.name = "prefix-match",
     .type = OptionType::flag,
     .group = "locations",
     .help = "take the source's key as a plain string prefix: \"foo\" also takes \"foobar\""},

    {.name = "source-endpoint-url", .group = "source", .help = "the S3 endpoint; without it AWS's of the region", .placeholder = "URL"},
    {.name = "source-region", .group = "source", .help = "the region that requests are signed for; found out where it can be", .placeholder = "REGION"},
    {.name = "source-vendor", .group = "source", .help = "whose S3 it is, where that is not found out: aws, ceph, minio, generic, ...", .placeholder = "NAME", .may_change = true},
    {.name = "source-profile", .group = "source", .help = "the AWS profile to take keys and region from", .placeholder = "NAME", .may_change = true},
    {.name = "source-addressing",
     .type = OptionType::choice,
     .group = "source",
     .help = "where the bucket's name goes: in the path or in the host name",
     .default_text = "auto",
     .choices = addressing_choices,
     .may_change = true},
    {.name = "source-ca-bundle", .group = "source", .help = "a PEM file of certificate authorities to trust instead of the system's", .placeholder = "FILE", .may_change = true},
    {.name = "source-proxy", .group = "source", .help = "the HTTP proxy to reach this side through, or none; without it what the environment says", .placeholder = "URL", .may_change = true},
    {.name = "source-role-arn", .group = "source", .help = "a role to assume with the credentials found; it is renewed as long as the run lasts", .placeholder = "ARN", .may_change = true},
    {.name = "source-role-external-id", .group = "source", .help = "the external id that the role's trust policy asks for", .placeholder = "ID", .may_change = true},
    {.name = "source-role-session-name", .group = "source", .help = "how the role's session is called in audit logs", .placeholder = "NAME", .may_change = true},
    {.name = "source-sts-endpoint-url", .group = "source", .help = "the STS that gives out roles; without it AWS's of the region", .placeholder = "URL", .may_change = true},
    {.name = "source-requester-pays", .type = OptionType::flag, .group = "source", .help = "agree to pay for requests to a bucket whose owner does not", .may_change = true},
    {.name = "source-anonymous", .type = OptionType::flag, .group = "source", .help = "send unsigned requests: for public buckets", .may_change = true},

    {.name = "destination-endpoint-url", .group = "destination", .help = "the S3 endpoint; without it AWS's of the region", .placeholder = "URL"},
    {.name = "destination-region", .group = "destination", .help = "the region that requests are signed for; found out where it can be", .placeholder = "REGION"},
    {.name = "destination-vendor", .group = "destination", .help = "whose S3 it is, where that is not found out: aws, ceph, minio, generic, ...", .placeholder = "NAME", .may_change = true},
    {.name = "destination-profile", .group = "destination", .help = "the AWS profile to take keys and region from", .placeholder = "NAME", .may_change = true},
    {.name = "destination-addressing",
     .type = OptionType::choice,
     .group = "destination",
     .help = "where the bucket's name goes: in the path or in the host name",
     .default_text = "auto",
     .choices = addressing_choices,
     .may_change = true},
    {.name = "destination-ca-bundle", .group = "destination", .help = "a PEM file of certificate authorities to trust instead of the system's", .placeholder = "FILE", .may_change = true},
    {.name = "destination-proxy", .group = "destination", .help = "the HTTP proxy to reach this side through, or none; without it what the environment says", .placeholder = "URL", .may_change = true},
    {.name = "destination-role-arn", .group = "destination", .help = "a role to assume with the credentials found; it is renewed as long as the run lasts", .placeholder = "ARN", .may_change = true},
    {.name = "destination-role-external-id", .group = "destination", .help = "the external id that the role's trust policy asks for", .placeholder = "ID", .may_change = true},
    {.name = "destination-role-session-name", .group = "destination", .help = "how the role's session is called in audit logs", .placeholder = "NAME", .may_change = true},
    {.name = "destination-sts-endpoint-url", .group = "destination", .help = "the STS that gives out roles; without it AWS's of the region", .placeholder = "URL", .may_change = true},
    {.name = "destination-requester-pays", .type = OptionType::flag, .group = "destination", .help = "agree to pay for requests to a bucket whose owner does not", .may_change = true},
    {.name = "destination-anonymous", .type = OptionType::flag, .group = "destination", .help = "send unsigned requests", .may_change = true},
    {.name = "unsigned-payload",
     .type = OptionType::flag,
     .group = "destination",
     .help = "do not sign the bytes sent over plain HTTP (over TLS they never are, unless the bucket demands it)",
     .may_change = true},

    {.name = "create-bucket", .type = OptionType::flag, .group = "destination", .help = "make the destination bucket where there is none", .may_change = true},
    {.name = "server-side-copy",
     .type = OptionType::choice,
     .group = "destination",
     .help = "let the store copy within itself where both sides are one endpoint and one account",
     .default_text = "auto",
     .choices = server_side_choices,
     .may_change = true},

    {.name = "storage-class", .group = "copies", .help = "the storage class of copies, or preserve; without it the bucket's default", .placeholder = "CLASS"},
    {.name = "acl", .type = OptionType::choice, .group = "copies", .help = "a canned ACL for copies", .default_text = "none", .choices = acl_choices},
    {.name = "encryption",
     .type = OptionType::choice,
     .group = "copies",
     .help = "how copies are encrypted where they lie; sse-c takes the key from DTH_DESTINATION_SSE_C_KEY",
     .default_text = "bucket-default",
     .choices = encryption_choices},
    {.name = "kms-key-id", .group = "copies", .help = "the KMS key of --encryption sse-kms; without it the account's own", .placeholder = "KEY"},
    {.name = "kms-bucket-key", .type = OptionType::flag, .group = "copies", .help = "with sse-kms: use an S3 bucket key, which asks KMS less often"},
    {.name = "tags", .type = OptionType::choice, .group = "copies", .help = "what becomes of the source's tags; preserve costs one request more for each object that has some", .default_text = "none", .choices = tags_choices},
    {.name = "tag", .type = OptionType::list, .group = "copies", .help = "a tag for every copy; may be given again", .placeholder = "NAME=VALUE"},
    {.name = "metadata",
     .type = OptionType::choice,
     .group = "copies",
     .help = "the source's metadata, that of --metadata-set instead, or that besides",
     .default_text = "preserve",
     .choices = metadata_choices},
    {.name = "metadata-set",
     .type = OptionType::list,
     .group = "copies",
     .help = "Content-Type, Cache-Control and their like, or a name of your own; no value: remove it; may be given again",
     .placeholder = "NAME=VALUE"},
    {.name = "object-lock", .type = OptionType::choice, .group = "copies", .help = "lock copies, in buckets that allow it", .default_text = "none", .choices = lock_choices},
    {.name = "retain-until", .type = OptionType::time, .group = "copies", .help = "until when --object-lock keeps copies", .placeholder = "TIME"},
    {.name = "retain-for", .type = OptionType::duration, .group = "copies", .help = "how long --object-lock keeps copies, from their writing", .placeholder = "DURATION"},
    {.name = "legal-hold", .type = OptionType::flag, .group = "copies", .help = "put copies under a legal hold"},

    {.name = "source-prefix",
     .type = OptionType::list,
     .group = "selection",
     .help = "only keys of the bucket that begin so",
     .placeholder = "PREFIX"},
    {.name = "source-prefix-file",
     .group = "selection",
     .help = "only keys that begin with a line of this file: a path, or s3://bucket/key at the source's endpoint",
     .placeholder = "FILE"},
    {.name = "object-list",
     .group = "selection",
     .help = "only the objects that this file names, a key a line; .csv: key,versionId; a path, or s3://bucket/key",
     .placeholder = "FILE"},
    {.name = "include",
     .type = OptionType::list,
     .group = "selection",
     .help = "only keys that match: * ** ? [a-z] {a,b}; without a slash the name behind the last one, else the key beneath the source",
     .placeholder = "GLOB"},
    {.name = "exclude", .type = OptionType::list, .group = "selection", .help = "no keys that match, included or not", .placeholder = "GLOB"},
    {.name = "include-regex", .type = OptionType::list, .group = "selection", .help = "only keys in which this is found (RE2)", .placeholder = "REGEX"},
    {.name = "exclude-regex", .type = OptionType::list, .group = "selection", .help = "no keys in which this is found", .placeholder = "REGEX"},
    {.name = "size-min", .type = OptionType::size, .group = "selection", .help = "only objects of so many bytes or more", .placeholder = "SIZE"},
    {.name = "size-max", .type = OptionType::size, .group = "selection", .help = "only objects of so many bytes or fewer", .placeholder = "SIZE"},
    {.name = "modified-after",
     .type = OptionType::time,
     .group = "selection",
     .help = "only objects modified then or later: 2026-03-01, 2026-03-01T12:00:00Z, or 7d before the run began",
     .placeholder = "TIME"},
    {.name = "modified-before", .type = OptionType::time, .group = "selection", .help = "only objects modified before then", .placeholder = "TIME"},
    {.name = "source-storage-class", .type = OptionType::list, .group = "selection", .help = "only objects of this storage class", .placeholder = "NAME"},
    {.name = "archived",
     .type = OptionType::choice,
     .group = "selection",
     .help = "what is done with objects that have to be restored before they can be read",
     .default_text = "fail",
     .placeholder = "RULE",
     .choices = archived_choices},

    {.name = "compare",
     .type = OptionType::choice,
     .group = "comparison",
     .help = "when is an object the same at the destination and not copied",
     .default_text = "default",
     .placeholder = "HOW",
     .choices = compare_choices},
    {.name = "always", .type = OptionType::flag, .group = "comparison", .help = "copy also what is the same at the destination already: --compare always"},
    {.name = "earlier-ledger",
     .type = OptionType::list,
     .group = "comparison",
     .help = "the ledger of a run that is over: what is still as it was copied then is the same",
     .placeholder = "DIRECTORY"},
    {.name = "newer-only", .type = OptionType::flag, .group = "comparison", .help = "leave alone what is newer at the destination"},

    {.name = "dry-run", .type = OptionType::flag, .group = "engine", .help = "list and compare only: say what would be copied, change nothing"},
    {.name = "multipart-threshold",
     .type = OptionType::size,
     .group = "engine",
     .help = "objects larger than this are copied in parts (at most 5GiB)",
     .default_text = "64MiB",
     .placeholder = "SIZE"},
    {.name = "part-size",
     .type = OptionType::size,
     .group = "engine",
     .help = "size of the parts; 0: as fits the object, 16MiB and more",
     .default_text = "0",
     .placeholder = "SIZE"},
    {.name = "concurrency",
     .type = OptionType::count,
     .group = "engine",
     .help = "objects and parts in flight at once, over all lanes (1 to 4096)",
     .default_text = "256",
     .placeholder = "N",
     .may_change = true},
};

constexpr engine::Mode modes[] = {
    {"copy", "Copy what is missing or changed at the destination"},
};

}  // namespace

std::span<const engine::Option> option_table() { return table; }
std::span<const engine::Mode> mode_table() { return modes; }

}  // namespace dth::object_copy
