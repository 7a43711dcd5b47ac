"""AWS Signature Version 4 and payloads in signed chunks, checked without mercy."""
import base64
import binascii
import datetime
import hashlib
import hmac
import re
import urllib.parse

from .checksums import CHECKSUMS

EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()
AUTHORIZATION = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/ ]+)/(\d{8}/([^/ ]+)/s3/aws4_request), ?"
                           r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})")
CHUNK_HEAD = re.compile(rb"([0-9a-f]+)(?:;chunk-signature=([0-9a-f]{64}))?\r\n", re.I)
SKEW_SECONDS_MAX = 15 * 60


class Refused(Exception):
    """S3's way to say no."""

    def __init__(self, status, code, message, **more):
        super().__init__(message)
        self.status, self.code, self.message, self.more = status, code, message, more


def encode(data, safe=""):
    return urllib.parse.quote(data, safe=safe + "-_.~")


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Signer:
    """What a request's signature leads to: the key and the seed of its chunks."""

    def __init__(self, key, time, scope, seed):
        self.key, self.time, self.scope, self.previous = key, time, scope, seed

    def next(self, kind, *digests):
        text = "\n".join([kind, self.time, self.scope, self.previous, *digests])
        self.previous = hmac.new(self.key, text.encode(), "sha256").hexdigest()
        return self.previous


def check_signature(request, secrets, tokens, region, now):
    """The Signer of a request that is signed as it should be; raises Refused of all others."""
    match = AUTHORIZATION.fullmatch(request.header("authorization", ""))
    if not match:
        raise Refused(400, "AuthorizationHeaderMalformed", "the authorization header is malformed")
    access_key, scope, signed_region, signed, signature = match.groups()
    if access_key not in secrets:
        raise Refused(403, "InvalidAccessKeyId", "no such access key id")
    if signed_region != region:
        raise Refused(400, "AuthorizationHeaderMalformed", f"the region '{signed_region}' is wrong; expecting '{region}'",
                      region=region)
    time = request.header("x-amz-date", "")
    try:
        sent = datetime.datetime.strptime(time, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    except ValueError:
        raise Refused(403, "AccessDenied", "x-amz-date is missing or malformed") from None
    if abs((sent - now).total_seconds()) > SKEW_SECONDS_MAX:
        raise Refused(403, "RequestTimeTooSkewed", "the request's time is too far from the server's")
    if not scope.startswith(time[:8]):
        raise Refused(403, "SignatureDoesNotMatch", "the credential's day is not that of x-amz-date")
    if request.header("x-amz-security-token", "") != tokens.get(access_key, ""):
        raise Refused(403, "InvalidToken", "the session token is not that of the access key")
    payload = request.header("x-amz-content-sha256", "")
    names = signed.split(";")
    if names != sorted(set(names)):
        raise Refused(403, "SignatureDoesNotMatch", "SignedHeaders is not sorted")
    for name in request.headers:
        if (name in ("host", "content-md5") or name.startswith("x-amz-")) and name not in names:
            raise Refused(403, "AccessDenied", f"there were headers present in the request which were not signed: {name}")
    if any(name not in request.headers for name in names):
        raise Refused(403, "SignatureDoesNotMatch", "a signed header is missing")
    # Proxies change these on the way; Google's servers do.
    if "accept-encoding" in names or "expect" in names or "user-agent" in names:
        raise Refused(403, "SignatureDoesNotMatch", "a header that changes on the way is signed")
    query = "&".join(sorted(f"{encode(name)}={encode(value.encode('utf-8', 'surrogateescape'))}"
                            for name, value in request.query.items()))
    headers = "".join(f"{name}:{' '.join(request.headers[name].split())}\n" for name in names)
    canonical = "\n".join([request.method, encode(request.path, "/"), query, headers, signed, payload])
    key = ("AWS4" + secrets[access_key]).encode()
    for word in scope.split("/"):
        key = hmac.digest(key, word.encode(), "sha256")
    text = "\n".join(["AWS4-HMAC-SHA256", time, scope, sha256(canonical.encode("latin-1"))])
    if not hmac.compare_digest(hmac.new(key, text.encode(), "sha256").hexdigest(), signature):
        raise Refused(403, "SignatureDoesNotMatch", f"the canonical request should be {canonical!r}")
    return Signer(key, time, scope, signature)


def decode_chunks(data, signer, decoded_size, trailer_name):
    """(bytes, {trailer: value}) of an aws-chunked body; signer: None where the chunks are not signed."""
    decoded, at = b"", 0
    while True:
        head = CHUNK_HEAD.match(data, at)
        if not head or (signer is not None) != (head[2] is not None):
            raise Refused(400, "InvalidRequest", "a chunk's head is malformed")
        at, size = head.end(), int(head[1], 16)
        chunk, at = data[at:at + size], at + size
        if signer and signer.next("AWS4-HMAC-SHA256-PAYLOAD", EMPTY_SHA256, sha256(chunk)) != head[2].decode():
            raise Refused(403, "SignatureDoesNotMatch", "a chunk's signature is wrong")
        if not size:
            break
        if data[at:at + 2] != b"\r\n":
            raise Refused(400, "IncompleteBody", "a chunk has no end")
        decoded, at = decoded + chunk, at + 2
    trailers, covered = {}, ""
    for line in data[at:].decode("latin-1").split("\r\n"):
        name, colon, value = line.partition(":")
        if not colon:
            continue
        trailers[name.lower()] = value.strip()
        if name.lower() != "x-amz-trailer-signature":
            covered += f"{name.lower()}:{value.strip()}\n"
    if (trailer_name or "") not in (*trailers, ""):
        raise Refused(400, "MalformedTrailerError", "the trailer that x-amz-trailer names is missing")
    if signer and trailer_name:
        signature = signer.next("AWS4-HMAC-SHA256-TRAILER", sha256(covered.encode()))
        if signature != trailers.pop("x-amz-trailer-signature", None):
            raise Refused(403, "SignatureDoesNotMatch", "the trailer's signature is wrong")
    if str(len(decoded)) != decoded_size:
        raise Refused(400, "IncompleteBody", "x-amz-decoded-content-length is not that of the chunks")
    return decoded, trailers


def check_digests(body, headers, profile):
    """Content-MD5 and x-amz-checksum-*, trailers among the headers. Returns {algorithm: base64} of those stated."""
    if "content-md5" in headers and profile.content_md5 == "enforced":
        try:
            stated = base64.b64decode(headers["content-md5"], validate=True)
        except binascii.Error:
            stated = b""
        if len(stated) != 16:
            raise Refused(400, "InvalidDigest", "Content-MD5 is not the base64 of an MD5")
        if stated != hashlib.md5(body).digest():
            raise Refused(400, "BadDigest", "Content-MD5 is not that of the body")
    found = {name.removeprefix("x-amz-checksum-"): value for name, value in headers.items()
             if name.startswith("x-amz-checksum-")}
    found = {name: value for name, value in found.items() if name not in ("mode", "type", "algorithm")}
    if len(found) > 1:
        raise Refused(400, "InvalidRequest", "expecting a single x-amz-checksum- header")
    for name, value in found.items():
        if name not in CHECKSUMS:
            raise Refused(400, "InvalidRequest", f"no such checksum: {name}")
        if profile.checksums == "enforced" and base64.b64encode(CHECKSUMS[name](body)).decode() != value:
            raise Refused(400, "BadDigest", f"the {name} you specified did not match the calculated checksum")
    return found if profile.checksums == "enforced" else {}
