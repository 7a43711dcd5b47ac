"""A `dth serve` of a test's own, and plain ways to talk to it."""
import base64
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import time
import urllib.parse

from dth import SANITIZER_MARKS, EndToEndTest, setting

START_SECONDS_MAX = 60


class Hub:
    """Runs from its making until stop(). Its log is in a file, so that it never waits for a reader."""

    def __init__(self, data, options, environment):
        self.data = data
        self.options = options
        self.environment = environment
        self.made_token = None
        self.clients = {}
        self.log_path = pathlib.Path(str(data) + f".{os.urandom(4).hex()}.log")
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen([setting("DTH_TEST_BINARY"), "serve", "--data-dir", str(data), *options], env=environment,
                                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        self.url = None
        for line in iter(self.process.stdout.readline, b""):
            found = re.fullmatch(r"listening on (https?)://(\S+):(\d+)\n", line.decode())
            if found:
                self.scheme, self.host, self.port = found[1], found[2], int(found[3])
                self.url = line.decode().split()[-1]
                break
        if self.url is None:
            raise AssertionError(f"the hub did not start, exit code {self.process.wait()}:\n{self.log}")

    @property
    def token(self):
        """Of an administrator; made on the host when it is first asked for."""
        if self.made_token is None:
            self.made_token = self.make_token("admin")
        return self.made_token

    def make_token(self, role, *options):
        where = ["--data-dir", str(self.data)]
        for name, value in zip(self.options, self.options[1:]):
            if name in ("--database", "--database-password-file", "--config"):
                where += [name, value]
        done = subprocess.run([setting("DTH_TEST_BINARY"), "admin", "token", "create", "--name", "test", "--role", role, *where, *options],
                              env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def bearer(self, client=""):
        """The header line of an administrator, for requests that tests write themselves; another name is another client of the hub."""
        if not client:
            return f"Authorization: Bearer {self.token}\r\n"
        if client not in self.clients:
            self.clients[client] = self.make_token("admin")
        return f"Authorization: Bearer {self.clients[client]}\r\n"

    @property
    def log(self):
        return self.log_path.read_text()

    def log_lines(self):
        """Of a hub with --log-format json."""
        return [json.loads(line) for line in self.log.splitlines()]

    def wait_for_log(self, text, seconds=60):
        deadline = time.monotonic() + seconds
        while text not in self.log:
            if time.monotonic() > deadline:
                raise AssertionError(f"{text!r} never came into the log:\n{self.log}")
            time.sleep(0.01)

    def connect(self, context=None):
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        return context.wrap_socket(plain, server_hostname="localhost") if context else plain

    def request(self, method, path, body=None, headers=(), context=None, signed_in=True):
        """(status, headers, body). As an administrator, where the path is one of the API and no header says otherwise."""
        headers = dict(headers)
        if signed_in and path.startswith("/graphql") and not {"Authorization", "Cookie"} & set(headers):
            headers["Authorization"] = f"Bearer {self.token}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.sock = self.connect(context)
        try:
            connection.request(method, path, body, {"Connection": "close", **headers})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def post(self, query, variables=None, **options):
        body = json.dumps({"query": query, "variables": variables}).encode()
        status, _, answer = self.request("POST", "/graphql", body, {"Content-Type": "application/json"}, **options)
        return status, json.loads(answer)

    def ask(self, query, variables=None, **options):
        status, answer = self.post(query, variables, **options)
        assert status == 200 and "errors" not in answer, answer
        return answer["data"]

    def raw(self, data, read=True):
        """What comes back for these bytes until the hub closes the connection."""
        with self.connect() as connection:
            connection.sendall(data)
            if not read:
                return b""
            answer = b""
            try:
                connection.shutdown(socket.SHUT_WR)
                while piece := connection.recv(65536):
                    answer += piece
            except OSError:  # it has closed the connection already
                pass
            return answer

    def events(self, query):
        """The responses of server-sent events, one after another, as they come."""
        path = "/graphql/stream?" + urllib.parse.urlencode({"query": query})
        with self.connect() as connection:
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{self.bearer()}Accept: text/event-stream\r\n\r\n".encode())
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            assert answer.status == 200, answer.read()
            name = None
            for line in iter(answer.readline, b""):
                line = line.decode().rstrip("\n")
                if line.startswith("event: "):
                    name = line[7:]
                elif line.startswith("data:") and name == "next":
                    yield json.loads(line[5:])
                if name == "complete" and line == "":
                    return
            raise AssertionError("the stream ended without complete")

    def websocket(self):
        connection = self.connect()
        key = base64.b64encode(os.urandom(16)).decode()
        connection.sendall((f"GET /graphql HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                            f"{self.bearer()}Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n").encode())
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += connection.recv(1)
        assert head.startswith(b"HTTP/1.1 101 "), head
        return connection

    def end(self, seconds=60):
        """After a signal: the exit code."""
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the hub did not stop:\n{self.log}") from None
        self.process.stdout.close()
        for mark in SANITIZER_MARKS:
            assert mark not in self.log, self.log
        return code

    def stop(self):
        """In good order; idempotent."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.end()

    def seconds_to_stop(self):
        began = time.monotonic()
        assert self.stop() == 0, self.log
        return time.monotonic() - began

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


def text_frame(text):
    """A short text as a client's frame."""
    data, mask = text.encode(), os.urandom(4)
    assert len(data) < 126
    return struct.pack("!BB", 0x81, 0x80 | len(data)) + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data))


def read_frame(connection):
    """The text of a short frame of the server; None for a close frame."""
    def exactly(count):
        data = b""
        while len(data) < count:
            piece = connection.recv(count - len(data))
            assert piece, "the connection ended within a frame"
            data += piece
        return data
    opcode, length = exactly(2)
    if length == 126:
        length = struct.unpack("!H", exactly(2))[0]
    data = exactly(length)
    return None if opcode & 15 == 8 else data.decode()


class HubTest(EndToEndTest):
    """A test with a directory of its own, and no S3 servers but those it starts."""

    @classmethod
    def setUpClass(cls):
        cls.key = ("TESTACCESSKEY", "testsecretkey")

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="dth-hub."))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.data = self.directory / "data"
        self.state = self.data / "state.db"

    def tearDown(self):
        """There are no buckets to remove."""

    def hub(self, *options, environment=None, listen="127.0.0.1:0", data=None):
        where = ["--listen", listen] if listen else []
        hub = Hub(data or self.data, [*where, *map(str, options)], environment or self.environment())
        self.addCleanup(hub.kill)
        return hub

    def refused(self, *options, environment=None, expect=1):
        """`dth serve` that does not start: its one sentence."""
        arguments = [str(option) for option in options]
        if "--data-dir" not in arguments:
            arguments += ["--data-dir", str(self.data)]
        outcome = self.run_dth("serve", *arguments, environment=environment, seconds=60)
        self.assertEqual((outcome.code, outcome.stdout), (expect, ""), str(outcome))
        lines = outcome.stderr.splitlines()
        self.assertTrue(lines[0].startswith("dth: "), str(outcome))
        return lines[0] if expect == 2 else self.only(lines, outcome)

    def only(self, lines, outcome):
        self.assertEqual(len(lines), 1, str(outcome))
        return lines[0]

    def certificate(self, name, days=2):
        """(certificate, key) for localhost, signed by itself."""
        certificate, key = self.directory / f"{name}.pem", self.directory / f"{name}.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", str(days),
                        "-subj", f"/CN={name}", "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
                       check=True, capture_output=True)
        return certificate, key

    def trusting(self, certificate):
        context = ssl.create_default_context(cafile=str(certificate))
        return context
