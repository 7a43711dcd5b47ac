#include "cloud/aws/partitions.h"

#include <algorithm>
#include <array>
#include <vector>

namespace dth::aws {
namespace {

using namespace std::string_view_literals;

constexpr std::array aws_prefixes{"us"sv, "eu"sv, "ap"sv, "sa"sv, "ca"sv, "me"sv, "af"sv, "il"sv, "mx"sv};
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
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

bool is_number(std::string_view text) {
  return !text.empty() && text.size() <= 2 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Is `region` "<prefix>-<word>-<number>"?
bool matches(std::string_view region, std::string_view prefix) {
  if (region.size() <= prefix.size() + 1 || !region.starts_with(prefix) || region[prefix.size()] != '-') return false;
  region.remove_prefix(prefix.size() + 1);
  const std::size_t dash = region.find('-');
  return dash != region.npos && is_lower_word(region.substr(0, dash)) && is_number(region.substr(dash + 1));
}

bool is_under(std::string_view host, std::string_view suffix) {
  return host.size() > suffix.size() && host.ends_with(suffix) && host[host.size() - suffix.size() - 1] == '.';
}

Result<const Partition*> partition_for(std::string_view region, HostOptions options) {
  const Partition* partition = find_partition(region);
  if (!partition) {
    return Error{ErrorCode::invalid_argument,
                 "'" + std::string(region.substr(0, 80)) +
                     "' is not an AWS region; name one such as us-east-1, or give the store's endpoint",
                 ""};
  }
  if (options.dual_stack && !partition->has_dual_stack) {
    return Error{ErrorCode::invalid_argument,
                 "the partition " + std::string(partition->name) + " has no dual-stack endpoints", ""};
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

std::optional<std::string> region_of_s3_host(std::string_view host) {
  for (const Partition& partition : table) {
    if (!is_under(host, partition.dns_suffix)) continue;
    const std::string_view names = host.substr(0, host.size() - partition.dns_suffix.size() - 1);
    const std::size_t dot = names.rfind('.');
    const std::string_view last = dot == names.npos ? names : names.substr(dot + 1);
    if (dot != names.npos && find_partition(last)) {
      const std::string_view before = names.substr(0, dot);
      for (std::string_view service : {"s3"sv, "s3-fips"sv, "s3.dualstack"sv, "s3-fips.dualstack"sv}) {
        if (before == service || is_under(before, service)) return std::string(last);
      }
      continue;
    }
    // The older form: s3-us-west-2.amazonaws.com.
    if (last.starts_with("s3-") && find_partition(last.substr(3))) return std::string(last.substr(3));
  }
  return std::nullopt;
}

bool is_region_name(std::string_view text) {
  return !text.empty() && text.size() <= 63 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace dth::aws
