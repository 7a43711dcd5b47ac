"""A fake S3, stricter than real ones: refuses what S3 refuses and what it only documents, and does wrong on demand."""
import datetime
import itertools
import threading

from . import faults, listing, multipart, objects
from .http_server import Answer, HttpServer
from .profiles import PROFILES
from .signature import Refused, check_signature, decode_chunks, sha256
from .storage import Bucket, Object, key_bytes, make_etag
from .xml import document, element

REQUESTS_MAX = 100_000  # that are remembered

# Parameters and x-amz- headers that an operation knows; all others are refused.
SIGNED = {"x-amz-content-sha256", "x-amz-date", "x-amz-security-token", "x-amz-request-payer", "x-amz-expected-bucket-owner"}
WRITTEN = {"x-amz-storage-class", "x-amz-acl", "x-amz-tagging", "x-amz-website-redirect-location",
           "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id"}
BODY = {"x-amz-decoded-content-length", "x-amz-trailer", "x-amz-sdk-checksum-algorithm"}
CONDITIONAL_SOURCE = {"x-amz-copy-source", "x-amz-copy-source-if-match", "x-amz-copy-source-range"}
OPERATIONS = {
    # name: (function, parameters, x-amz- headers besides those of every request)
    "PutObject": (objects.put_object, set(), WRITTEN | BODY),
    "CopyObject": (objects.copy_object, set(), WRITTEN | CONDITIONAL_SOURCE | {
        "x-amz-metadata-directive", "x-amz-tagging-directive", "x-amz-checksum-algorithm"}),
    "GetObject": (objects.get_object, {"versionId", "partNumber"}, {"x-amz-checksum-mode"}),
    "HeadObject": (objects.get_object, {"versionId", "partNumber"}, {"x-amz-checksum-mode"}),
    "RestoreObject": (objects.restore_object, {"restore", "versionId"}, set()),
    "DeleteObject": (objects.delete_object, {"versionId"}, set()),
    "DeleteObjects": (objects.delete_objects, {"delete"}, {"x-amz-sdk-checksum-algorithm"}),
    "ListObjects": (listing.list_objects, None, set()),
    "ListObjectsV2": (listing.list_objects, None, set()),
    "CreateMultipartUpload": (multipart.create_upload, {"uploads"}, WRITTEN | {"x-amz-checksum-algorithm",
                                                                               "x-amz-checksum-type"}),
    "UploadPart": (multipart.upload_part, {"partNumber", "uploadId"}, BODY),
    "UploadPartCopy": (multipart.upload_part_copy, {"partNumber", "uploadId"}, CONDITIONAL_SOURCE),
    "CompleteMultipartUpload": (multipart.complete_upload, {"uploadId"}, {"x-amz-checksum-type", "x-amz-mp-object-size"}),
    "AbortMultipartUpload": (multipart.abort_upload, {"uploadId"}, set()),
    "ListMultipartUploads": (multipart.list_uploads, {"uploads", "prefix", "encoding-type", "max-uploads", "key-marker",
                                                      "upload-id-marker"}, set()),
    "ListParts": (multipart.list_parts, {"uploadId", "max-parts", "part-number-marker"}, set()),
}


def classify(request):
    """S3 tells its operations apart by method and query."""
    query, method = request.query, request.method
    if not request.bucket:
        return "ListBuckets" if method == "GET" else "Unknown"
    if not request.key:
        if method == "GET":
            if "uploads" in query:
                return "ListMultipartUploads"
            if "location" in query or "versioning" in query or "object-lock" in query:
                return "GetSubresource"
            return "ListObjectsV2" if query.get("list-type") == "2" else "ListObjects"
        if method == "POST" and "delete" in query:
            return "DeleteObjects"
        return {"HEAD": "HeadBucket", "PUT": "CreateBucket"}.get(method, "Unknown") if not query else "Unknown"
    copies = "x-amz-copy-source" in request.headers
    if "uploadId" in query:
        return {"PUT": "UploadPartCopy" if copies else "UploadPart", "GET": "ListParts", "POST": "CompleteMultipartUpload",
                "DELETE": "AbortMultipartUpload"}.get(method, "Unknown")
    if "tagging" in query:
        return {"GET": "GetObjectTagging", "PUT": "PutObjectTagging"}.get(method, "Unknown")
    if method == "POST":
        return "CreateMultipartUpload" if "uploads" in query else "RestoreObject" if "restore" in query else "Unknown"
    return {"PUT": "CopyObject" if copies else "PutObject", "GET": "GetObject", "HEAD": "HeadObject",
            "DELETE": "DeleteObject"}.get(method, "Unknown")


