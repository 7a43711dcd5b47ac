#pragma once

#include <boost/json.hpp>

#include "api/user_errors.h"
#include "control/tasks/task_service.h"

namespace dth::api {

// The input types of tasks, as coerced by the schema.
control::TaskInput read_task_input(const boost::json::object& input);
control::TaskSchedule read_schedule_input(const boost::json::object& input);
control::GivenOptions read_option_inputs(const boost::json::object& input, std::string_view name);
state::TaskFilter task_filter(const boost::json::object& input);
state::TaskOrder task_order(const boost::json::object& input);

// Fields are within `prefix`: {"input", "task"}.
std::vector<UserError> errors_of(const control::TaskProblems& problems,
                                 const std::vector<std::string>& prefix);

// Who asks, for control::TaskService.
control::TaskCaller task_caller(const graphql::ResolveInfo& info, TimePoint now);

// The type Schedule, of a kept one.
boost::json::object schedule_object(const control::TaskSchedule& schedule);

boost::json::value task_time(const std::optional<TimePoint>& time);

// What is answered where the hub has no tasks.
Error without_tasks();

}  // namespace dth::api
