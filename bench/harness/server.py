"""bench_s3_server processes."""
import atexit
import json
import os
import socket
import ssl
import subprocess
import urllib.request

from .measure import BUILD, SERVER_CORES

KEYS = ("TESTACCESSKEY", "testsecretkey")
_running = []


@atexit.register
def stop_all():
    for server in list(_running):
        server.stop()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Certificate:
    """A self-signed one for 127.0.0.1, made anew."""

    def __init__(self, directory):
        self.path, self.key_path = directory / "tls.pem", directory / "tls.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.key_path,
                        "-out", self.path], check=True, stderr=subprocess.DEVNULL)


class Server:
    def __init__(self, *arguments, certificate=None):
        self.port = free_port()
        self.certificate = certificate
        command = [BUILD / "bench/bench_s3_server", "--port", str(self.port), *map(str, arguments)]
        if certificate:
            command += ["--tls-certificate", certificate.path, "--tls-key", certificate.key_path]
        self.process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, text=True,
                                        preexec_fn=lambda: os.sched_setaffinity(0, SERVER_CORES))
        _running.append(self)
        if not self.process.stdout.readline().startswith("serving"):
            raise RuntimeError("bench_s3_server did not start: " + " ".join(map(str, command)))
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self.port}"

    def get(self, path, method="GET"):
        handlers = [urllib.request.ProxyHandler({})]
        if self.certificate:
            handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=self.certificate.path)))
        opener = urllib.request.build_opener(*handlers)
        with opener.open(urllib.request.Request(self.url + path, method=method), timeout=120) as answer:
            return answer.read()

    def reset(self):
        self.get("/_bench/reset", "POST")

    def counts(self):
        found = json.loads(self.get("/_bench/counts"))
        return {name: number for name, number in found.items() if name[0].isupper()}

    def stop(self):
        if self in _running:
            _running.remove(self)
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        self.process.stdout.close()
