"""What each vendor's S3 does, as data. Where vendors differ among themselves, the stricter one is meant."""
import dataclasses

MIB = 1 << 20


@dataclasses.dataclass(frozen=True)
class Profile:
    name: str
    known: bool = True                   # a vendor that dth has a profile of
    headers: tuple = ()                  # of every answer
    request_id: str = "FAKE"             # what x-amz-request-id begins with
    virtual_host_only: bool = False      # a bucket in the path is refused
    list_v2: str = "yes"                 # yes; 400 or 501: refused; version_1: answered as if version 1 were asked for
    chunk_signing: str = "yes"           # STREAMING-...: yes; 501
    stores_aws_chunked: bool = False     # Content-Encoding: aws-chunked becomes the object's
    checksums: str = "enforced"          # x-amz-checksum-*: enforced; ignored; 501
    content_md5: str = "enforced"        # or ignored
    conditional_put: str = "yes"         # yes; ignored; 501
    conditional_complete: str = "yes"
    quoted_if_match: bool = True         # of a write; False: only the bare ETag matches
    etag: str = "md5"                    # of single PUTs; or opaque
    multipart_etag: str = "md5s"         # md5 of md5s-N; opaque
    complete_tells_etag: bool = True
    equal_parts: bool = False
    part_size_min: int = 5 * MIB
    order: str = "bytes"                 # of listings; utf16; folded (case); folders (an entry's folder ends with a slash)
    encodes_keys: str = "told"           # encoding-type=url: told; silently; ignored; untruly: told and not done
    transcodes_gzip: bool = False        # unless Accept-Encoding: gzip
    silent_errors: bool = False          # <Message> is empty
    copies: bool = True                  # x-amz-copy-source
    metadata: str = "ascii"              # what user metadata that is not ASCII is: refused; encoded (RFC 2047); raw


PROFILES = {profile.name: profile for profile in (
    Profile("aws", headers=(("Server", "AmazonS3"),), metadata="encoded"),
    Profile("r2", headers=(("Server", "cloudflare"),), chunk_signing="501", checksums="ignored",
            conditional_complete="ignored", multipart_etag="opaque", equal_parts=True),
    Profile("aliyun", headers=(("Server", "AliyunOSS"),), virtual_host_only=True, chunk_signing="501", checksums="501",
            conditional_put="ignored", conditional_complete="ignored", multipart_etag="opaque", part_size_min=100 * 1024),
    Profile("tencent", headers=(("Server", "tencent-cos"),), virtual_host_only=True, chunk_signing="501", checksums="501",
            conditional_put="501", conditional_complete="501", multipart_etag="opaque", part_size_min=MIB),
    Profile("google", headers=(("Server", "UploadServer"),), chunk_signing="501", checksums="ignored",
            conditional_put="ignored", conditional_complete="ignored", multipart_etag="opaque", transcodes_gzip=True),
    Profile("ceph", request_id="tx00000fake", checksums="ignored", conditional_complete="ignored", quoted_if_match=False,
            stores_aws_chunked=True, complete_tells_etag=False, silent_errors=True, metadata="raw"),
    # A server that nobody knows and that promises nothing.
    Profile("plain", known=False, list_v2="501", chunk_signing="501", checksums="501", content_md5="ignored", conditional_put="501",
            conditional_complete="501", etag="opaque", multipart_etag="opaque", encodes_keys="ignored", copies=False),
    # A server that nobody knows and that does all that is asked of it.
    Profile("gateway", known=False, checksums="ignored", part_size_min=MIB, copies=False, metadata="raw"),
)}
