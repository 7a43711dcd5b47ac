"""What the hub's API takes: queries a second on one core, their latency, start and memory."""
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import urllib.request

from .measure import BUILD, COPIER_CORES, SERVER_CORES

LUA = """wrk.method = "POST"
wrk.body = '%s'
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer %s"
"""
HUB = '{"query": "{ hub { version } }"}'
RUNS = '{"query": "{ runs(first: 20) { nodes { id state counts { copied bytes } } } }"}'


def resident_bytes(pid):
    pages = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE")


class Hub:
    """On one core. Its log goes where it costs a write and nothing else."""

    def __init__(self, directory, *options, environment={}):
        self.directory = directory
        started = time.monotonic()
        self.process = subprocess.Popen([str(BUILD / "dth"), "serve", "--data-dir", str(directory / "data"), "--listen", "127.0.0.1:0", *options],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                        env={"HOME": str(directory), "PATH": os.environ["PATH"], **environment},
                                        preexec_fn=lambda: os.sched_setaffinity(0, COPIER_CORES[:1]))
        line = self.process.stdout.readline()
        self.url = line.split()[-1]
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(self.url + "/readyz") as answer:
            assert answer.status == 200
        self.ready_seconds = time.monotonic() - started

    def token(self):
        """A new one, of an administrator: a client of its own."""
        made = subprocess.run([str(BUILD / "dth"), "admin", "token", "create", "--data-dir", str(self.directory / "data"), "--role", "admin", "--name", "bench"],
                              capture_output=True, text=True, check=True, env={"HOME": str(self.directory), "PATH": os.environ["PATH"]})
        return made.stdout.strip()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        self.process.stdout.close()


def wrk(url, script, connections, seconds):
    """(requests a second, milliseconds of the 50th and 99th of a hundred)"""
    outcome = subprocess.run(["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s", "--latency",
                              "--script", str(script), url + "/graphql"], capture_output=True, text=True, check=True,
                             preexec_fn=lambda: os.sched_setaffinity(0, SERVER_CORES))
    if "Non-2xx" in outcome.stdout or "Socket errors" in outcome.stdout:
        raise RuntimeError(outcome.stdout)
    scale = {"us": 1e-3, "ms": 1.0, "s": 1e3}

    def percentile(which):
        value, unit = re.search(rf"^\s+{which}%\s+([\d.]+)(us|ms|s)$", outcome.stdout, re.M).groups()
        return float(value) * scale[unit]
    return float(re.search(r"Requests/sec:\s+([\d.]+)", outcome.stdout)[1]), percentile(50), percentile(99)


def run_api(quick):
    seconds = 3 if quick else 15
    with tempfile.TemporaryDirectory(prefix="dth-bench.") as directory:
        directory = pathlib.Path(directory)
        # One client is to have all of it.
        hub = Hub(directory, environment={"DTH_CLIENT_COST_PER_SECOND": "1000000000"})
        try:
            print(f"ready after          {hub.ready_seconds * 1000:8.0f} ms   <= 500 ms")
            print(f"idle, resident       {resident_bytes(hub.process.pid) / (1 << 20):8.1f} MiB  <= 30 MiB")
            for name, body, goal in (("{ hub { version } }", HUB, ">= 10,000/s; p99 <= 10 ms at half of it"), ("20 runs, of none", RUNS, "")):
                script = directory / "query.lua"
                script.write_text(LUA % (body, hub.token()))
                # One connection asks again when it is answered: some half of what the core can do.
                for connections in (1, 4, 64):
                    rate, half, most = wrk(hub.url, script, connections, seconds)
                    print(f"{name:20} {connections:3} connections {rate:10,.0f} queries/s   p50 {half:7.2f} ms   p99 {most:7.2f} ms   {goal}")
            print(f"after it, resident   {resident_bytes(hub.process.pid) / (1 << 20):8.1f} MiB")
        finally:
            hub.stop()
    return 0
