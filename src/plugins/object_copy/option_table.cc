#include "plugins/object_copy/option_table.h"

namespace dth::object_copy {
namespace {

using engine::Option;
using engine::OptionType;

constexpr std::string_view addressing_choices[] = {"auto", "path", "virtual"};

constexpr std::string_view mode_choices[] = {"copy", "sync", "verify"};
constexpr std::string_view method_choices[] = {"listing", "checksum", "read-back"};

constexpr std::string_view writing_modes[] = {"copy", "sync"};
constexpr std::string_view sync_mode[] = {"sync"};
constexpr std::string_view verify_mode[] = {"verify"};

constexpr Option table[] = {
    {.name = "mode", .type = OptionType::choice, .group = "mode", .help = "what is done", .default_text = "copy", .choices = mode_choices},
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
    {.name = "destination-anonymous", .type = OptionType::flag, .group = "destination", .help = "send unsigned requests", .may_change = true},
    {.name = "unsigned-payload",
     .type = OptionType::flag,
     .group = "destination",
     .help = "do not sign the bytes sent over plain HTTP (over TLS they never are, unless the bucket demands it)",
     .may_change = true},

    {.name = "always", .type = OptionType::flag, .group = "comparison", .help = "copy also what is the same at the destination already", .modes = writing_modes},

    {.name = "delete-max",
     .type = OptionType::count,
     .group = "deletion",
     .help = "delete nothing if more objects than this would go",
     .default_text = "1000",
     .placeholder = "N",
     .modes = sync_mode},
    {.name = "delete-max-percent",
     .type = OptionType::count,
     .group = "deletion",
     .help = "delete nothing if more of the destination's objects than this would go",
     .default_text = "50",
     .placeholder = "PERCENT",
     .modes = sync_mode},
    {.name = "allow-empty-source",
     .type = OptionType::flag,
     .group = "deletion",
     .help = "delete also where the source has nothing at all",
     .modes = sync_mode},
    {.name = "delete-despite-failures",
     .type = OptionType::flag,
     .group = "deletion",
     .help = "delete also where some objects could not be copied",
     .modes = sync_mode},

    {.name = "method",
     .type = OptionType::choice,
     .group = "verification",
     .help = "compare what the listings tell, the checksums and ETags that both stores state, or the bytes",
     .default_text = "checksum",
     .choices = method_choices,
     .modes = verify_mode},
    {.name = "sample",
     .type = OptionType::count,
     .group = "verification",
     .help = "read back so many percent of the objects, always the same ones; the others by checksum",
     .default_text = "100",
     .placeholder = "PERCENT",
     .modes = verify_mode},
    {.name = "report-extra",
     .type = OptionType::flag,
     .group = "verification",
     .help = "write what only the destination has into the ledger",
     .modes = verify_mode},
    {.name = "repair",
     .type = OptionType::flag,
     .group = "verification",
     .help = "copy what differs or is missing",
     .modes = verify_mode},

    {.name = "dry-run",
     .type = OptionType::flag,
     .group = "engine",
     .help = "list and compare only: say what would be copied and deleted, change nothing",
     .modes = writing_modes},
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
    {"sync", "Copy, then delete what only the destination has"},
    {"verify", "Check that the destination has what the source has"},
};

}  // namespace

std::span<const engine::Option> option_table() { return table; }
std::span<const engine::Mode> mode_table() { return modes; }

}  // namespace dth::object_copy
