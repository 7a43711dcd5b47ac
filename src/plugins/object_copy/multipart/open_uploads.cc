#include "plugins/object_copy/multipart/open_uploads.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/blocking.h"
#include "plugins/object_copy/payloads.h"

namespace dth::object_copy {
namespace {

using LeftOpen = std::map<std::string, std::string>;

// An upload that none of the rows has the id of.
LeftOpen::iterator left_of_no_row(LeftOpen& left_open, const std::vector<state::Upload>& rows) {
  return std::find_if(left_open.begin(), left_open.end(), [&](const auto& left) {
    return std::none_of(rows.begin(), rows.end(),
                        [&](const state::Upload& row) { return row.upload_id == left.first; });
  });
}

// Will it be so however often it is asked? (Not: who are we. That waits for other credentials.)
bool is_for_good(const Error& error) {
  return !is_retryable(error.code) && error.code != ErrorCode::cancelled &&
         error.code != ErrorCode::unauthenticated;
}

}  // namespace

bool may_not_list_uploads(const Error& error) {
  return error.code == ErrorCode::unsupported || error.code == ErrorCode::permission_denied;
}

Async<Result<void>> OpenUploads::abort(engine::EngineServices services, std::string run,
                                       std::string destination_key, bool last) {
  auto rows = co_await engine::ask_state(services, [&](state::State& state) {
    return state.uploads().open_uploads(run, destination_key);
  });
  if (rows.has_error()) co_return rows.error();
  std::map<std::string, std::vector<state::Upload>> rows_by_key;
  for (state::Upload& row : *rows) {
    if (row.left_open.empty()) rows_by_key[row.key].push_back(std::move(row));
  }
  for (const auto& [key, rows_of_key] : rows_by_key) {
    auto ours = co_await find(rows_of_key);
    if (ours.has_error()) co_return ours.error();
    LeftOpen left_open;  // by upload id, why
    for (const std::string& upload_id : *ours) {
      auto aborted = co_await lane_.destination->abort_upload(key, upload_id);
      if (aborted.has_value()) continue;
      if (!last || !is_for_good(aborted.error())) co_return aborted.error();
      left_open[upload_id] = aborted.error().to_string();
    }
    for (const state::Upload& row : rows_of_key) {
      // One that was never recorded stands behind any row without an id.
      const auto left = row.upload_id.empty() ? left_of_no_row(left_open, rows_of_key)
                                              : left_open.find(row.upload_id);
      if (left != left_open.end()) {
        auto recorded = co_await engine::ask_state(services, [&](state::State& state) {
          return state.uploads().leave_upload_open(row.id, left->first, left->second);
        });
        if (recorded.has_error()) co_return recorded.error();
        left_open.erase(left);
        continue;
      }
      // A request that was under way when its sender stalled may arrive yet: its row waits for the
      // end of the run.
      if (row.upload_id.empty() && ours->size() < rows_of_key.size() && !last) continue;
      auto closed = co_await engine::ask_state(
          services, [&](state::State& state) { return state.uploads().close_upload(row.id); });
      if (closed.has_error()) co_return closed.error();
    }
  }
  co_return Result<void>();
}

// The uploads that these rows, all of one key, stand for. One that was created and not recorded is
// known by what it is not: open before our intent, or recorded by another row. Where there are more
// such than intents, or one has parts, it may be somebody else's and is left alone.
Async<Result<std::vector<std::string>>> OpenUploads::find(std::vector<state::Upload> rows) {
  std::vector<std::string> ours;
  std::set<std::string> not_sought;
  std::size_t unrecorded = 0;
  for (const state::Upload& row : rows) {
    if (!row.upload_id.empty()) {
      ours.push_back(row.upload_id);
      not_sought.insert(row.upload_id);
      continue;
    }
    ++unrecorded;
    auto plan = parse_upload_plan(row.plan);
    if (plan.has_error()) co_return plan.error();
    not_sought.insert(plan->others.begin(), plan->others.end());
  }
  if (unrecorded == 0) co_return ours;
  const std::string& key = rows.front().key;
  auto open = co_await lane_.destination->list_uploads(key);
  if (open.has_error() && may_not_list_uploads(open.error())) co_return ours;
  if (open.has_error()) co_return open.error();
  std::erase_if(*open, [&](const objects::UploadInfo& upload) {
    return not_sought.contains(upload.upload_id);
  });
  if (open->size() > unrecorded) co_return ours;
  for (const objects::UploadInfo& upload : *open) {
    auto parts = co_await lane_.destination->list_parts(key, upload.upload_id);
    if (parts.has_error() && may_not_list_uploads(parts.error())) continue;  // it may have parts
    if (parts.has_error() && parts.error().code != ErrorCode::not_found) co_return parts.error();
    if (parts.has_value() && parts->empty()) ours.push_back(upload.upload_id);
  }
  co_return ours;
}

}  // namespace dth::object_copy
