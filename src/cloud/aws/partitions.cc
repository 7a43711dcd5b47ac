#include "cloud/aws/partitions.h"

#include <algorithm>
#include <array>
#include <vector>

#include "cloud/aws/s3_hosts.h"

namespace dth::aws {
namespace {

using namespace std::string_view_literals;

constexpr std::array aws_prefixes{"us"sv, "eu"sv, "ap"sv, "sa"sv, "ca"sv,
                                  "me"sv, "af"sv, "il"sv, "mx"sv};
constexpr std::array cn_prefixes{"cn"sv};
constexpr std::array gov_prefixes{"us-gov"sv};
constexpr std::array iso_prefixes{"us-iso"sv};
constexpr std::array iso_b_prefixes{"us-isob"sv};
constexpr std::array iso_e_prefixes{"eu-isoe"sv};
constexpr std::array iso_f_prefixes{"us-isof"sv};
constexpr std::array eusc_prefixes{"eusc-de"sv};

const std::array<Partition, 8> table{{
    {"aws", "amazonaws.com", "us-east-1", true, true, aws_prefixes},
    {"aws-cn", "amazonaws.com.cn", "cn-north-1", true, false, cn_prefixes},
    {"aws-us-gov", "amazonaws.com", "us-gov-west-1", true, true, gov_prefixes},
    {"aws-iso", "c2s.ic.gov", "us-iso-east-1", false, true, iso_prefixes},
    {"aws-iso-b", "sc2s.sgov.gov", "us-isob-east-1", false, true, iso_b_prefixes},
    {"aws-iso-e", "cloud.adc-e.uk", "eu-isoe-west-1", false, true, iso_e_prefixes},
    {"aws-iso-f", "csp.hci.ic.gov", "us-isof-south-1", false, true, iso_f_prefixes},
    {"aws-eusc", "amazonaws.eu", "eusc-de-east-1", true, false, eusc_prefixes},
}};

bool is_lower_word(std::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 2 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Is `region` "<prefix>-<word>-<number>"?
bool matches(std::string_view region, std::string_view prefix) {
  if (region.size() <= prefix.size() + 1 || !region.starts_with(prefix) ||
      region[prefix.size()] != '-')
    return false;
  region.remove_prefix(prefix.size() + 1);
  const std::size_t dash = region.find('-');
  return dash != region.npos && is_lower_word(region.substr(0, dash)) &&
         is_number(region.substr(dash + 1));
}

bool is_under(std::string_view host, std::string_view suffix) {
  return host.size() > suffix.size() && host.ends_with(suffix) &&
         host[host.size() - suffix.size() - 1] == '.';
}

// The labels of a host's name before the suffix; none where it has another one.
std::vector<std::string_view> labels_before(std::string_view host, std::string_view suffix) {
  std::vector<std::string_view> labels;
  if (!is_under(host, suffix)) return labels;
  std::string_view names = host.substr(0, host.size() - suffix.size() - 1);
  for (std::size_t dot; (dot = names.find('.')) != names.npos; names.remove_prefix(dot + 1))
    labels.push_back(names.substr(0, dot));
  labels.push_back(names);
  return labels;
}

Result<const Partition*> partition_for(std::string_view region, HostOptions options) {
  const Partition* partition = find_partition(region);
  if (!partition) {
    return Error{
        ErrorCode::invalid_argument,
        "'" + std::string(region.substr(0, 80)) +
            "' is not an AWS region; name one such as us-east-1, or give the store's endpoint",
        ""};
  }
  if (options.dual_stack && !partition->has_dual_stack) {
    return Error{ErrorCode::invalid_argument,
                 "the partition " + std::string(partition->name) + " has no dual-stack endpoints",
                 ""};
  }
  if (options.fips && !partition->has_fips) {
    return Error{ErrorCode::invalid_argument,
                 "the partition " + std::string(partition->name) + " has no FIPS endpoints", ""};
  }
  return partition;
}

}  // namespace

std::span<const Partition> partitions() { return table; }

const Partition* find_partition(std::string_view region) {
  for (const Partition& partition : table) {
    for (std::string_view prefix : partition.region_prefixes) {
      if (matches(region, prefix)) return &partition;
    }
  }
  return nullptr;
}

const Partition* find_partition_of_host(std::string_view host) {
  if (const auto region = region_of_s3_host(host)) return find_partition(*region);
  for (const Partition& partition : table) {
    if (is_under(host, partition.dns_suffix)) return &partition;
  }
  return nullptr;
}

Result<std::string> s3_host(std::string_view region, HostOptions options) {
  auto partition = partition_for(region, options);
  if (!partition) return partition.error();
  std::string host = options.fips ? "s3-fips." : "s3.";
  if (options.dual_stack) host += "dualstack.";
  host.append(region).append(".").append((*partition)->dns_suffix);
  return host;
}

Result<std::string> sts_host(std::string_view region, HostOptions options) {
  if (options.dual_stack) {
    return Error{ErrorCode::invalid_argument, "STS is not asked through dual-stack endpoints", ""};
  }
  auto partition = partition_for(region, options);
  if (!partition) return partition.error();
  // GovCloud's ordinary STS hosts are the FIPS ones.
  const bool fips_host = options.fips && (*partition)->name != "aws-us-gov";
  std::string host = fips_host ? "sts-fips." : "sts.";
  host.append(region).append(".").append((*partition)->dns_suffix);
  return host;
}

Result<std::string> secrets_manager_host(std::string_view region) {
  auto partition = partition_for(region, {});
  if (!partition) return partition.error();
  return "secretsmanager." + std::string(region) + "." + std::string((*partition)->dns_suffix);
}

std::optional<std::string> region_of_s3_host(std::string_view host) {
  if (!s3_host_kind(host)) return std::nullopt;
  for (const Partition& partition : table) {
    std::vector<std::string_view> labels = labels_before(host, partition.dns_suffix);
    // bucket.vpce-1a-2b.s3.us-east-1.vpce.amazonaws.com
    if (!labels.empty() && labels.back() == "vpce") labels.pop_back();
    if (labels.empty()) continue;
    // The older form is s3-us-west-2.amazonaws.com.
    for (std::string_view before : {""sv, "s3-fips-"sv, "s3-"sv}) {
      if (!labels.back().starts_with(before)) continue;
      const std::string_view region = labels.back().substr(before.size());
      if (find_partition(region)) return std::string(region);
    }
  }
  return std::nullopt;
}

std::optional<std::string> PlainS3Host::in(std::string_view other_region) const {
  const Partition* other = find_partition(other_region);
  if (!other || other->dns_suffix != partition->dns_suffix) return std::nullopt;
  return std::string(service) + "." + std::string(other_region) + "." +
         std::string(other->dns_suffix);
}

std::optional<PlainS3Host> plain_s3_host(std::string_view host) {
  for (const Partition& partition : table) {
    if (!is_under(host, partition.dns_suffix)) continue;
    const std::string_view names = host.substr(0, host.size() - partition.dns_suffix.size() - 1);
    if (names == "s3" || names == "s3-external-1") return PlainS3Host{"s3", "", &partition};
    const std::size_t dot = names.rfind('.');
    if (dot == names.npos) {
      const Partition* of_region =
          names.starts_with("s3-") ? find_partition(names.substr(3)) : nullptr;
      if (of_region) return PlainS3Host{"s3", std::string(names.substr(3)), of_region};
      continue;
    }
    const std::string_view region = names.substr(dot + 1);
    const Partition* of_region = find_partition(region);
    if (!of_region || of_region->dns_suffix != partition.dns_suffix) continue;
    for (std::string_view service :
         {"s3"sv, "s3-fips"sv, "s3.dualstack"sv, "s3-fips.dualstack"sv}) {
      if (names.substr(0, dot) == service)
        return PlainS3Host{service, std::string(region), of_region};
    }
  }
  return std::nullopt;
}

bool is_region_name(std::string_view text) {
  return !text.empty() && text.size() <= 63 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace dth::aws
