"""HTTP/1.1 as S3 servers speak it, on plain sockets, so that an answer may be as wrong as a test wants it."""
import socket
import ssl
import struct
import threading
import urllib.parse

HEAD_BYTES_MAX = 1 << 16
BODY_BYTES_MAX = 64 << 20


class BadRequest(Exception):
    """What came is no request; the connection is closed."""


class Request:
    def __init__(self, method, target, headers):
        self.method, self.target, self.headers = method, target, headers
        path, _, query = target.partition("?")
        self.raw_path = path
        self.path = urllib.parse.unquote_to_bytes(path)
        self.query = {}
        for pair in query.split("&") if query else ():
            name, _, value = pair.partition("=")
            name = urllib.parse.unquote(name)
            if name in self.query:
                raise BadRequest(f"the query names {name} twice")
            self.query[name] = urllib.parse.unquote(value, errors="surrogateescape")
        self.body = b""
        self.operation, self.bucket, self.key = "Unknown", "", b""
        self.wrongs = {}  # name of a fault: the fault, for operations that look for it

    def header(self, name, default=None):
        return self.headers.get(name, default)


class Answer:
    """What is sent, and how: `cut_after` bytes of the body it ends as `ending` says (close, reset or stall)."""

    def __init__(self, status=200, headers=(), body=b""):
        self.status, self.headers, self.body = status, list(headers), body
        self.length = None      # Content-Length, where it is not that of the body
        self.chunked = False    # no Content-Length, but chunks
        self.early = False      # it is sent before the request's body is read
        self.reason = " Whatever"
        self.close = False      # the connection is closed afterwards, and that is not said
        self.cut_after, self.ending = None, "close"

    def set(self, name, value):
        """Replaces, or takes away where the value is None."""
        self.headers = [header for header in self.headers if header[0].lower() != name.lower()]
        if value is not None:
            self.headers.append((name, value))


class Connection:
    """One client: requests in, answers out, until one of them is done with the other."""

    def __init__(self, opened, handler):
        self.socket, self.handler = opened, handler
        self.received = b""
        self.stopping = threading.Event()

    def run(self):
        try:
            while self.serve():
                pass
        except (BadRequest, OSError):
            pass
        finally:
            self.socket.close()

    def stop(self):
        self.stopping.set()
        try:
            self.socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def receive(self):
        data = self.socket.recv(1 << 18)
        if not data:
            raise BadRequest("the client went away")
        self.received += data

    def read_head(self):
        while b"\r\n\r\n" not in self.received:
            if len(self.received) > HEAD_BYTES_MAX:
                raise BadRequest("the head is too large")
            self.receive()
        head, self.received = self.received.split(b"\r\n\r\n", 1)
        lines = head.decode("latin-1").split("\r\n")
        method, target, version = lines[0].split(" ")
        if version != "HTTP/1.1" or not target.startswith(("/", "http://")):
            raise BadRequest(f"no request line: {lines[0]!r}")
        if not target.startswith("/"):  # to a proxy
            target = "/" + target.removeprefix("http://").partition("/")[2]
        headers = {}
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if not colon or name != name.strip() or name.lower() in headers:
                raise BadRequest(f"a wrong or repeated header: {line!r}")
            headers[name.lower()] = value.strip(" \t")
        return Request(method, target, headers)

    def read_body(self, size):
        while len(self.received) < size:
            self.receive()
        body, self.received = self.received[:size], self.received[size:]
        return body

    def serve(self):
        """One request; False where the connection is to be closed."""
        request = self.read_head()
        size = int(request.header("content-length", "0"))
        if "transfer-encoding" in request.headers or size > BODY_BYTES_MAX:
            raise BadRequest("a body of that kind is not taken")
        expects = request.header("expect", "").lower() == "100-continue"
        answer = self.handler.admit(request)
        if answer is None:
            if expects:
                self.socket.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.body = self.read_body(size)
            answer = self.handler.handle(request)
        elif size and answer.early:
            self.send(request, answer)
            self.read_body(size)  # as much as comes
            return False
        elif size and not expects:
            self.read_body(size)
        elif size:
            answer.set("Connection", "close")
        if not self.send(request, answer):
            return False
        closes = any(name.lower() == "connection" and value == "close" for name, value in answer.headers)
        return not (answer.close or closes)

    def send(self, request, answer):
        if answer.status == 0:  # none at all
            self.end(answer.ending)
            return False
        head = f"HTTP/1.1 {answer.status}{answer.reason}\r\n"
        bodiless = request.method == "HEAD" or answer.status in (204, 304)
        body = b"" if bodiless else answer.body
        if answer.chunked and not bodiless:
            head += "Transfer-Encoding: chunked\r\n"
            body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece)
                            for piece in (body[at:at + 1000] for at in range(0, len(body), 1000))) + b"0\r\n\r\n"
        elif answer.status not in (204, 304):
            head += f"Content-Length: {len(answer.body) if answer.length is None else answer.length}\r\n"
        head += "".join(f"{name}: {value}\r\n" for name, value in answer.headers)
        whole = answer.cut_after is None or answer.cut_after >= len(body)
        self.socket.sendall(head.encode("latin-1") + b"\r\n" + (body if whole else body[:answer.cut_after]))
        if not whole:
            self.end(answer.ending)
        return whole

    def end(self, how):
        if how == "stall":
            self.stopping.wait()
        elif how == "reset":
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class HttpServer:
    """A thread for each connection. The handler's admit() sees heads, its handle() whole requests; both give answers.
    certificate: files of a certificate and its key, for TLS."""

    def __init__(self, handler, port=0, certificate=None):
        self.handler = handler
        self.tls = None
        if certificate:
            self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.tls.load_cert_chain(*certificate)
        self.listener = socket.create_server(("127.0.0.1", port), backlog=512)
        self.port = self.listener.getsockname()[1]
        self.connections = set()
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                opened, _ = self.listener.accept()
            except OSError:
                return
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection = Connection(opened, self.handler)
            self.connections.add(connection)
            threading.Thread(target=self.run, args=(connection,), daemon=True).start()

    def run(self, connection):
        try:
            if self.tls:
                connection.socket = self.tls.wrap_socket(connection.socket, server_side=True)
            connection.run()
        except OSError:
            pass  # no TLS came of it
        finally:
            self.connections.discard(connection)

    def stop(self):
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()
        for connection in list(self.connections):
            connection.stop()
