"""Everything that a server may do wrong, each by name.

    fake.fail("slow_down", "GetObject", times=3)
    fake.fail("truncated", "GetObject", key="large", after=1, at=1000)     # the second one, after 1,000 bytes

operation: one as in S3's API, or "" for all; key: of the object, or None for all; after: so many matching requests pass
first; times: so many are spoilt, None for all that follow; with_header: only requests that carry this header, "name" or
"name=how its value begins". What else there is to say is the fault's own.

A fault belongs to one of four moments:
  refuse   instead of the operation            function(fault, service, request) -> Answer
  bend     before the operation                function(fault, service, request)
  consult  in the operation, which looks for its name in request.wrongs
  spoil    after the operation was done        function(fault, service, request, answer) -> Answer or None
"""
import datetime
import re

from .http_server import Answer
from .signature import Refused
from .storage import Object, key_bytes, make_etag
from .xml import document

REFUSE, BEND, SPOIL = {}, {}, {}
CONSULTED = {"empty_page", "same_token", "no_token", "inverted", "duplicate", "wrong_prefix", "encoding_ignored",
             "encoding_not_told", "corrupt_stored", "denied", "framing_kept", "encoding_kept", "headers_merged", "names_replaced",
             "part_checksums_needed", "part_left_out"}


class Fault:
    def __init__(self, fault, operation="", key=None, after=0, times=1, **options):
        if fault not in CONSULTED and not any(fault in table for table in (REFUSE, BEND, SPOIL)):
            raise ValueError(f"no such fault: {fault}")
        self.name, self.operation, self.key = fault, operation, None if key is None else key_bytes(key)
        self.after, self.left, self.options = after, times, options
        self.acted = 0

    def takes(self, request):
        """True where this request is to be spoilt; counts it."""
        if self.operation not in ("", request.operation) or self.key not in (None, request.key) or self.left == 0:
            return False
        name, _, begin = self.options.get("with_header", "").partition("=")
        if name and not (request.header(name) or "").startswith(begin) or name and name not in request.headers:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.left is not None:
            self.left -= 1
        self.acted += 1
        return True


def listed(table):
    def add(function):
        table[function.__name__] = function
        return function
    return add


def error(status, code, message="", headers=(), **more):
    elements = "".join(f"<{name}>{value}</{name}>" for name, value in {"Code": code, "Message": message, **more}.items())
    return Answer(status, [("Content-Type", "application/xml"), *headers],
                  f'<?xml version="1.0" encoding="UTF-8"?>\n<Error>{elements}</Error>'.encode())


# Instead of the operation.

@listed(REFUSE)
def refused(fault, service, request):
    """status, code, message: any refusal; act: what happens first."""
    fault.options.get("act", lambda: None)()
    return error(fault.options["status"], fault.options.get("code", ""), fault.options.get("message", ""))


@listed(REFUSE)
def slow_down(fault, service, request):
    seconds = fault.options.get("retry_after")
    headers = [] if seconds is None else [("Retry-After", str(seconds))]
    answer = error(503, "SlowDown", "Please reduce your request rate. " * fault.options.get("lines", 1), headers)
    answer.chunked = fault.options.get("chunked", False)
    return answer


@listed(REFUSE)
def internal_error(fault, service, request):
    return error(500, "InternalError", "We encountered an internal error. Please try again.")


@listed(REFUSE)
def bad_gateway(fault, service, request):
    """A page of some proxy's, no document of S3's."""
    return Answer(502, [("Content-Type", "text/html")], b"<html><head><title>502 Bad Gateway</title></head></html>")


@listed(REFUSE)
def page_not_found(fault, service, request):
    return Answer(404, [("Content-Type", "text/html")], b"<html><head><title>404 Not Found</title></head></html>")


@listed(REFUSE)
def login_page(fault, service, request):
    """200 OK from something that is no S3 at all."""
    return Answer(200, [("Content-Type", "text/html")], b"<html><body>Please log in</body></html>")


@listed(REFUSE)
def page_with_etag(fault, service, request):
    """A web server's page, which has an ETag as any file has."""
    return Answer(200, [("Content-Type", "text/plain"), ("ETag", '"5f1e-60a"')], b"Please log in")


@listed(REFUSE)
def early_success(fault, service, request):
    """Before the body was read; nothing is done."""
    answer = Answer(200, [("ETag", '"00112233445566778899aabbccddeeff"')])
    answer.early = True
    return answer


@listed(REFUSE)
def expired_token(fault, service, request):
    return error(400, "ExpiredToken", "The provided token has expired.")


@listed(REFUSE)
def accepted(fault, service, request):
    """202: it will be done, perhaps."""
    return Answer(202)


