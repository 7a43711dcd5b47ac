"""Runs the real dth binary against real servers: what every end-to-end test stands on.

The environment says where things are; what is missing fails the test, it does not skip it. ./test sets all of it:
  DTH_TEST_BINARY, DTH_TEST_BENCH_SERVER        the programs (ctest sets these)
  DTH_TEST_S3_ENDPOINT, DTH_TEST_S3_ENDPOINT_B  two S3 servers; DTH_TEST_S3_TLS_ENDPOINT: the first one over TLS
  DTH_TEST_S3_CA_BUNDLE                         the certificate of that
  DTH_TEST_S3_ACCESS_KEY_ID, DTH_TEST_S3_SECRET_ACCESS_KEY              who may make buckets on both
  DTH_TEST_S3_OTHER_ACCESS_KEY_ID, DTH_TEST_S3_OTHER_SECRET_ACCESS_KEY  who may not do anything
"""
import concurrent.futures
import json
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.request
import uuid

from s3_client import Client, S3Error

RUN_SECONDS_MAX = 240
SANITIZER_MARKS = ("AddressSanitizer", "LeakSanitizer", "runtime error:")


def setting(name):
    value = os.environ.get(name)
    if not value:
        raise RuntimeError(f"{name} is not set: run ./test, which starts the servers, or see tests/e2e/dth.py")
    return value


class Outcome:
    """What one run of dth left: exit code, standard output and standard error."""

    def __init__(self, arguments, code, stdout, stderr):
        self.arguments, self.code, self.stdout, self.stderr = arguments, code, stdout, stderr

    @property
    def summary(self):
        return json.loads(self.stdout)

    def __str__(self):
        return f"dth {' '.join(self.arguments)}\nexit code {self.code}\n--- stdout\n{self.stdout}\n--- stderr\n{self.stderr}"


class Running:
    """A dth that was started and is still to end."""

    def __init__(self, arguments, environment, secrets):
        self.arguments, self.secrets = arguments, secrets
        self.read = b""  # of standard error, before its end
        self.process = subprocess.Popen([setting("DTH_TEST_BINARY"), *arguments], env=environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def signal(self, number):
        self.process.send_signal(number)

    def wait_until(self, condition, what, seconds=120):
        """Looks again and again; it is a failure if dth ends, or time runs out, before the condition comes true."""
        deadline = time.monotonic() + seconds
        while not condition():
            if self.process.poll() is not None:
                raise AssertionError(f"dth ended before {what}\n{self.wait()}")
            if time.monotonic() > deadline:
                raise AssertionError(f"waited {seconds} s in vain until {what}")
            time.sleep(0.01)

    def wait_for_words(self, words, seconds=120):
        """Reads standard error until it holds these."""
        deadline = time.monotonic() + seconds
        while words.encode() not in self.read:
            ready, _, _ = select.select([self.process.stderr], [], [], max(0, deadline - time.monotonic()))
            piece = os.read(self.process.stderr.fileno(), 1 << 16) if ready else b""
            if not piece:
                raise AssertionError(f"dth did not say {words!r}\n{self.wait()}")
            self.read += piece

    def wait(self, seconds=RUN_SECONDS_MAX):
        try:
            stdout, stderr = self.process.communicate(timeout=seconds)
            stderr = self.read + stderr
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGABRT)
            stdout, stderr = self.process.communicate()
            raise AssertionError(f"dth took more than {seconds} s\n"
                                 f"{Outcome(self.arguments, None, stdout.decode(), stderr.decode())}") from None
        outcome = Outcome(self.arguments, self.process.returncode, stdout.decode(), stderr.decode())
        for mark in SANITIZER_MARKS:
            assert mark not in outcome.stderr, str(outcome)
        for secret in self.secrets:
            assert secret not in outcome.stdout and secret not in outcome.stderr, "a secret was printed"
        return outcome

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


