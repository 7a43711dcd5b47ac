"""An S3 client for tests, with Python's own library only: what dth did is judged by other code than dth's."""
import base64
import datetime
import hashlib
import hmac
import http.client
import random
import re
import threading
import urllib.parse
import xml.etree.ElementTree

AWKWARD_KEYS = [
    ".", "..", "a/./b", "a/../c", "a", "a/b", "a//b", "a/", "dir/", "dir/.hidden", "/leading", "//two-leading", "plus+sign", "per%cent", "per%2Fcent",
    "with space", "two  spaces", " leading space", "trailing space ", "amp&ersand", 'quo"te', "apo'strophe", "less<greater>",
    "back\\slash", "new\nline", "carriage\rreturn", "tab\tstop", "control\x01\x1f", "equals=question?", "hash#tag", "semi;colon,comma",
    "star*", "tilde~", "pipe|", "brackets[]{}()", "emoji-\U0001f600", "nfc-\u00e9", "nfd-e\u0301", "Case", "case",
    "kanji-\u6f22\u5b57", "zero-width-\u200b", "x" * 1024, "deep/" * 100 + "leaf",
]


class S3Error(RuntimeError):
    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


def content(seed, size):
    """Bytes that are the same for the same seed."""
    return random.Random(seed).randbytes(size)


def encode(text):
    return urllib.parse.quote(text, safe="-_.~")


