#pragma once

#include <string>

#include "control/tasks/task_service.h"

namespace dth::control {

// Tasks as texts that people keep beside their code: a document of YAML with the names of endpoints
// instead of their ids, and the command that does the same without a hub.

inline constexpr std::size_t task_document_bytes_max = 256 * 1024;

// kind: Task, and what TaskInput has. `input` is read against `rules`' endpoints: not_found.
Result<std::string> yaml_of(const TaskInput& input, const TaskRules& rules);

// "dth copy s3://a/ s3://b/ --…": with the options of the endpoints. What signs there is named by
// variables, because a command line shows no secret. Errors: those of yaml_of().
Result<std::string> command_of(const TaskInput& input, const TaskRules& rules);

// A task as its user said it. data_corrupted where it is not what check() kept.
Result<TaskInput> input_of(const state::TaskDefinition& definition, const TaskRules& rules);

// What a document says. Problems name the line and what to do; the input means nothing then.
// Errors: those of TaskEndpoints.
struct ReadDocument {
  TaskInput input;
  TaskProblems problems;
};
Result<ReadDocument> read_task_document(const std::string& text, const TaskRules& rules);

// What applying a document did, or would do.
struct Applied {
  TaskAnswer answer;
  bool is_created = false;
  std::vector<TaskChange> changes = {};
};
// The task of that name becomes as the document says, or is created. `dry_run`: nothing is kept.
Result<Applied> apply_document(TaskService& service, const std::string& text, bool dry_run,
                               const TaskCaller& caller);

}  // namespace dth::control
