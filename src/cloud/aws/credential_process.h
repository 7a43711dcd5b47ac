#pragma once

#include <vector>

#include "cloud/aws/credentials.h"

namespace dth::aws {

// A program that prints credentials (credential_process of a profile). It is run directly, never by
// a shell: words are split as a shell does (quotes, backslashes), and nothing is expanded. It gets
// no input, its standard error is ours, its variables are `environment`, and it has a minute and 64
// KiB. Errors name the program, never its arguments nor what it printed.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
std::shared_ptr<CredentialSource> make_process_source(
    std::string command, Environment environment, Clock& clock,
    std::chrono::milliseconds patience = std::chrono::minutes(1));

// The words of a command line; nothing where a quote is not closed.
std::optional<std::vector<std::string>> split_words(std::string_view command);

}  // namespace dth::aws
