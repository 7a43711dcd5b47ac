"""Operations on single objects."""
import email.header
import gzip
import re
import urllib.parse

from .http_server import Answer
from .signature import Refused, check_digests
from .storage import KEPT, USER_METADATA_BYTES_MAX, Object, make_etag
from .xml import document, element, parse

KEY_BYTES_MAX = 1024
TAGS_MAX = 10
STORAGE_CLASSES = {"STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE",
                   "REDUCED_REDUNDANCY", "OUTPOSTS", "EXPRESS_ONEZONE"}
TIERS = ("Standard", "Bulk", "Expedited")
RANGE = re.compile(r"bytes=(\d+)-(\d+)?")


def check_conditions(request, found, profile, setting):
    """If-Match and If-None-Match of a write; raises where they do not hold."""
    names = [name for name in ("if-match", "if-none-match") if name in request.headers]
    if not names or setting == "ignored":
        return
    if setting == "501":
        raise Refused(501, "NotImplemented", f"A header you provided implies functionality that is not implemented: {names[0]}")
    if len(names) > 1:
        raise Refused(501, "NotImplemented", "two conditions at once")
    value = request.header(names[0])
    if names[0] == "if-none-match":
        if value != "*":
            raise Refused(501, "NotImplemented", "If-None-Match of a write takes * only")
        if found:
            raise Refused(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
        return
    if not found:
        raise Refused(404, "NoSuchKey", "The specified key does not exist.")
    if value != (f'"{found.etag}"' if profile.quoted_if_match else found.etag):
        raise Refused(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")


def decoded(value):
    """What RFC 2047's encoded words stand for."""
    return str(email.header.make_header(email.header.decode_header(value))) if value.startswith("=?") else value


def told(headers, profile):
    """As an answer has them."""
    if profile.metadata != "encoded":
        return headers
    return {name: value if value.isascii() else email.header.Header(value, "utf-8").encode(maxlinelen=0) for name, value in headers.items()}


def stored_headers(request, bucket, profile):
    """(headers to keep, tags); raises for what S3 does not take."""
    user = {name: value for name, value in request.headers.items() if name.startswith("x-amz-meta-")}
    if sum(len(name) - len("x-amz-meta-") + len(value) for name, value in user.items()) > USER_METADATA_BYTES_MAX:
        raise Refused(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size")
    # AWS would take raw bytes for Latin-1, which nobody means.
    if profile.metadata != "raw" and any(not value.isascii() for value in user.values()):
        raise Refused(400, "InvalidArgument", "user metadata must be US-ASCII")
    if profile.metadata == "encoded":
        user = {name: decoded(value) for name, value in user.items()}
    kept = {name: request.headers[name] for name in KEPT if name in request.headers}
    if kept.get("x-amz-storage-class", "STANDARD") not in STORAGE_CLASSES:
        raise Refused(400, "InvalidStorageClass", "The storage class you specified is not valid")
    if bucket.owner_enforced and any(name == "x-amz-acl" or name.startswith("x-amz-grant-") for name in request.headers):
        raise Refused(400, "AccessControlListNotSupported", "The bucket does not allow ACLs")
    if not profile.stores_aws_chunked and "encoding_kept" not in request.wrongs and "content-encoding" in kept:
        codings = [coding.strip() for coding in kept.pop("content-encoding").split(",")]
        codings = [coding for coding in codings if coding != "aws-chunked"]
        if codings:
            kept["content-encoding"] = ",".join(codings)
    tags = dict(urllib.parse.parse_qsl(request.header("x-amz-tagging", ""), keep_blank_values=True))
    if len(tags) > TAGS_MAX:
        raise Refused(400, "BadRequest", "Object tags cannot be greater than 10")
    return kept | user, tags


def put_object(service, request, bucket):
    if bucket.locked and "content-md5" not in request.headers and not request.checksums:
        raise Refused(400, "InvalidRequest", "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests "
                                             "with Object Lock parameters")
    headers, tags = stored_headers(request, bucket, service.profile)
    check_conditions(request, bucket.objects.get(request.key), service.profile, service.profile.conditional_put)
    if "headers_merged" in request.wrongs and request.key in bucket.objects:
        headers = bucket.objects[request.key].headers | headers
    body = request.body
    if "corrupt_stored" in request.wrongs and body:
        body = bytes([body[0] ^ 1]) + body[1:]
    stored = Object(body, make_etag(service.profile, bucket, body), service.now(), headers, tags=tags)
    if service.profile.checksums == "enforced":
        for algorithm in request.checksums or ("crc64nvme",):
            stored.add_checksum(algorithm)
    bucket.objects[request.key] = stored
    answer = Answer(200, [("ETag", f'"{stored.etag}"'), *checksum_headers(stored)])
    if bucket.encryption:
        answer.set("x-amz-server-side-encryption", bucket.encryption)
    return answer


def checksum_headers(found):
    headers = [(f"x-amz-checksum-{name}", value) for name, value in found.checksums.items()]
    return headers + [("x-amz-checksum-type", found.checksum_type)] if headers else []


def restore_object(service, request, bucket):
    found = bucket.objects.get(request.key)
    if found is None:
        raise Refused(404, "NoSuchKey", "The specified key does not exist.")
    if not is_archived(found):
        raise Refused(403, "InvalidObjectState", "Restore is not allowed for the object's current storage class")
    root = parse(request.body, "RestoreRequest")
    if root is None or not (root.findtext("Days") or "").isdigit() or root.findtext("GlacierJobParameters/Tier") not in TIERS:
        raise Refused(400, "MalformedXML", "The XML you provided was not well-formed or did not validate")
    if found.restore_looks is None:
        found.restore_looks = service.restore_looks
        return Answer(202)
    if found.restore_looks > 0:
        raise Refused(409, "RestoreAlreadyInProgress", "Object restore is already in progress")
    return Answer(200)


def is_archived(found):
    return found.headers.get("x-amz-storage-class") in ("GLACIER", "DEEP_ARCHIVE")


def get_object(service, request, bucket):
    found = bucket.objects.get(request.key)
    if found is None:
        raise Refused(404, "NoSuchKey", "The specified key does not exist.")
    condition = request.header("if-match")
    if condition is not None and condition not in ("*", f'"{found.etag}"', found.etag):
        raise Refused(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
    if is_archived(found) and found.restore_looks != 0 and request.method == "GET":
        raise Refused(403, "InvalidObjectState", "The operation is not valid for the object's storage class")
    body, answer = found.body, Answer(200)
    headers = told(dict(found.headers), service.profile)
    if (service.profile.transcodes_gzip and headers.get("content-encoding") == "gzip"
            and "gzip" not in request.header("accept-encoding", "")):
        body = gzip.decompress(body)  # and neither size nor ETag is that of what is stored
        del headers["content-encoding"]
        headers["warning"] = "214 UploadServer gunzipped"
    range_asked = request.header("range")
    if range_asked:
        match = RANGE.fullmatch(range_asked)
        first = int(match[1]) if match else 0
        last = min(int(match[2] or len(body)), len(body) - 1) if match else 0
        if not match or first > last:
            raise Refused(416, "InvalidRange", "The requested range is not satisfiable")
        answer.status = 206
        answer.set("Content-Range", f"bytes {first}-{last}/{len(body)}")
        body = body[first:last + 1]
    answer.body = body
    answer.headers += [("ETag", f'"{found.etag}"'), ("Accept-Ranges", "bytes"),
                       ("Last-Modified", found.modified.strftime("%a, %d %b %Y %H:%M:%S GMT"))]
    answer.headers += headers.items()
    if "content-type" not in headers:
        answer.set("Content-Type", "binary/octet-stream")
    if found.restore_looks is not None:
        answer.set("x-amz-restore", 'ongoing-request="true"' if found.restore_looks else
                   'ongoing-request="false", expiry-date="Fri, 21 Dec 2040 00:00:00 GMT"')
        if request.method == "HEAD" and found.restore_looks:
            found.restore_looks -= 1
    if found.tags:
        answer.set("x-amz-tagging-count", str(len(found.tags)))
    if bucket.encryption:
        answer.set("x-amz-server-side-encryption", bucket.encryption)
    if request.header("x-amz-checksum-mode") == "ENABLED" and not range_asked:
        answer.headers += checksum_headers(found)
    return answer


def delete_object(service, request, bucket):
    found = bucket.objects.get(request.key)
    if "if-match" in request.headers:
        check_conditions(request, found, service.profile, service.profile.conditional_put)
    bucket.objects.pop(request.key, None)
    return Answer(204)


def delete_objects(service, request, bucket):
    if "content-md5" not in request.headers and not request.checksums:
        raise Refused(400, "InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
    root = parse(request.body, "Delete")
    entries = root.findall("Object") if root is not None else []
    if not 1 <= len(entries) <= 1000:
        raise Refused(400, "MalformedXML", "The XML you provided was not well-formed or did not validate")
    quiet = root.findtext("Quiet") == "true"
    results = []
    for each in entries:
        key = (each.findtext("Key") or "").encode("utf-8", "surrogateescape")
        if each.findtext("ETag") is not None and key in bucket.objects:
            if each.findtext("ETag").strip('"') != bucket.objects[key].etag:
                results.append(element("Error", element("Key", key), element("Code", "PreconditionFailed"),
                                       element("Message", "At least one of the pre-conditions did not hold")))
                continue
        if "denied" in request.wrongs:
            results.append(element("Error", element("Key", key), element("Code", "AccessDenied"),
                                   element("Message", "Access Denied")))
            continue
        bucket.objects.pop(key, None)
        if not quiet:
            results.append(element("Deleted", element("Key", key)))
    return Answer(200, [("Content-Type", "application/xml")], document("DeleteResult", *results))


def find_source(service, request):
    """The object that x-amz-copy-source names, under its conditions."""
    if not service.profile.copies:
        raise Refused(501, "NotImplemented", "A header you provided implies functionality that is not implemented: "
                                             "x-amz-copy-source")
    path = urllib.parse.unquote_to_bytes(request.header("x-amz-copy-source").split("?")[0]).lstrip(b"/")
    name, _, key = path.partition(b"/")
    found = service.bucket(name.decode()).objects.get(key)
    if found is None:
        raise Refused(404, "NoSuchKey", "The specified key does not exist.")
    condition = request.header("x-amz-copy-source-if-match")
    if condition is not None and condition.strip('"') != found.etag:
        raise Refused(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
    return found


def copied_answer(name, etag, modified):
    return Answer(200, [("Content-Type", "application/xml")],
                  document(name, element("LastModified", modified.strftime("%Y-%m-%dT%H:%M:%S.000Z")),
                           element("ETag", f'"{etag}"')))


def copy_object(service, request, bucket):
    found = find_source(service, request)
    if len(found.body) > 5 << 30:
        raise Refused(400, "InvalidRequest", "The specified copy source is larger than the maximum allowable size")
    check_conditions(request, bucket.objects.get(request.key), service.profile, service.profile.conditional_put)
    headers, tags = stored_headers(request, bucket, service.profile)
    if request.header("x-amz-metadata-directive", "COPY") == "COPY":
        headers = {name: value for name, value in found.headers.items() if name != "x-amz-storage-class"} | {
            name: value for name, value in headers.items() if name == "x-amz-storage-class"}
    if request.header("x-amz-tagging-directive", "COPY") == "COPY":
        tags = dict(found.tags)
    copied = Object(found.body, make_etag(service.profile, bucket, found.body), service.now(), headers, tags=tags)
    if service.profile.checksums == "enforced":
        copied.add_checksum(request.header("x-amz-checksum-algorithm", "crc64nvme").lower())
    bucket.objects[request.key] = copied
    return copied_answer("CopyObjectResult", copied.etag, copied.modified)


def digests_of(request, profile):
    """What the request states of its body; it was checked."""
    of_whole = request.operation == "CompleteMultipartUpload"  # there it is the object's, not the document's
    headers = {name: value for name, value in request.headers.items()
               if not (of_whole and name.startswith("x-amz-checksum-"))}
    return check_digests(request.body, headers, profile)
