#include "cloud/aws/s3_hosts.h"

#include <array>

#include "cloud/aws/partitions.h"

namespace dth::aws {
namespace {

struct Name {
  // Labels before the partition's suffix. "*" is a region, also behind a word ("s3-*"); "~" behind
  // a word: any text.
  std::string_view pattern;
  S3HostKind kind;
};

constexpr std::array names{
    Name{"s3", S3HostKind::service},
    Name{"s3.*", S3HostKind::service},
    Name{"s3-*", S3HostKind::service},
    Name{"s3-external-1", S3HostKind::service},
    Name{"s3.dualstack.*", S3HostKind::service},
    Name{"s3-fips.*", S3HostKind::service},
    Name{"s3-fips-*", S3HostKind::service},
    Name{"s3-fips.dualstack.*", S3HostKind::service},
    Name{"s3-accelerate", S3HostKind::accelerate},
    Name{"s3-accelerate.dualstack", S3HostKind::accelerate},
    Name{"s3-accesspoint.*", S3HostKind::access_point},
    Name{"s3-accesspoint.dualstack.*", S3HostKind::access_point},
    Name{"s3-accesspoint-fips.*", S3HostKind::access_point},
    Name{"s3-accesspoint-fips.dualstack.*", S3HostKind::access_point},
    Name{"s3-outposts.*", S3HostKind::outposts},
    Name{"s3-outposts.dualstack.*", S3HostKind::outposts},
    Name{"s3-outposts-fips.*", S3HostKind::outposts},
    Name{"s3-outposts-fips.dualstack.*", S3HostKind::outposts},
    Name{"s3express-~.*", S3HostKind::directory_bucket},
    Name{"s3express-~.dualstack.*", S3HostKind::directory_bucket},
    Name{"vpce-~.s3.*.vpce", S3HostKind::vpc_endpoint},
    Name{"vpce-~.s3-accesspoint.*.vpce", S3HostKind::vpc_endpoint},
    Name{"vpce-~.s3-outposts.*.vpce", S3HostKind::vpc_endpoint},
};

// Takes the last label off.
std::string_view take_last(std::string_view* labels) {
  const std::size_t dot = labels->rfind('.');
  const std::string_view last = dot == labels->npos ? *labels : labels->substr(dot + 1);
  *labels = dot == labels->npos ? std::string_view() : labels->substr(0, dot);
  return last;
}

bool label_matches(std::string_view label, std::string_view pattern, std::string_view suffix) {
  const char wild = pattern.back();
  if (wild != '*' && wild != '~') return label == pattern;
  const std::string_view word = pattern.substr(0, pattern.size() - 1);
  if (!label.starts_with(word) || label.size() == word.size()) return false;
  if (wild == '~') return true;
  const Partition* partition = find_partition(label.substr(word.size()));
  return partition && partition->dns_suffix == suffix;
}

// Do the last labels of `host`, which stands before `suffix`, match all of the pattern?
bool matches(std::string_view host, std::string_view pattern, std::string_view suffix) {
  while (!pattern.empty()) {
    const std::string_view wanted = take_last(&pattern);
    if (host.empty() || !label_matches(take_last(&host), wanted, suffix)) return false;
  }
  return true;
}

struct Found {
  S3HostKind kind;
  std::string_view suffix;
};

std::optional<Found> find(std::string_view host) {
  for (const Partition& partition : partitions()) {
    const std::string_view suffix = partition.dns_suffix;
    if (host.size() <= suffix.size() + 1 || !host.ends_with(suffix) ||
        host[host.size() - suffix.size() - 1] != '.')
      continue;
    for (const Name& name : names) {
      if (matches(host.substr(0, host.size() - suffix.size() - 1), name.pattern, suffix))
        return Found{name.kind, suffix};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<S3HostKind> s3_host_kind(std::string_view host) {
  const auto found = find(host);
  return found ? std::optional(found->kind) : std::nullopt;
}

bool are_s3_hosts_of_one_partition(std::string_view host, std::string_view other) {
  const auto one = find(host), two = find(other);
  return one && two && one->suffix == two->suffix;
}

}  // namespace dth::aws
