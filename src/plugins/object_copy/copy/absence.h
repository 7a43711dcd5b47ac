#pragma once

#include <string>

#include "objects/object_store.h"

namespace dth::object_copy {

// What it takes to say that an object is not there: the store's own word. A status of 404 alone is
// not that. The answer to HEAD has no document; a proxy's page has no words of the store's; a
// bucket that is gone says nothing of its objects. And a store whose listing names the object
// contradicts itself, whatever it answers to a request for it.

// Does the error carry the store's word that it has no such object, or no such version?
bool says_no_such_object(const Error& error);

// May the error mean that, so that asking on is worth a request? Else it is a failure like any
// other.
bool may_mean_no_such_object(const Error& error);

// Is the key in the listing, now? One request, and a few more where servers that write keys
// otherwise than they list them have to be told apart; bounded. Errors are those of list().
Async<Result<bool>> is_listed(objects::ObjectStore* store, std::string key);

// Does a listing asked for now still show the object under this ETag, although an answer without a
// refusal had another one (ErrorReason::foreign_answer)? False after any other `refusal`, and where
// the listing shows another ETag or no such key. Errors are those of list(), and unavailable where
// the listing cannot tell.
Async<Result<bool>> is_listed_as(objects::ObjectStore* store, std::string key, std::string etag,
                                 Error refusal);

// After a request for the object that was answered with `refusal`: is it gone? True: yes, the store
// says so, or has no such key in a listing asked for now. False never: an error instead, `refusal`
// or the listing's, or with ErrorReason::listed_but_missing that the store lists what it says it
// does not have. `version`: of a listing of versions nothing is asked; the object is, for its first
// byte. `etag`: that the store listed with the key; then it is also asked whether it lists that
// object under a similar name, or the key where the name would not be looked for (a few requests
// more). Empty: that is not asked.
Async<Result<bool>> confirm_absence(objects::ObjectStore* store, std::string key,
                                    std::string version, Error refusal, std::string etag);

// HEAD, and where that is answered by 404, what makes it certain, asked twice, since an object may
// come and go. An error of which says_no_such_object() is true: it is gone for certain.
Async<Result<objects::ObjectHead>> head_for_certain(objects::ObjectStore* store, std::string key,
                                                    std::string version, std::string etag);

}  // namespace dth::object_copy
