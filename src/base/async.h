#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "base/error.h"

namespace dth {

// Every coroutine of the program runs on an io_context. Naming its executor, rather than
// any_io_executor, spares a virtual call and a reference count at every suspension.
using Executor = boost::asio::io_context::executor_type;

// A coroutine's result to be. Fallible work returns Async<Result<T>>.
template <class T>
using Async = boost::asio::awaitable<T, Executor>;

// The completion token of Asio operations awaited from an Async: throws what they fail with.
inline constexpr boost::asio::use_awaitable_t<Executor> use_async{};

// Likewise for those that small objects wait for: gives std::tuple(error code, ...) and costs no
// coroutine of its own, where use_async makes one for each operation.
inline constexpr auto use_async_tuple = boost::asio::as_tuple(boost::asio::deferred);

// Has whoever owns this coroutine asked it to stop? Once true it stays true, and operations begun
// afterwards run to their end all the same, so that clean-up can: a loop has to ask. Cheap.
//
//   if (is_cancelled(co_await boost::asio::this_coro::cancellation_state)) ...
inline bool is_cancelled(const boost::asio::cancellation_state& state) {
  return state.cancelled() != boost::asio::cancellation_type::none;
}

inline Error cancelled_error() { return Error{ErrorCode::cancelled, "cancelled", ""}; }

}  // namespace dth
