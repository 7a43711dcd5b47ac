#!/usr/bin/env python3
"""Fills a bucket for demonstrations and tests: awkward keys, empty objects, many small ones, a very large one.

usage: make_objects.py ENDPOINT BUCKET [--count N] [--large-bytes N] [--only-bucket]
Keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (TESTACCESSKEY, testsecretkey). Python's own library only.
"""
import argparse
import concurrent.futures
import datetime
import hashlib
import hmac
import http.client
import os
import random
import re
import threading
import urllib.parse

PART_BYTES = 64 << 20
AWKWARD_KEYS = [
    ".", "..", "a/./b", "a/../c", "a", "a/b", "a//b", "a/", "dir/", "dir/.hidden", "/leading", "//two-leading", "plus+sign", "per%cent", "per%2Fcent",
    "with space", "two  spaces", " leading space", "trailing space ", "amp&ersand", 'quo"te', "apo'strophe", "less<greater>",
    "back\\slash", "new\nline", "carriage\rreturn", "tab\tstop", "control\x01\x1f", "equals=question?", "hash#tag", "semi;colon,comma",
    "star*", "tilde~", "pipe|", "brackets[]{}()", "emoji-\U0001f600", "nfc-\u00e9", "nfd-e\u0301", "Case", "case",
    "kanji-\u6f22\u5b57", "zero-width-\u200b", "x" * 1024, "deep/" * 100 + "leaf",
]


class Client:
    """S3 requests signed with AWS Signature Version 4, one connection per thread."""

    def __init__(self, endpoint):
        self.host = urllib.parse.urlsplit(endpoint).netloc
        self.access = os.environ.get("AWS_ACCESS_KEY_ID", "TESTACCESSKEY")
        self.secret = os.environ.get("AWS_SECRET_ACCESS_KEY", "testsecretkey")
        self.local = threading.local()

    def request(self, method, path, query="", body=b"", headers=None):
        """path: /bucket/key, not encoded; query: encoded and sorted. Returns (headers, body); raises on a failure."""
        path = urllib.parse.quote(path, safe="/-_.~")
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{now[:8]}/us-east-1/s3/aws4_request"
        payload = hashlib.sha256(body).hexdigest()
        sent = {"host": self.host, "x-amz-content-sha256": payload, "x-amz-date": now}
        sent.update({name.lower(): value for name, value in (headers or {}).items()})
        names = ";".join(sorted(sent))
        canonical = "\n".join([method, path, query, *(f"{name}:{sent[name]}" for name in sorted(sent)), "", names, payload])
        key = ("AWS4" + self.secret).encode()
        for word in scope.split("/"):
            key = hmac.digest(key, word.encode(), "sha256")
        to_sign = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        signature = hmac.new(key, to_sign.encode(), "sha256").hexdigest()
        sent["authorization"] = f"AWS4-HMAC-SHA256 Credential={self.access}/{scope}, SignedHeaders={names}, Signature={signature}"
        if not hasattr(self.local, "connection"):
            self.local.connection = http.client.HTTPConnection(self.host, timeout=60)
        connection = self.local.connection
        connection.request(method, path + ("?" + query if query else ""), body, sent)
        answer = connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path} at {self.host} answered {answer.status}: {text.decode(errors='replace')[:300]}")
        return answer.headers, text


def content(seed, size):
    return random.Random(seed).randbytes(size)


def put(client, bucket, key, size):
    headers = {"content-type": "text/plain" if size < 100 else "application/octet-stream", "x-amz-meta-seed": "made"}
    client.request("PUT", f"/{bucket}/{key}", body=content(key, size), headers=headers)


def put_large(client, bucket, key, size):
    _, text = client.request("POST", f"/{bucket}/{key}", "uploads=")
    upload = re.search(r"<UploadId>(.*?)</UploadId>", text.decode())[1]
    part = content(key, PART_BYTES)
    parts = ""
    for number in range(1, -(-size // PART_BYTES) + 1):
        body = part[: min(PART_BYTES, size - (number - 1) * PART_BYTES)]
        found, _ = client.request("PUT", f"/{bucket}/{key}", f"partNumber={number}&uploadId={urllib.parse.quote(upload, safe='~')}", body)
        parts += f"<Part><PartNumber>{number}</PartNumber><ETag>{found['ETag']}</ETag></Part>"
    document = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
    client.request("POST", f"/{bucket}/{key}", f"uploadId={urllib.parse.quote(upload, safe='~')}", document)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("endpoint")
    parser.add_argument("bucket")
    parser.add_argument("--count", type=int, default=3000, help="small objects, besides the awkward ones")
    parser.add_argument("--large-bytes", type=int, default=1_181_116_006, help="size of the one large object; 0: none")
    parser.add_argument("--only-bucket", action="store_true", help="make the bucket and nothing in it")
    options = parser.parse_args()
    client = Client(options.endpoint)
    client.request("PUT", f"/{options.bucket}")
    if options.only_bucket:
        return
    sizes = [0, 1, 100, 1000, 4096, 10_000, 65_536]
    wanted = [(key, 0 if key.endswith("/") else 100 + len(key)) for key in AWKWARD_KEYS]
    wanted.append(("markers/with-content/", 17))
    wanted += [(f"small/{number % 20:02}/{number:06}", sizes[number % len(sizes)]) for number in range(options.count)]
    wanted += [(f"medium/{number:03}", 5_000_000 + number) for number in range(10)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for _ in pool.map(lambda item: put(client, options.bucket, *item), wanted):
            pass
    if options.large_bytes > 0:
        put_large(client, options.bucket, "large/one", options.large_bytes)
    print(f"{options.bucket}: {len(wanted) + (options.large_bytes > 0)} objects")


if __name__ == "__main__":
    main()