class EndToEndTest(unittest.TestCase):
    """A test with a bucket on either server and a directory of its own."""

    @classmethod
    def setUpClass(cls):
        key = (setting("DTH_TEST_S3_ACCESS_KEY_ID"), setting("DTH_TEST_S3_SECRET_ACCESS_KEY"))
        cls.key = key
        cls.a = Client(setting("DTH_TEST_S3_ENDPOINT"), *key)
        cls.b = Client(setting("DTH_TEST_S3_ENDPOINT_B"), *key)

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="dth-e2e."))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)
        self.name = "e2e-" + uuid.uuid4().hex[:12]  # every bucket of the test begins so, and is removed after it
        self.source, self.destination = self.name + "-from", self.name + "-to"
        self.a.make_bucket(self.source)
        self.b.make_bucket(self.destination)
        self.state = self.directory / "state.db"

    def tearDown(self):
        for client in (self.a, self.b):
            self.remove_buckets(client)
            client.close()

    def remove_buckets(self, client):
        """The servers keep everything in memory, and many tests run on them."""
        for bucket in client.buckets():
            if bucket.startswith(self.name):
                try:
                    client.remove_bucket(bucket)
                except S3Error:
                    pass  # what is locked stays

    def fill(self, objects, client=None, bucket=None):
        """objects: {key: body}. Eight at a time."""
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda item: (client or self.a).put(bucket or self.source, *item), objects.items()))

    def environment(self, **changes):
        """Nothing of the caller's but the programs' own needs; a change to None takes a variable away."""
        values = {"PATH": os.environ.get("PATH", ""), "HOME": str(self.directory), "AWS_EC2_METADATA_DISABLED": "true"}
        if "ASAN_OPTIONS" in os.environ:
            values["ASAN_OPTIONS"] = os.environ["ASAN_OPTIONS"]
        for side in ("SOURCE", "DESTINATION"):
            values[f"DTH_{side}_ACCESS_KEY_ID"], values[f"DTH_{side}_SECRET_ACCESS_KEY"] = self.key
        values.update(changes)
        return {name: value for name, value in values.items() if value is not None}

    def endpoints(self, source=None, destination=None):
        return ["--source-endpoint-url", source or self.a.endpoint, "--source-addressing", "path",
                "--destination-endpoint-url", destination or self.b.endpoint, "--destination-addressing", "path"]

    @staticmethod
    def database(path):
        return ["--database", f"sqlite:{path}"]

    def start(self, arguments, environment=None):
        environment = environment or self.environment()
        secrets = {value for name, value in environment.items() if name.endswith(("SECRET_ACCESS_KEY", "SESSION_TOKEN"))}
        running = Running([str(argument) for argument in arguments], environment, secrets)
        self.addCleanup(running.kill)
        return running

    def run_dth(self, *arguments, environment=None, seconds=RUN_SECONDS_MAX):
        return self.start(arguments, environment).wait(seconds)

    def copy_arguments(self, source=None, destination=None, *options, endpoints=None, state=None, output="json"):
        return ["copy", source or f"s3://{self.source}", destination or f"s3://{self.destination}",
                *(endpoints or self.endpoints()), *self.database(state or self.state), "--output", output, *options]

    def copy(self, source=None, destination=None, *options, environment=None, endpoints=None, state=None, output="json",
             expect=0, seconds=RUN_SECONDS_MAX):
        """dth copy from one bucket to the other; the exit code must be `expect`."""
        arguments = self.copy_arguments(source, destination, *options, endpoints=endpoints, state=state, output=output)
        outcome = self.run_dth(*arguments, environment=environment, seconds=seconds)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def ledger(self, outcome):
        """The lines of the run's ledger, as `dth ledger show` tells them."""
        shown = self.run_dth("ledger", "show", outcome.summary["ledger"])
        self.assertEqual(shown.code, 0, str(shown))
        return [json.loads(line) for line in shown.stdout.splitlines()]

    def assert_counts_add_up(self, summary):
        """What was promised of every finished run that is no dry run."""
        settled = sum(summary[name] for name in ("copied", "unchanged", "skipped", "deleted_at_source", "failed"))
        self.assertEqual(summary["selected"], settled, summary)
        self.assertGreaterEqual(summary["scanned"], summary["selected"])
        self.assertEqual(summary["copied"], sum(summary["proof"].values()), summary)

    def assert_same_objects(self, keys=None):
        """Source and destination hold the same keys, and the same bytes beneath them."""
        there = self.a.list(self.source)
        self.assertEqual(set(there), set(self.b.list(self.destination)))
        for key in there if keys is None else keys:
            _, body = self.a.get(self.source, key)
            _, copied = self.b.get(self.destination, key)
            self.assertTrue(body == copied, f"{key!r} differs: {len(body)} and {len(copied)} bytes")


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class BenchServer:
    """bench_s3_server: an S3 server in memory that counts what it is asked."""

    def __init__(self, *arguments):
        port = free_port()
        self.process = subprocess.Popen([setting("DTH_TEST_BENCH_SERVER"), "--port", str(port), *map(str, arguments)],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        if not self.process.stdout.readline().startswith("serving"):
            self.stop()
            raise RuntimeError("bench_s3_server did not start with " + " ".join(map(str, arguments)))
        self.endpoint = f"http://127.0.0.1:{port}"

    def counts(self):
        """{operation: requests}, and errors by kind."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(self.endpoint + "/_bench/counts", timeout=60) as answer:
            return json.load(answer)

    def requests(self):
        """{operation: requests} without what else it counts."""
        return {name: count for name, count in self.counts().items() if name[0].isupper()}

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