class FakeS3:
    def __init__(self, profile="aws", port=0, hosts=(), certificate=None):
        """hosts: names under which it is asked as somebody's HTTP proxy, and under which buckets have names of their own;
        certificate: files of a certificate and its key, for TLS."""
        self.profile = PROFILES[profile]
        self.secrets, self.tokens = {"TESTACCESSKEY": "testsecretkey"}, {}
        self.buckets, self.faults, self.requests = {}, [], []
        self.clock_offset = datetime.timedelta()
        self.page_keys_max = listing.KEYS_MAX
        self.base_path = b""    # what all paths begin with
        self.restore_looks = 1  # HEADs until what was asked for can be read
        self.on_request = None  # called with each head, side by side with others
        self.lock = threading.RLock()
        self.serial = itertools.count(1)
        self.certificate = certificate
        self.http = HttpServer(self, port, certificate)
        self.endpoint = f"http{'s' if certificate else ''}://127.0.0.1:{self.http.port}"
        self.hosts = (*hosts, f"127.0.0.1:{self.http.port}")

    def stop(self):
        self.http.stop()

    # For tests.

    def go_away(self):
        """Nobody listens any more, and what is connected is cut off; the buckets stay."""
        self.http.stop()

    def come_back(self):
        """On the same port."""
        self.http = HttpServer(self, self.http.port, self.certificate)

    def fail(self, fault, operation="", **options):
        """See faults.py. The Fault tells in `acted` how often it was done."""
        added = faults.Fault(fault, operation, **options)
        with self.lock:
            self.faults.append(added)
        return added

    def heal(self):
        with self.lock:
            self.faults.clear()

    def now(self):
        return datetime.datetime.now(datetime.timezone.utc) + self.clock_offset

    def add_bucket(self, name, **settings):
        self.buckets[name] = Bucket(**settings)
        return self.buckets[name]

    def add_object(self, bucket, key, body, age_seconds=3600, headers=None, **more):
        """As somebody wrote it that long ago."""
        holder = self.buckets[bucket]
        made = Object(body, more.pop("etag", None) or make_etag(self.profile, holder, body),
                      self.now() - datetime.timedelta(seconds=age_seconds), dict(headers or {}), **more)
        holder.objects[key_bytes(key)] = made
        return made

    def bodies(self, bucket):
        """{key: body} of all that is there, keys that are UTF-8 as text."""
        with self.lock:
            return {key.decode("utf-8", "surrogateescape"): found.body for key, found in self.buckets[bucket].objects.items()}

    def count(self, operation, key=None):
        """Requests of that operation, those that were refused too."""
        with self.lock:
            return sum(1 for request in self.requests
                       if request.operation == operation and key in (None, request.key.decode("utf-8", "surrogateescape")))

    # For HttpServer.

    def admit(self, request):
        """Looks at a head; an Answer where there is no need of the body."""
        if self.on_request:
            self.on_request(request)
        with self.lock:
            return self.finish(request, self.check_head(request))

    def handle(self, request):
        with self.lock:
            answer = self.finish(request, self.do(request))
            request.body = b""  # requests are remembered, bodies are not
            return answer

    def check_head(self, request):
        self.locate(request)
        request.operation = classify(request)
        if len(self.requests) < REQUESTS_MAX:
            self.requests.append(request)
        request.faults = [fault for fault in self.faults if fault.takes(request)]
        for fault in request.faults:
            if fault.name in faults.REFUSE and not fault.options.get("with_body"):
                return faults.REFUSE[fault.name](fault, self, request)
        try:
            self.check_place(request)
            self.authenticate(request)
            self.check_form(request)
        except Refused as refused:
            return self.refuse(request, refused)
        return None

    def locate(self, request):
        host = request.header("host", "")
        path = request.path[1:]
        if self.base_path and path.startswith(self.base_path + b"/"):
            path = path[len(self.base_path) + 1:]
        suffix = next(("." + name for name in self.hosts if host.endswith("." + name)), None)
        if suffix:
            request.bucket, request.key, request.in_path = host.removesuffix(suffix), path, False
        else:
            bucket, _, request.key = path.partition(b"/")
            request.bucket, request.in_path = bucket.decode("utf-8", "replace"), True

    def check_place(self, request):
        """A bucket that is served under another name sends everybody there, signed as they may be."""
        found = self.buckets.get(request.bucket)
        if found and found.host and not request.header("host").endswith(found.host):
            raise Refused(301, "PermanentRedirect", "The bucket must be addressed using the specified endpoint.",
                          location=f"http://{request.bucket}.{found.host}/{request.target.lstrip('/')}", region=found.region)

    def authenticate(self, request):
        request.signer = None
        found = self.buckets.get(request.bucket)
        if "authorization" not in request.headers:
            if not (found and found.public and request.method in ("GET", "HEAD")):
                raise Refused(403, "AccessDenied", "Access Denied")
            return
        region = found.region if found else "us-east-1"
        request.signer = check_signature(request, self.secrets, self.tokens, region, self.now())

    def check_form(self, request):
        headers = request.headers
        if self.profile.virtual_host_only and request.in_path and request.bucket:
            raise Refused(403, "SecondLevelDomainForbidden", "Please use virtual hosted style to access.")
        if len(request.key) > objects.KEY_BYTES_MAX:
            raise Refused(400, "KeyTooLongError", "Your key is too long")
        if request.method in ("PUT", "POST") and "content-length" not in headers:
            raise Refused(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
        known = OPERATIONS.get(request.operation)
        if known:
            _, parameters, known_headers = known
            strange = set(request.query) - parameters if parameters is not None else ()
            if strange:
                raise Refused(400, "InvalidArgument", f"{request.operation} has no parameter {sorted(strange)}")
            for name in headers:
                if name.startswith(("x-amz-meta-", "x-amz-checksum-", "x-amz-grant-", "x-amz-object-lock-")):
                    continue
                if name.startswith("x-amz-") and name not in SIGNED | known_headers:
                    raise Refused(400, "InvalidArgument", f"{request.operation} has no header {name}")
        payload = headers.get("x-amz-content-sha256", "")
        if payload.startswith("STREAMING-") or "x-amz-trailer" in headers:
            if self.profile.chunk_signing == "501":
                raise Refused(501, "NotImplemented", "A header you provided implies functionality that is not implemented")
            if not self.profile.stores_aws_chunked and "aws-chunked" not in headers.get("content-encoding", ""):
                raise Refused(400, "InvalidRequest", "a body in chunks must say Content-Encoding: aws-chunked")
        checksum = [name for name in headers if name.startswith(("x-amz-checksum-", "x-amz-sdk-checksum-"))
                    and name != "x-amz-checksum-mode"]
        if checksum and self.profile.checksums == "501":
            raise Refused(501, "NotImplemented", f"A header you provided implies functionality that is not implemented: {checksum[0]}")
        found = self.buckets.get(request.bucket)
        if found and found.demands_signed_payloads and payload == "UNSIGNED-PAYLOAD":
            raise Refused(403, "AccessDenied", "Access Denied")

    def bucket(self, name):
        if name not in self.buckets:
            raise Refused(404, "NoSuchBucket", "The specified bucket does not exist")
        return self.buckets[name]

    def read_payload(self, request):
        """Takes chunks off the body and checks it against what is stated of it."""
        payload = request.header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
        trailers = {}
        if payload.startswith("STREAMING-") and any(fault.name == "framing_kept" for fault in request.faults):
            pass  # a server that does not know chunks takes them for the object
        elif payload.startswith("STREAMING-"):
            signer = request.signer if payload.startswith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD") else None
            request.body, trailers = decode_chunks(request.body, signer, request.header("x-amz-decoded-content-length"),
                                                   request.header("x-amz-trailer"))
            request.headers.update(trailers)
        elif payload != "UNSIGNED-PAYLOAD" and payload != sha256(request.body):
            raise Refused(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what "
                                                            "was computed.")
        request.checksums = objects.digests_of(request, self.profile)

    def do(self, request):
        for fault in request.faults:
            if fault.name in faults.REFUSE:
                return faults.REFUSE[fault.name](fault, self, request)
        before = dict(self.buckets[request.bucket].objects) if request.bucket in self.buckets else {}
        uploads = dict(self.buckets[request.bucket].uploads) if request.bucket in self.buckets else {}
        try:
            self.read_payload(request)
            for fault in request.faults:
                if fault.name in faults.BEND:
                    faults.BEND[fault.name](fault, self, request)
                if fault.name in faults.CONSULTED:
                    request.wrongs[fault.name] = fault
            answer = self.operate(request)
        except Refused as refused:
            answer = self.refuse(request, refused)
        for fault in request.faults:
            if fault.name in faults.SPOIL:
                answer = faults.SPOIL[fault.name](fault, self, request, answer) or answer
            if fault.options.get("undone"):  # the operation is taken back: what was said of it is all that there is
                self.buckets[request.bucket].objects, self.buckets[request.bucket].uploads = before, uploads
        return answer

    def operate(self, request):
        if request.operation in OPERATIONS:
            return OPERATIONS[request.operation][0](self, request, self.bucket(request.bucket))
        if request.operation == "ListBuckets":
            return listing.list_buckets(self, request)
        if request.operation == "HeadBucket":
            return Answer(200, [("x-amz-bucket-region", self.bucket(request.bucket).region)])
        if request.operation == "CreateBucket":
            if request.bucket in self.buckets:
                raise Refused(409, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded")
            self.add_bucket(request.bucket)
            return Answer(200, [("Location", f"/{request.bucket}")])
        if request.operation == "GetObjectTagging":
            found = self.bucket(request.bucket).objects.get(request.key)
            if found is None:
                raise Refused(404, "NoSuchKey", "The specified key does not exist.")
            tags = [element("Tag", element("Key", name), element("Value", value)) for name, value in found.tags.items()]
            return Answer(200, multipart.XML, document("Tagging", element("TagSet", *tags)))
        raise Refused(501, "NotImplemented", f"this server has no {request.method} of that kind")

    def refuse(self, request, refused):
        more = {"Resource": request.raw_path.replace("&", "&amp;")}
        headers = []
        if "region" in refused.more:
            more["Region"] = refused.more["region"]
            headers.append(("x-amz-bucket-region", refused.more["region"]))
        if "location" in refused.more:
            headers.append(("Location", refused.more["location"]))
        message = "" if self.profile.silent_errors else refused.message
        message = message.replace("&", "&amp;").replace("<", "&lt;")
        return faults.error(refused.status, refused.code, message, headers, **more)

    def finish(self, request, answer):
        if answer is None:
            return None
        names = {name.lower() for name, _ in answer.headers}
        if "date" not in names:
            answer.set("Date", self.now().strftime("%a, %d %b %Y %H:%M:%S GMT"))
        answer.set("x-amz-request-id", f"{self.profile.request_id}{next(self.serial):08}")
        answer.headers += self.profile.headers
        request.status = answer.status
        return answer
