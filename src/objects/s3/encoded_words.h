#pragma once

#include <string>
#include <string_view>

namespace dth::objects::s3 {

// Text that is not ASCII as AWS carries it in headers: RFC 2047's encoded words. AWS decodes what
// comes in so, stores Unicode, and hands it out encoded again; bytes that come in raw it takes for
// Latin-1. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata
// https://www.rfc-editor.org/rfc/rfc2047

// What a value stands for: UTF-8, where all of it is encoded words of UTF-8 that stand for more
// than ASCII. Any other value is itself, for nothing else was encoded by a store.
std::string decode_words(std::string_view value);

// A value for a header: encoded words of at most 75 bytes where it is UTF-8 that is not ASCII. Any
// other value is itself.
std::string encode_words(std::string_view value);

}  // namespace dth::objects::s3