@listed(REFUSE)
def redirect(fault, service, request):
    """status, location, region: what it says."""
    headers = [(name, fault.options[option]) for name, option in (("Location", "location"), ("x-amz-bucket-region", "region"))
               if option in fault.options]
    code = "TemporaryRedirect" if fault.options["status"] == 307 else "PermanentRedirect"
    return error(fault.options["status"], code, "The bucket you are attempting to access must be addressed using the "
                                                "specified endpoint.", headers)


@listed(REFUSE)
def no_answer(fault, service, request):
    """ending: reset, close or stall, at once."""
    answer = Answer(0)
    answer.ending = fault.options.get("ending", "reset")
    return answer


@listed(REFUSE)
def secrets_told(fault, service, request):
    """Repeats what was signed, and with what, as some servers do where they debug."""
    told = " ".join([*service.secrets.values(), *service.tokens.values(), request.header("authorization", "")])
    return error(403, "SignatureDoesNotMatch", f"I know that you have {told}")


# Before the operation.

@listed(BEND)
def ignores(fault, service, request):
    """header: as if it had not been sent."""
    request.headers.pop(fault.options["header"], None)


@listed(BEND)
def names_folded(fault, service, request):
    """A gateway over a file system: keys are cleaned as paths are."""
    if request.key:
        names = []
        for name in request.key.split(b"/"):
            names = names[:-1] if name == b".." else names + [name] if name not in (b"", b".") else names
        request.key = b"/".join(names) + (b"/" if request.key.endswith(b"/") and names else b"")


@listed(BEND)
def names_changed(fault, service, request):
    """how: what the store makes of a key."""
    if request.key:
        request.key = fault.options["how"](request.key) or request.key


@listed(BEND)
def headers_dropped(fault, service, request):
    """names: of headers that are not kept."""
    for name in fault.options["names"]:
        request.headers.pop(name, None)


@listed(BEND)
def replaced(fault, service, request):
    """body: somebody writes another object in this very moment."""
    bucket = service.bucket(fault.options.get("bucket", request.bucket))
    key = key_bytes(fault.options.get("at_key", request.key))
    body = fault.options["body"]
    bucket.objects[key] = Object(body, make_etag(service.profile, bucket, body), service.now())


@listed(BEND)
def deleted(fault, service, request):
    service.bucket(request.bucket).objects.pop(request.key, None)


@listed(BEND)
def other_prefixes_denied(fault, service, request):
    """prefix: a policy allows to list what begins so, and nothing else: neither the bucket nor HeadBucket. None: no listing at all."""
    prefix = fault.options.get("prefix")
    if not request.key and (prefix is None or not request.query.get("prefix", "").startswith(prefix)):
        raise Refused(403, "AccessDenied", "Access Denied")


@listed(BEND)
def encoding_refused(fault, service, request):
    """Listings that ask for encoded keys are not implemented."""
    if "encoding-type" in request.query:
        raise Refused(501, "NotImplemented", "A parameter you provided implies functionality that is not implemented")


@listed(BEND)
def uploads_lost(fault, service, request):
    """The upload is gone: somebody aborted it, or a lifecycle rule did."""
    service.bucket(request.bucket).uploads.clear()


@listed(BEND)
def parts_kept_from(fault, service, request):
    """A part that was uploaded is not there any more."""
    for upload in service.bucket(request.bucket).uploads.values():
        upload.parts.popitem()


@listed(BEND)
def lists_the_bucket(fault, service, request):
    """A server that does not know the parameter: it lists the objects."""
    request.operation, request.query = "ListObjects", {}


# After it was done.

@listed(SPOIL)
def lost_answer(fault, service, request, answer):
    """It was done, but who asked does not learn of it. as_: reset, close, stall; or a status, whose code is InternalError"""
    how = fault.options.get("as_", "reset")
    if isinstance(how, int):
        return error(how, "InternalError", "We encountered an internal error. Please try again.")
    lost = Answer(0)
    lost.ending = how
    return lost


@listed(SPOIL)
def error_within_200(fault, service, request, answer):
    """code; behind white space that kept the connection alive. Whether it was done is another question: see undone."""
    wrong = error(200, fault.options.get("code", "InternalError"), "We encountered an internal error. Please try again.")
    wrong.body = b" \r\n" * 100 + wrong.body
    wrong.chunked = True
    return wrong


@listed(SPOIL)
def white_space_only(fault, service, request, answer):
    """It kept the connection alive, and then nothing came."""
    answer.body, answer.chunked = b" \r\n" * 100, True


