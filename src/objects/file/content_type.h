#pragma once

#include <string>
#include <string_view>

namespace dth::objects::file {

// The media type that the end of a file's name stands for ("a.PNG": "image/png"); empty where it is
// not known. The table is ours and not the machine's, so that a copy does not depend on where it is
// made. https://www.iana.org/assignments/media-types/media-types.xhtml
std::string guess_content_type(std::string_view key);

}  // namespace dth::objects::file
