"""ListObjects in both versions."""
import base64
import re
import urllib.parse

from .http_server import Answer
from .signature import Refused
from .storage import key_bytes
from .xml import document, element

KEYS_MAX = 1000
PARAMETERS = {"list-type", "prefix", "encoding-type", "max-keys", "continuation-token", "start-after", "marker", "delimiter"}


def order_of(kind):
    if kind == "utf16":
        return lambda key: key.decode("utf-8", "replace").encode("utf-16-be")
    if kind == "folded":
        return lambda key: (key.lower(), key)
    if kind == "folders":  # as a directory tree is walked: a's children before "a-"
        return lambda key: key.replace(b"/", b"\0")
    return lambda key: key


def encoder(request, profile):
    """(how keys are written, is that told)"""
    asked = request.query.get("encoding-type")
    if asked not in (None, "url"):
        raise Refused(400, "InvalidArgument", "Invalid Encoding Method specified in Request")
    wrong = request.wrongs.get("encoding_ignored") or profile.encodes_keys == "ignored"
    if not asked or wrong:
        return (lambda key: key), False
    if profile.encodes_keys == "untruly":
        return (lambda key: key), True
    told = profile.encodes_keys == "told" and "encoding_not_told" not in request.wrongs
    return (lambda key: urllib.parse.quote_plus(key, safe="/-_.*")), told


def entry(key, found, write):
    return element("Contents", element("Key", write(key)),
                   element("LastModified", found.modified.strftime("%Y-%m-%dT%H:%M:%S.000Z")),
                   element("ETag", f'"{found.etag}"'), element("Size", len(found.body)),
                   element("StorageClass", found.headers.get("x-amz-storage-class", "STANDARD")))


def roll_up(keys, prefix, delimiter, begin):
    """Keys, and what the keys of deeper levels begin with, once."""
    names = []
    for key in keys:
        at = key.find(delimiter, len(prefix))
        name = key if at < 0 else key[:at + len(delimiter)]
        if name != begin and (not names or names[-1] != name):
            names.append(name)
    return names


def list_buckets(service, request):
    """All at once, or by pages where these are asked for."""
    if set(request.query) - {"max-buckets", "continuation-token", "prefix"}:
        raise Refused(400, "InvalidArgument", f"unknown parameters: {sorted(request.query)}")
    names = sorted(name for name in service.buckets if name.startswith(request.query.get("prefix", "")))
    names = [name for name in names if name > request.query.get("continuation-token", "")]
    page = names[:int(request.query.get("max-buckets", len(names)))]
    parts = [element("Buckets", *(element("Bucket", element("Name", name), element("CreationDate", "2026-01-02T03:04:05.000Z"))
                                  for name in page))]
    if len(page) < len(names):
        parts.append(element("ContinuationToken", page[-1]))
    return Answer(200, [("Content-Type", "application/xml")], document("ListAllMyBucketsResult", *parts))


def list_objects(service, request, bucket):
    second = request.operation == "ListObjectsV2"
    if second and service.profile.list_v2 in ("400", "501"):
        raise Refused(int(service.profile.list_v2), "NotImplemented" if service.profile.list_v2 == "501" else "InvalidArgument",
                      "A parameter you provided implies functionality that is not implemented: list-type")
    if set(request.query) - PARAMETERS:
        raise Refused(400, "InvalidArgument", f"unknown parameters: {sorted(set(request.query) - PARAMETERS)}")
    second = second and service.profile.list_v2 != "version_1"
    size = min(int(request.query.get("max-keys", KEYS_MAX)), service.page_keys_max)
    prefix = key_bytes(request.query.get("prefix", ""))
    token = request.query.get("continuation-token" if second else "marker")
    begin = key_bytes(request.query.get("start-after", "")) if second else b""
    if token is not None:
        begin = base64.b64decode(token.partition(".")[2]) if second else key_bytes(token)
    order = order_of(service.profile.order)
    wrongs = request.wrongs
    if "wrong_prefix" in wrongs:
        prefix = b""
    keys = sorted((key for key in bucket.objects if key.startswith(prefix)), key=order)
    keys = [key for key in keys if not begin or order(key) > order(begin)]
    delimiter = request.query.get("delimiter")
    if delimiter:
        keys = roll_up(keys, prefix, key_bytes(delimiter), begin)
    page, truncated = keys[:size], len(keys) > size
    last = page[-1] if page else begin
    if "empty_page" in wrongs:  # and it goes on where it stood
        page, truncated, last = [], True, begin
    if "inverted" in wrongs and len(page) > 1:
        page[-2:] = reversed(page[-2:])
    if "duplicate" in wrongs and page:
        page.append(page[-1])
    write, told = encoder(request, service.profile)
    if "names_replaced" in wrongs:  # what XML cannot hold becomes U+FFFD
        encode = write
        write = lambda key: encode(re.sub(b"[\\x00-\\x1f]|\xef\xbf[\xbe\xbf]", b"\xef\xbf\xbd", key))
    parts = [element("Name", request.bucket), element("Prefix", write(prefix)), element("MaxKeys", size)]
    if told:
        parts.append(element("EncodingType", "url"))
    is_prefix = lambda name: delimiter and name != prefix and name.endswith(key_bytes(delimiter))
    parts += (entry(key, bucket.objects[key], write) for key in page if not is_prefix(key))
    parts += (element("CommonPrefixes", element("Prefix", write(name))) for name in page if is_prefix(name))
    truncated = truncated or "same_token" in wrongs or "no_token" in wrongs
    parts.append(element("IsTruncated", "true" if truncated else "false"))
    if truncated and "no_token" not in wrongs:
        if not second:
            parts.append(element("NextMarker", write(last)))
        elif "same_token" in wrongs and token is not None:
            parts.append(element("NextContinuationToken", token))
        else:
            parts.append(element("NextContinuationToken", f"{len(service.requests)}." + base64.b64encode(last).decode()))
    return Answer(200, [("Content-Type", "application/xml")], document("ListBucketResult", *parts))
