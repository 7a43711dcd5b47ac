#include "plugins/object_copy/new_jobs.h"

#include <algorithm>

namespace dth::object_copy {

state::NewJob scan_job(ScanPayload payload) {
  state::NewJob job;
  job.kind = kind_scan;
  job.payload = to_json(payload);
  return job;
}

std::vector<state::NewJob> scan_jobs(const std::vector<std::string>& prefixes) {
  constexpr std::size_t prefixes_per_job_max =
      100;                                 // a job's payload is written again with each record
  constexpr std::size_t jobs_wanted = 64;  // they run side by side
  const std::size_t per_job =
      std::clamp<std::size_t>(prefixes.size() / jobs_wanted, 1, prefixes_per_job_max);
  std::vector<state::NewJob> jobs;
  for (std::size_t first = 0; first < prefixes.size(); first += per_job) {
    const auto begin = prefixes.begin() + static_cast<std::ptrdiff_t>(first);
    const auto end =
        prefixes.begin() + static_cast<std::ptrdiff_t>(std::min(first + per_job, prefixes.size()));
    ScanPayload payload;
    payload.prefixes.assign(begin, end);
    jobs.push_back(scan_job(std::move(payload)));
  }
  return jobs;
}

std::vector<state::NewJob> first_jobs(const CopyOptions& options) {
  ScanPayload payload;
  if (options.list == SourceList::prefix_file || options.list == SourceList::object_file)
    payload.list = ListCursor{};
  std::vector<state::NewJob> jobs;
  if (options.list == SourceList::prefixes) {
    jobs = scan_jobs(options.prefixes);
  } else {
    jobs.push_back(scan_job(std::move(payload)));
  }
  if (options.action == options::Action::sync)
    jobs.push_back(find_extra_job(FindExtraPayload{}));  // which waits until all else is done
  return jobs;
}

state::NewJob copy_job(std::vector<Item> items) {
  state::NewJob job;
  job.kind = kind_copy;
  job.items = static_cast<std::int64_t>(items.size());
  job.payload = to_json(CopyPayload{std::move(items)});
  return job;
}

state::NewJob last_job(std::vector<Item> items) {
  state::NewJob job = copy_job(std::move(items));
  job.kind = kind_last;
  return job;
}

state::NewJob retry_job(RetryPayload payload) {
  state::NewJob job;
  job.kind = kind_retry;
  job.payload = to_json(payload);
  return job;
}

state::NewJob restore_job(RestorePayload payload) {
  state::NewJob job;
  job.kind = kind_restore;
  job.items = static_cast<std::int64_t>(payload.items.size());
  job.payload = to_json(payload);
  return job;
}

state::NewJob check_job(std::vector<Item> items) {
  state::NewJob job = copy_job(std::move(items));
  job.kind = kind_check;
  return job;
}

state::NewJob find_extra_job(const FindExtraPayload& payload) {
  state::NewJob job;
  job.kind = kind_find_extra;
  job.payload = to_json(payload);
  return job;
}

state::NewJob remove_job(std::vector<Extra> extras, ListedAt listed) {
  state::NewJob job;
  job.kind = kind_remove;
  job.items = static_cast<std::int64_t>(extras.size());
  job.payload = to_json(RemovePayload{std::move(extras), listed});
  return job;
}

}  // namespace dth::object_copy
