"""What a fake S3 holds, in memory."""
import base64
import dataclasses
import datetime
import hashlib
import itertools

from .checksums import CHECKSUMS

USER_METADATA_BYTES_MAX = 2048
KEPT = ("content-type", "content-encoding", "content-language", "content-disposition", "cache-control", "expires",
        "x-amz-website-redirect-location", "x-amz-storage-class")
serial = itertools.count(1)


def key_bytes(key):
    return key if isinstance(key, bytes) else key.encode("utf-8", "surrogateescape")


@dataclasses.dataclass
class Object:
    body: bytes
    etag: str
    modified: datetime.datetime
    headers: dict = dataclasses.field(default_factory=dict)   # as they came, of KEPT and x-amz-meta-
    checksums: dict = dataclasses.field(default_factory=dict)  # algorithm: base64, with -N where it is composite
    checksum_type: str = "FULL_OBJECT"
    tags: dict = dataclasses.field(default_factory=dict)
    parts: list = dataclasses.field(default_factory=list)      # sizes
    restore_looks: int | None = None  # of an archived one that was asked for: so many HEADs until it can be read

    def add_checksum(self, algorithm):
        self.checksums[algorithm] = base64.b64encode(CHECKSUMS[algorithm](self.body)).decode()


@dataclasses.dataclass
class Part:
    body: bytes
    etag: str
    checksums: dict
    modified: datetime.datetime


@dataclasses.dataclass
class Upload:
    key: bytes
    headers: dict
    tags: dict
    algorithm: str = ""       # of checksums, upper case
    checksum_type: str = ""
    parts: dict = dataclasses.field(default_factory=dict)  # number: Part


@dataclasses.dataclass
class Bucket:
    region: str = "us-east-1"
    encryption: str = ""          # aws:kms: ETags are no MD5s
    locked: bool = False          # object lock: PUTs must state a digest
    owner_enforced: bool = False  # ACLs are refused
    demands_signed_payloads: bool = False
    public: bool = False          # readable without a signature
    host: str = ""                # where it is served, if not here: requests are redirected
    objects: dict = dataclasses.field(default_factory=dict)  # key in bytes: Object
    uploads: dict = dataclasses.field(default_factory=dict)  # id: Upload


def make_etag(profile, bucket, body):
    if profile.etag == "md5" and bucket.encryption != "aws:kms":
        return hashlib.md5(body).hexdigest()
    # Looks like an MD5 and is none: KMS's do.
    return hashlib.md5(b"%d" % next(serial) + body).hexdigest()


def make_multipart_etag(profile, bucket, parts):
    if profile.multipart_etag == "md5s" and bucket.encryption != "aws:kms":
        digest = hashlib.md5(b"".join(hashlib.md5(part.body).digest() for part in parts))
    else:
        digest = hashlib.md5(b"%d" % next(serial))
    return f"{digest.hexdigest()}-{len(parts)}"