class Client:
    """Requests signed with AWS Signature Version 4, path style, one connection per thread."""

    def __init__(self, endpoint, access_key, secret_key):
        self.endpoint = endpoint
        self.host = urllib.parse.urlsplit(endpoint).netloc
        self.access_key = access_key
        self.secret_key = secret_key
        self.local = threading.local()
        self.connections = []

    def close(self):
        """Nobody else may use the client meanwhile; afterwards it connects again."""
        for connection in self.connections:
            connection.close()

    def request(self, method, path, query=None, body=b"", headers=None):
        """path: /bucket/key, not encoded. Returns (headers, body); raises S3Error where the answer is not a success."""
        path = urllib.parse.quote(path, safe="/-_.~")
        query = "&".join(f"{encode(name)}={encode(value)}" for name, value in sorted((query or {}).items()))
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
        scope = f"{now[:8]}/us-east-1/s3/aws4_request"
        sent = {"host": self.host, "x-amz-content-sha256": hashlib.sha256(body).hexdigest(), "x-amz-date": now}
        sent.update({name.lower(): value for name, value in (headers or {}).items()})
        names = ";".join(sorted(sent))
        canonical = "\n".join([method, path, query, *(f"{name}:{sent[name]}" for name in sorted(sent)), "", names,
                               sent["x-amz-content-sha256"]])
        key = ("AWS4" + self.secret_key).encode()
        for word in scope.split("/"):
            key = hmac.digest(key, word.encode(), "sha256")
        to_sign = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        signature = hmac.new(key, to_sign.encode(), "sha256").hexdigest()
        sent["authorization"] = (f"AWS4-HMAC-SHA256 Credential={self.access_key}/{scope}, SignedHeaders={names}, "
                                 f"Signature={signature}")
        answer, text = self.exchange(method, path + ("?" + query if query else ""), body, sent)
        if answer.status >= 300:
            raise S3Error(answer.status, f"{method} {path} at {self.host} answered {answer.status}: "
                                         f"{text.decode(errors='replace')[:300]}")
        return answer.headers, text

    def exchange(self, method, target, body, headers):
        if not hasattr(self.local, "connection"):
            self.local.connection = http.client.HTTPConnection(self.host, timeout=60)
            self.connections.append(self.local.connection)
        connection = self.local.connection
        for last in (False, True):
            try:
                connection.request(method, target, body, headers)
                answer = connection.getresponse()
                return answer, answer.read()
            except ConnectionError:  # the server closed it for having been idle
                connection.close()
                if last:
                    raise

    def document(self, method, path, query=None, body=b""):
        """The answer's XML, its name space taken off."""
        _, text = self.request(method, path, query, body)
        root = xml.etree.ElementTree.fromstring(text)
        for element in root.iter():
            element.tag = element.tag.split("}")[-1]
        return root

    def make_bucket(self, bucket):
        self.request("PUT", f"/{bucket}")

    def buckets(self):
        """The names of the user's buckets."""
        return [name.text for name in self.document("GET", "/").iter("Name")]

    def remove_bucket(self, bucket):
        """With all that is in it. S3Error where something in it is locked."""
        while uploads := self.uploads(bucket):
            for key, upload_id in uploads:
                self.request("DELETE", f"/{bucket}/{key}", {"uploadId": upload_id})
        while versions := self.versions(bucket):
            self.remove_versions(bucket, versions)
        self.request("DELETE", f"/{bucket}")

    def versions(self, bucket):
        """[(key, version id)] of all versions and delete markers; at most the first thousand."""
        page = self.document("GET", f"/{bucket}", {"versions": "", "encoding-type": "url"})
        return [(urllib.parse.unquote_plus(entry.findtext("Key")), entry.findtext("VersionId"))
                for kind in ("Version", "DeleteMarker") for entry in page.iter(kind)]

    def remove_versions(self, bucket, versions):
        # XML cannot carry every key.
        plain = [version for version in versions if re.fullmatch("[A-Za-z0-9/._-]+", version[0])]
        for key, version in set(versions) - set(plain):
            self.request("DELETE", f"/{bucket}/{key}", {"versionId": version})
        if not plain:
            return
        objects = "".join(f"<Object><Key>{key}</Key><VersionId>{version}</VersionId></Object>" for key, version in plain)
        document = f"<Delete><Quiet>true</Quiet>{objects}</Delete>".encode()
        digest = base64.b64encode(hashlib.md5(document).digest()).decode()
        _, text = self.request("POST", f"/{bucket}", {"delete": ""}, document, {"content-md5": digest})
        if b"<Error>" in text:
            raise S3Error(403, f"not all of {bucket} could be removed: {text.decode(errors='replace')[:300]}")

    def put(self, bucket, key, body, headers=None):
        """Returns the ETag without its quotes."""
        return self.request("PUT", f"/{bucket}/{key}", body=body, headers=headers)[0]["ETag"].strip('"')

    def get(self, bucket, key):
        """(headers, body)"""
        return self.request("GET", f"/{bucket}/{key}")

    def head(self, bucket, key):
        return self.request("HEAD", f"/{bucket}/{key}")[0]

    def list(self, bucket, prefix=""):
        """{key: (size, etag)} of all objects."""
        found = {}
        token = None
        while True:
            query = {"list-type": "2", "prefix": prefix, "encoding-type": "url"}
            if token:
                query["continuation-token"] = token
            page = self.document("GET", f"/{bucket}", query)
            for entry in page.iter("Contents"):
                key = urllib.parse.unquote_plus(entry.findtext("Key"))
                assert key not in found, f"the listing of {bucket} repeats {key!r}"
                found[key] = (int(entry.findtext("Size")), entry.findtext("ETag").strip('"'))
            if page.findtext("IsTruncated") != "true":
                return found
            token = page.findtext("NextContinuationToken")

    def storage_classes(self, bucket, prefix=""):
        """{key: storage class} as a listing tells them; of the first thousand objects."""
        page = self.document("GET", f"/{bucket}", {"list-type": "2", "prefix": prefix})
        return {entry.findtext("Key"): entry.findtext("StorageClass") for entry in page.iter("Contents")}

    def uploads(self, bucket):
        """[(key, upload id)] of the open multipart uploads; at most the first thousand."""
        page = self.document("GET", f"/{bucket}", {"uploads": ""})
        return [(entry.findtext("Key"), entry.findtext("UploadId")) for entry in page.iter("Upload")]

    def begin_upload(self, bucket, key, headers=None):
        _, text = self.request("POST", f"/{bucket}/{key}", {"uploads": ""}, headers=headers)
        root = xml.etree.ElementTree.fromstring(text)
        return next(element.text for element in root.iter() if element.tag.endswith("UploadId"))

    def put_part(self, bucket, key, upload_id, number, body):
        found, _ = self.request("PUT", f"/{bucket}/{key}", {"partNumber": str(number), "uploadId": upload_id}, body)
        return found["ETag"]

    def put_in_parts(self, bucket, key, bodies, headers=None):
        upload_id = self.begin_upload(bucket, key, headers)
        parts = ""
        for number, body in enumerate(bodies, 1):
            etag = self.put_part(bucket, key, upload_id, number, body)
            parts += f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
        document = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
        self.request("POST", f"/{bucket}/{key}", {"uploadId": upload_id}, document)
