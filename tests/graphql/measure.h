#pragma once

namespace dth::graphql::tests {

// Prints what a simple query takes, in microseconds of processor time, as a request does it:
// parsed, validated and executed each time, and with the cache of documents. Returns 0.
int measure();

}  // namespace dth::graphql::tests
