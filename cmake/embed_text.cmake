# cmake -DINPUT=file -DOUTPUT=file.cc -DNAME=variable -DNAMESPACE=ns -P embed_text.cmake: the text as a C++ constant.
file(READ "${INPUT}" text)
if(text MATCHES "\\)embedded\"")
  message(FATAL_ERROR "${INPUT} holds the end of a raw string")
endif()
get_filename_component(file "${INPUT}" NAME)
file(WRITE "${OUTPUT}"
"// Made from ${file} by cmake/embed_text.cmake.
#include <string_view>

namespace ${NAMESPACE} {
extern const std::string_view ${NAME};
const std::string_view ${NAME} = R\"embedded(${text})embedded\";
}  // namespace ${NAMESPACE}
")
