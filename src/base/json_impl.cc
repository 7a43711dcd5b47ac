// Boost.JSON's own code, compiled once and for everybody: others include <boost/json.hpp> and
// nothing more.
#include <boost/json/src.hpp>
