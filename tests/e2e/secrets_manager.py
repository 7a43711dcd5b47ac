"""A Secrets Manager for tests: GetSecretValue, with every rule of its signature checked."""
import datetime
import hashlib
import hmac
import http.server
import json
import re
import threading

AUTHORIZATION = re.compile(r"AWS4-HMAC-SHA256 Credential=([^/ ]+)/(\d{8}/([^/ ]+)/secretsmanager/aws4_request), ?"
                           r"SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})")
MUST_BE_SIGNED = {"host", "x-amz-date", "x-amz-target", "content-type"}


class Refused(Exception):
    def __init__(self, status, code, message=""):
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def check_signature(handler, body, keys, region):
    match = AUTHORIZATION.fullmatch(handler.headers.get("authorization", ""))
    if not match:
        raise Refused(400, "IncompleteSignatureException", "the authorization header is malformed")
    access_key, scope, signed_region, signed, signature = match.groups()
    if access_key not in keys:
        raise Refused(400, "UnrecognizedClientException", "The security token included in the request is invalid.")
    time = handler.headers.get("x-amz-date", "")
    sent = datetime.datetime.strptime(time, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    if abs((sent - datetime.datetime.now(datetime.timezone.utc)).total_seconds()) > 300 or not scope.startswith(time[:8]):
        raise Refused(400, "InvalidSignatureException", "Signature expired")
    if signed_region != region:
        raise Refused(400, "InvalidSignatureException", f"Credential should be scoped to a valid region, not {signed_region}")
    names = signed.split(";")
    present = {name.lower() for name in handler.headers}
    if names != sorted(set(names)) or not MUST_BE_SIGNED <= set(names) or not set(names) <= present:
        raise Refused(400, "InvalidSignatureException", "the wrong headers are signed")
    headers = "".join(f"{name}:{' '.join(handler.headers[name].split())}\n" for name in names)
    canonical = "\n".join([handler.command, handler.path, "", headers, signed, hashlib.sha256(body).hexdigest()])
    key = ("AWS4" + keys[access_key]).encode()
    for word in scope.split("/"):
        key = hmac.digest(key, word.encode(), "sha256")
    text = "\n".join(["AWS4-HMAC-SHA256", time, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    if not hmac.compare_digest(hmac.new(key, text.encode(), "sha256").hexdigest(), signature):
        raise Refused(400, "InvalidSignatureException", "The request signature we calculated does not match")


class SecretsManager:
    """`keys`: secret access keys by access key id. `secrets`: SecretString by name; `asked` counts."""

    def __init__(self, keys, region="us-east-1"):
        self.keys, self.region, self.secrets, self.asked = keys, region, {}, []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                try:
                    answer = owner.answer(self, body)
                    status = 200
                except Refused as refused:
                    status, answer = refused.status, {"__type": refused.code, "Message": refused.message}
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.1")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def answer(self, handler, body):
        if handler.path != "/" or handler.headers.get("content-type") != "application/x-amz-json-1.1":
            raise Refused(400, "SerializationException", "not a request of Secrets Manager")
        check_signature(handler, body, self.keys, self.region)
        if handler.headers.get("x-amz-target") != "secretsmanager.GetSecretValue":
            raise Refused(400, "UnknownOperationException")
        asked = json.loads(body)
        if set(asked) != {"SecretId"}:
            raise Refused(400, "InvalidParameterException", f"unexpected parameters: {sorted(asked)}")
        self.asked.append(asked["SecretId"])
        if asked["SecretId"] not in self.secrets:
            raise Refused(400, "ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
        return {"ARN": "arn:aws:secretsmanager:us-east-1:1:secret:x", "Name": asked["SecretId"],
                "SecretString": self.secrets[asked["SecretId"]], "VersionStages": ["AWSCURRENT"]}

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
