#include "client/documents.h"

namespace dth::client::documents {

#define LOCATION "{ endpoint { id name } path url } "
#define RUN_SHORT "{ id state createdAt endedAt error } "
#define TASK_FIELDS                                                                                \
  "id name description labels { name value } kind action source " LOCATION "destination " LOCATION \
  "options { name value } schedule { kind at everyCount everyUnit anchor cron zone overlap "       \
  "missed } nextRunAt state activity currentRun " RUN_SHORT "lastRun " RUN_SHORT                   \
  "runCount createdAt createdBy updatedAt updatedBy revision pausedBy pausedAt "
#define USER_ERRORS "userErrors { field message code } "
#define RESULTS "results { id task { name } run { id } error { field message code } } " USER_ERRORS

const Document tasks = {
    "tasks",
    "query($first: Int!, $after: String, $filter: TaskFilter) { tasks(first: $first, after: "
    "$after, filter: $filter) { nodes { " TASK_FIELDS "} pageInfo { hasNextPage endCursor } } }"};
const Document task = {"task", "query($id: ID!) { task(id: $id) { " TASK_FIELDS "} }"};
const Document task_document = {
    "taskDocument",
    "query($id: ID!, $format: DocumentFormat!) { taskDocument(id: $id, format: $format) }"};
const Document apply_task = {
    "applyTask",
    "mutation($input: ApplyTaskInput!) { applyTask(input: $input) { task { id name } created "
    "changes { field before after } " USER_ERRORS "} }",
    Repeats::with_key};
const Document run_tasks = {
    "runTasks", "mutation($input: RunTasksInput!) { runTasks(input: $input) { " RESULTS "} }",
    Repeats::with_key};
const Document pause_tasks = {
    "pauseTasks", "mutation($input: TaskIdsInput!) { pauseTasks(input: $input) { " RESULTS "} }",
    Repeats::with_key};
const Document resume_tasks = {
    "resumeTasks", "mutation($input: TaskIdsInput!) { resumeTasks(input: $input) { " RESULTS "} }",
    Repeats::with_key};
const Document archive_tasks = {
    "archiveTasks",
    "mutation($input: TaskIdsInput!) { archiveTasks(input: $input) { " RESULTS "} }",
    Repeats::with_key};
const Document delete_tasks = {
    "deleteTasks", "mutation($input: TaskIdsInput!) { deleteTasks(input: $input) { " RESULTS "} }",
    Repeats::with_key};

#undef RESULTS
#undef USER_ERRORS
#undef TASK_FIELDS
#undef RUN_SHORT
#undef LOCATION

}  // namespace dth::client::documents
