#include "runs/failure_advice.h"

#include <array>
#include <utility>

namespace dth::runs {
namespace {

using Row = std::pair<std::string_view, std::string_view>;

constexpr std::array by_reason = {
    Row{"object_missing",
        "The object was deleted while the run was under way. Run the task again."},
    Row{"version_missing",
        "The version was deleted while the run was under way. Run the task again."},
    Row{"bucket_missing", "Create the bucket, or correct its name in the task."},
    Row{"upload_missing",
        "A lifecycle rule or another program aborted the upload. Retry the failed items."},
    Row{"part_missing",
        "A lifecycle rule or another program removed parts of the upload. Retry the failed items."},
    Row{"object_archived",
        "Restore the objects first, or let the task restore them (--archived restore), or leave "
        "archived objects out."},
    Row{"restore_in_progress", "Wait until the restore has finished, then retry the failed items."},
    Row{"foreign_answer",
        "A proxy or portal answers in place of the store. Check the endpoint URL and the proxy."},
    Row{"unconfirmed_absence",
        "Check that the object exists and that the credential may read it, then retry."},
    Row{"listed_but_missing",
        "The store lists objects that it does not have. Repair the store's listing, then retry."},
    Row{"unreachable", "Check the endpoint URL, the network and the proxy, then retry."},
    Row{"destination_full", "Free space at the destination or raise its quota, then retry."},
    Row{"file_too_large",
        "The destination's file system cannot hold files of this size. Use another one."},
    Row{"name_not_kept",
        "The destination cannot keep these names. Rename the objects or use another destination."},
    Row{"answer_lost", "Retry the failed items. What was already copied is recognised."},
};

constexpr std::array by_code = {
    Row{"cancelled", "Retry the failed items."},
    Row{"timeout", "The store answers too slowly. Lower --concurrency, then retry."},
    Row{"throttled", "The store limits the request rate. Lower --concurrency, then retry."},
    Row{"unavailable", "The store or the network failed for a while. Retry the failed items."},
    Row{"not_found", "The object was deleted while the run was under way. Run the task again."},
    Row{"already_exists",
        "The destination has something of that name that may not be replaced. Remove or rename "
        "it."},
    Row{"precondition_failed",
        "Somebody changed the object while the run was under way. Retry the failed items."},
    Row{"invalid_argument",
        "The store refuses the request. Compare its message with the limits of the destination."},
    Row{"unauthenticated", "Correct or renew the credential, then retry."},
    Row{"permission_denied",
        "Grant the credential the permission that the message names, then retry."},
    Row{"data_corrupted",
        "The bytes differ from their checksum. Retry; if it fails again, check the source object."},
    Row{"unsupported", "The store cannot do this. Change the option that asks for it."},
    Row{"internal", "This is a bug. Please report it with the message."},
};

}  // namespace

std::string_view failure_advice(std::string_view code, std::string_view reason) {
  for (const auto& [name, advice] : by_reason) {
    if (name == reason) return advice;
  }
  for (const auto& [name, advice] : by_code) {
    if (name == code) return advice;
  }
  return "Read the message of a failed item, then retry.";
}

}  // namespace dth::runs
