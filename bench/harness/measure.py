"""Runs a command to its end and says what it cost."""
import os
import pathlib
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/release"


def cores():
    """(of the servers, of the copier): apart where there are two cores or more."""
    available = sorted(os.sched_getaffinity(0))
    if len(available) < 2:
        return available, available
    half = max(1, len(available) // 2)
    return available[half:], available[:half]


SERVER_CORES, COPIER_CORES = cores()


class Failed(Exception):
    """A command that did not end well; the text says why."""


def measure(command, environment, timeout, stdin=None):
    """On the copier's cores: {"cpu", "wall"} in seconds, "rss_bytes", "output"; raises Failed."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "RCLONE_", "DTH_"))}
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        start = time.monotonic()
        process = subprocess.Popen(list(map(str, command)), stdout=output, stderr=errors, stdin=stdin or subprocess.DEVNULL,
                                   env=clean | environment, preexec_fn=lambda: os.sched_setaffinity(0, COPIER_CORES))
        while True:
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            if time.monotonic() - start > timeout:
                process.kill()
                os.wait4(process.pid, 0)
                process.returncode = -9
                raise Failed(f"took more than {timeout} s")
            time.sleep(0.005)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - start
        errors.seek(0)
        if process.returncode != 0:
            raise Failed(f"exit {process.returncode}: " + errors.read().decode(errors="replace")[-600:].strip())
        if os.fstat(output.fileno()).st_size > 1 << 20:
            text = ""  # an object, not a report
        else:
            output.seek(0)
            text = output.read().decode(errors="replace")
    return {"cpu": used.ru_utime + used.ru_stime, "wall": wall, "rss_bytes": used.ru_maxrss * 1024, "output": text}
