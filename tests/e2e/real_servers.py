"""S3 servers of other people's making, started by tests/servers/other_s3.sh, and what each of them cannot hold.

DTH_TEST_SERVERS names those to be tested ("moto gofakes3"), DTH_TEST_SERVERS_DIR the directory where other_s3.sh has made them ready.
Without these variables the tests of all of them are skipped; ./test sets them and says which servers it could not get.
"""
import dataclasses
import os
import pathlib
import socket
import subprocess
import tempfile
import time

from s3_client import AWKWARD_KEYS, S3Error

SCRIPT = pathlib.Path(__file__).resolve().parent.parent / "servers" / "other_s3.sh"
START_SECONDS_MAX = 90
PORTS = range(24000, 32000, 2)  # below those that the kernel gives to whoever asks for any; S3Mock takes two


@dataclasses.dataclass(frozen=True)
class Server:
    name: str
    lost_headers: tuple = ()    # of what is written with an object: not kept
    lost_keys: tuple = ()       # keys that it does not keep as they are, or refuses
    late_keys: tuple = ()       # of these: keys whose write it answers with an error, and has nevertheless
    false_keys: tuple = ()      # keys that it lists in their place, and does not have
    merges: bool = False        # headers that an object had stay where what replaces it has none
    parts: bool = True          # takes apart the frames of parts; False: they lie among the bytes, and such copies are not verified
    folders: bool = False       # an object cannot have the name of another's folder, and folders are told without an ETag


PATHS = (".", "..", "/leading", "//two-leading", "a/./b", "a/../c", "a//b")  # what a file system keeps under another name, if at all

LONG = max(AWKWARD_KEYS, key=len)
DEEP = max(AWKWARD_KEYS, key=lambda key: key.count("/"))

SERVERS = {server.name: server for server in (
    Server("moto", lost_keys=("new\nline",)),
    Server("gofakes3", lost_headers=("cache-control", "content-language", "expires"), lost_keys=("control\x01\x1f",),
           false_keys=("control\ufffd\ufffd",), merges=True, parts=False),
    Server("versitygw", lost_keys=(*PATHS, LONG, "control\x01\x1f"), false_keys=("control\ufffd\ufffd",), folders=True),
    Server("s3s", lost_keys=(*PATHS, LONG, DEEP), late_keys=(DEEP,), folders=True),
    Server("s3mock", lost_keys=("back\\slash",)),
    Server("s3proxy", lost_keys=PATHS, folders=True),
)}


def is_wanted(name):
    return name in os.environ.get("DTH_TEST_SERVERS", "").split()


def free_ports():
    """The first of two ports that nobody listens on."""
    start = os.getpid() * 2 % len(PORTS)
    for port in (*PORTS[start:], *PORTS[:start]):
        try:
            for number in (port, port + 1):
                with socket.create_server(("127.0.0.1", number)):
                    pass
            return port
        except OSError:
            continue
    raise RuntimeError("there is no free port")


class RunningServer:
    def __init__(self, name):
        self.data = tempfile.TemporaryDirectory(prefix=f"dth-{name}.")
        self.port = free_ports()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.log = open(pathlib.Path(self.data.name) / "log", "w+b")
        self.process = subprocess.Popen([SCRIPT, "run", name, os.environ["DTH_TEST_SERVERS_DIR"], self.data.name, str(self.port)],
                                        stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, start_new_session=True)

    def wait(self, client):
        deadline = time.monotonic() + START_SECONDS_MAX
        while True:
            try:
                return client.buckets()
            except (OSError, S3Error):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.log.seek(0)
                    raise RuntimeError(f"the server did not start: {self.log.read().decode(errors='replace')[-1000:]}") from None
                time.sleep(0.05)

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.log.close()
        self.data.cleanup()
