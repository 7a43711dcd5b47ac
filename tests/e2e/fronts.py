"""Servers of the tests' own that stand before real ones: an HTTP proxy, and one at which sessions come to their end."""
import base64
import contextlib
import http.client
import http.server
import re
import select
import socket
import threading
import urllib.parse
import xml.etree.ElementTree

HOP_BY_HOP = {"connection", "keep-alive", "proxy-authorization", "proxy-connection", "expect", "transfer-encoding"}


class Handler(http.server.BaseHTTPRequestHandler):
    """Reads a request whole, and lets its front say what becomes of it."""
    protocol_version = "HTTP/1.1"

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.front.handle(self, body)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = handle_any

    def do_CONNECT(self):
        self.server.front.connect(self)

    def answer(self, status, body=b"", headers=()):
        self.send_response_only(status)
        for name, value in headers:
            self.send_header(name, value)
        if not any(name.lower() == "content-length" for name, _ in headers):
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def forward(self, address, target, body):
        """Sends the request on to (host, port). Returns (status, headers, body)."""
        connection = http.client.HTTPConnection(*address, timeout=60)
        with contextlib.closing(connection):
            connection.putrequest(self.command, target, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                if name.lower() not in HOP_BY_HOP:
                    connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in HOP_BY_HOP]
            return answer.status, headers, answer.read()

    def log_message(self, *_):
        pass


class Front:
    """Listens on 127.0.0.1 until stop()."""

    def __init__(self):
        self.lock = threading.Lock()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.front = self
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def connect(self, request):
        request.answer(405)


class Proxy(Front):
    """An HTTP proxy that writes down what it is asked. `names`: {host: (host, port)} of what only it can find."""

    def __init__(self, user=None, names=()):
        super().__init__()
        self.names = dict(names)
        self.authorization = user and "Basic " + base64.b64encode(user.encode()).decode()
        self.tunnels, self.requests, self.refused = [], [], 0

    def is_refused(self, request):
        if not self.authorization or request.headers.get("Proxy-Authorization") == self.authorization:
            return False
        with self.lock:
            self.refused += 1
        request.answer(407, headers=[("Proxy-Authenticate", 'Basic realm="test"')])
        return True

    def connect(self, request):
        if self.is_refused(request):
            return
        with self.lock:
            self.tunnels.append((request.path, dict(request.headers)))
        host, port = request.path.rsplit(":", 1)
        with socket.create_connection(self.names.get(host, (host, int(port)))) as there:
            request.send_response_only(200, "Connection established")
            request.end_headers()
            here = request.connection
            ends = {here: there, there: here}
            while True:
                for ready in select.select(list(ends), [], [])[0]:
                    data = ready.recv(1 << 16)
                    if not data:
                        request.close_connection = True
                        return
                    ends[ready].sendall(data)

    def handle(self, request, body):
        if self.is_refused(request):
            return
        url = urllib.parse.urlsplit(request.path)
        with self.lock:
            self.requests.append((request.command, request.path))
        address = self.names.get(url.hostname, (url.hostname, url.port or 80))
        status, headers, text = request.forward(address, request.path[len(f"http://{url.netloc}"):] or "/", body)
        request.answer(status, text, headers)


class SessionFront(Front):
    """Passes everything on to an S3 server with an STS, and says ExpiredToken to a session that has made `requests_max`
    requests."""

    def __init__(self, endpoint, requests_max):
        super().__init__()
        url = urllib.parse.urlsplit(endpoint)
        self.address = (url.hostname, url.port)
        self.requests_max = requests_max
        self.used = {}  # {access key id: requests}
        self.assumed = []  # access key ids given out
        self.expired = 0

    def handle(self, request, body):
        key = re.search("Credential=([^/]+)/", request.headers.get("Authorization", ""))
        if b"Action=AssumeRole" not in body and key and "x-amz-security-token" in request.headers:
            with self.lock:
                self.used[key[1]] = used = self.used.get(key[1], 0) + 1
                self.expired += used > self.requests_max
            if used > self.requests_max:
                request.answer(400, b"<Error><Code>ExpiredToken</Code><Message>The provided token has expired.</Message></Error>")
                return
        status, headers, text = request.forward(self.address, request.path, body)
        if b"Action=AssumeRole" in body and status == 200:
            with self.lock:
                self.assumed.append(credentials_of(text)[0])
        request.answer(status, text, headers)


def credentials_of(text):
    """(access key id, secret access key, session token) of an answer of STS."""
    root = xml.etree.ElementTree.fromstring(text)
    for element in root.iter():
        element.tag = element.tag.split("}")[-1]
    given = root.find(".//Credentials")
    return tuple(given.findtext(name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken"))