@listed(SPOIL)
def truncated(fault, service, request, answer):
    """at: bytes of the body that come, as if the rest did too; ending: close, reset or stall."""
    answer.cut_after, answer.ending = fault.options.get("at", len(answer.body) // 2), fault.options.get("ending", "close")


@listed(SPOIL)
def shortened(fault, service, request, answer):
    """at: the answer ends there and says so: Content-Length is right, what it holds is not whole."""
    answer.body = answer.body[:fault.options.get("at", len(answer.body) // 2)]


@listed(SPOIL)
def altered(fault, service, request, answer):
    """at: one bit of this byte of the body is turned over."""
    at = fault.options.get("at", 0)
    if len(answer.body) > at:
        answer.body = answer.body[:at] + bytes([answer.body[at] ^ 1]) + answer.body[at + 1:]


@listed(SPOIL)
def too_long(fault, service, request, answer):
    """More bytes follow than were announced."""
    answer.length = len(answer.body)
    answer.body += b"and these bytes, which nobody asked for"


@listed(SPOIL)
def header(fault, service, request, answer):
    """name, value: another one, or none where the value is None; status too, if given."""
    answer.set(fault.options["name"], fault.options["value"])
    answer.status = fault.options.get("status", answer.status)


@listed(SPOIL)
def rewritten(fault, service, request, answer):
    """pattern, text: what matches in the body is this instead (re.sub)."""
    answer.body = re.sub(fault.options["pattern"].encode(), fault.options["text"].encode(), answer.body)


@listed(SPOIL)
def upper_etags(fault, service, request, answer):
    answer.headers = [(name, value.upper() if name == "ETag" else value) for name, value in answer.headers]
    answer.body = re.sub(rb"[0-9a-f]{32}", lambda match: match[0].upper(), answer.body) if answer.body[:1] == b"<" else answer.body


@listed(SPOIL)
def coded_etags(fault, service, request, answer):
    """As web servers mark what they may compress."""
    answer.headers = [(name, value[:-1] + '-gzip"' if name == "ETag" else value) for name, value in answer.headers]


@listed(SPOIL)
def bare_status(fault, service, request, answer):
    """A status line without a reason, and without the space before it."""
    answer.reason = ""


@listed(SPOIL)
def another_etag(fault, service, request, answer):
    """One that looks like an MD5 and is none."""
    answer.set("ETag", '"00112233445566778899aabbccddeeff"')


@listed(SPOIL)
def entries_hidden(fault, service, request, answer):
    """prefix: a listing of exactly this prefix shows nothing."""
    if request.query.get("prefix") == fault.options["prefix"]:
        answer.body = re.sub(b"<Contents>.*?</Contents>", b"", answer.body, flags=re.DOTALL)


@listed(SPOIL)
def entries_left_out(fault, service, request, answer):
    """keys: a listing does not show these, whatever prefix it is of."""
    for key in fault.options["keys"]:
        answer.body = re.sub(rb"<Contents><Key>%s</Key>.*?</Contents>" % re.escape(key.encode()), b"", answer.body)


@listed(SPOIL)
def dropped(fault, service, request, answer):
    """What was written is gone, and the answer says nothing of it."""
    service.bucket(request.bucket).objects.pop(request.key, None)


@listed(SPOIL)
def entries_without(fault, service, request, answer):
    """elements: what a listing's entries lack; of: only of the keys that end so."""
    def cut(match):
        entry = match[0]
        if not entry.partition(b"<Key>")[2].partition(b"</Key>")[0].endswith(fault.options.get("of", "").encode()):
            return entry
        for name in fault.options["elements"]:
            entry = re.sub(b"<%s>.*?</%s>" % (name.encode(), name.encode()), b"", entry)
        return entry
    answer.body = re.sub(b"<Contents>.*?</Contents>", cut, answer.body, flags=re.DOTALL)


@listed(BEND)
def meanwhile(fault, service, request):
    """act: a function that is called when the request comes."""
    fault.options["act"]()


@listed(SPOIL)
def huge_headers(fault, service, request, answer):
    """size: bytes of headers more."""
    size = fault.options.get("size", 1 << 17)
    answer.headers += [(f"x-amz-meta-{number}", "h" * 1000) for number in range(size // 1000)]


@listed(SPOIL)
def closed_unsaid(fault, service, request, answer):
    """The connection is closed behind an answer that says keep-alive."""
    answer.close = True


@listed(SPOIL)
def date_off(fault, service, request, answer):
    """seconds: how far Date is from the truth."""
    now = service.now() + datetime.timedelta(seconds=fault.options["seconds"])
    answer.set("Date", now.strftime("%a, %d %b %Y %H:%M:%S GMT"))


@listed(SPOIL)
def not_chunked(fault, service, request, answer):
    answer.chunked = False


@listed(SPOIL)
def chunked(fault, service, request, answer):
    answer.chunked = True


@listed(SPOIL)
def empty_document(fault, service, request, answer):
    """A listing without an entry, well-formed, that says neither that it is truncated nor that it is not."""
    answer.body = document("ListBucketResult")
