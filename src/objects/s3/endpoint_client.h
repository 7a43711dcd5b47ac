#pragma once

#include "objects/endpoint_client.h"
#include "objects/s3/s3_session.h"
#include "objects/s3/s3_store.h"

namespace dth::objects::s3 {

// `options` without a bucket; `lane` outlives it.
std::unique_ptr<EndpointClient> make_endpoint_client(S3Options options,
                                                     std::shared_ptr<Session> session,
                                                     const LaneServices& lane);

// --- its parts, for tests

// By how much the clock of whoever sent this Date is ahead. A Date has whole seconds: the middle of
// the second, and of the time that the exchange took, is what is compared. Nothing: it is no date.
std::optional<std::chrono::milliseconds> clock_ahead(std::string_view date, TimePoint sent,
                                                     TimePoint answered);

// The steps of an attempt to connect that began then.
std::vector<ReachStep> reach_steps(const net::ConnectReport& report,
                                   const std::optional<Error>& error, bool tls, MonotonicTime began,
                                   MonotonicTime ended);

}  // namespace dth::objects::s3
