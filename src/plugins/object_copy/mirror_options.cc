#include "plugins/object_copy/mirror_options.h"

#include "plugins/object_copy/option_table.h"

namespace dth::object_copy {
namespace {

Error wrong(std::string message) {
  return Error{ErrorCode::invalid_argument, std::move(message), ""};
}

}  // namespace

Result<void> parse_mirror_options(const options::Values& spec, CopyOptions* options) {
  const auto value = [&](std::string_view name) { return value_of(spec, name); };
  const std::string mode = value("mode");
  options->mode = mode == "sync"     ? RunMode::sync
                  : mode == "verify" ? RunMode::verify
                                     : RunMode::copy;
  const std::string unverified = value("unverified");
  options->unverified = unverified == "read-back" ? UnverifiedRule::read_back
                        : unverified == "warn"    ? UnverifiedRule::warn
                                                  : UnverifiedRule::fail;
  DeleteRules& deletes = options->deletes;
  deletes.count_max = size_of(spec, "delete-max");
  deletes.percent_max = size_of(spec, "delete-max-percent");
  deletes.allow_empty_source = value("allow-empty-source") == "true";
  deletes.despite_failures = value("delete-despite-failures") == "true";
  if (deletes.percent_max > 100) return wrong("--delete-max-percent: from 0 to 100");
  if (options->mode == RunMode::sync && options->scope == SourceScope::object) {
    return wrong(
        "sync makes the destination equal to everything beneath the source: end the source with a "
        "slash, or copy the one object "
        "with `dth copy`");
  }
  VerifyRules& verify = options->verify;
  const std::string method = value("method");
  verify.method = method == "listing"     ? VerifyMethod::listing
                  : method == "read-back" ? VerifyMethod::read_back
                                          : VerifyMethod::checksum;
  verify.sample_percent = size_of(spec, "sample");
  verify.report_extra = value("report-extra") == "true";
  verify.repair = value("repair") == "true";
  if (verify.sample_percent > 100) return wrong("--sample: from 0 to 100 percent");
  if (verify.sample_percent < 100 && verify.method != VerifyMethod::read_back) {
    return wrong("--sample is for --method read-back: the other methods look at every object");
  }
  return Result<void>();
}

}  // namespace dth::object_copy
