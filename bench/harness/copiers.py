"""The floor, ours, and the others: each runs one Work and returns what measure() does, or None where it has no part in it."""
import json
import shutil
import time

from .measure import BUILD, measure
from .server import KEYS

SMALL_BYTES_MAX = 1 << 20


def program():
    return next((path for path in (BUILD / "dth", BUILD / "src/main/dth") if path.exists()), None)


def run_floor(work):
    if work.floor is None:
        return None
    small = work.size_bytes < SMALL_BYTES_MAX
    options = ["--sign"] if small else []
    options += ["--tls"] if work.certificate else []
    options += ["--hash", work.floor] if work.floor else []
    return measure([BUILD / "bench/floor", work.source.port, "src/" + work.prefix, work.destination.port, "dst/" + work.prefix,
                    work.count, 64 if small else 4, *options], {}, work.timeout)


def run_ours(work):
    state = work.directory / f"ours-{time.monotonic_ns()}"
    state.mkdir()
    environment = {"DTH_SOURCE_ACCESS_KEY_ID": KEYS[0], "DTH_SOURCE_SECRET_ACCESS_KEY": KEYS[1], "HOME": str(state),
                   "DTH_DESTINATION_ACCESS_KEY_ID": KEYS[0], "DTH_DESTINATION_SECRET_ACCESS_KEY": KEYS[1]}
    options = ["--unsigned-payload"]
    for side, server in (("source", work.source), ("destination", work.destination)):
        options += [f"--{side}-endpoint-url", server.url, f"--{side}-addressing", "path"]
        if work.certificate:
            options += [f"--{side}-ca-bundle", work.certificate.path]
    result = measure([program(), "copy", f"s3://src/{work.prefix}", f"s3://dst/{work.prefix}", *options, *work.options,
                      "--database", f"sqlite:{state / 'state.db'}", "--output", "json"], environment, work.timeout)
    summary = json.loads(result["output"])
    if summary["failed"] or summary["undetermined"]:
        raise AssertionError(f"{summary['failed']} failed and {summary['undetermined']} undetermined objects")
    result["proof"] = ", ".join(kind for kind, number in summary["proof"].items() if number)
    result["transactions"] = str(summary["state_transactions"])
    shutil.rmtree(state)
    return result


def _rclone_environment(work):
    environment = {"RCLONE_CONFIG": str(work.directory / "rclone.conf")}
    for name, server in (("A", work.source), ("B", work.destination)):
        for option, value in (("TYPE", "s3"), ("PROVIDER", "Other"), ("ACCESS_KEY_ID", KEYS[0]), ("REGION", "us-east-1"),
                              ("SECRET_ACCESS_KEY", KEYS[1]), ("ENDPOINT", server.url), ("LIST_VERSION", "2"),
                              ("LIST_URL_ENCODE", "true")):
            environment[f"RCLONE_CONFIG_{name}_{option}"] = value
    return environment


def _rclone(work, tuned):
    source, destination = "A:src/" + work.prefix, "B:dst/" + work.prefix
    if work.identical:
        if tuned:
            return None
        return measure(["rclone", "check", "--size-only", source, destination], _rclone_environment(work), work.timeout)
    options = ["--transfers", "64"]
    if tuned:
        options += ["--s3-no-head", "--no-check-dest", "--s3-disable-checksum", "--s3-upload-cutoff", "5G"]
    elif work.size_bytes > SMALL_BYTES_MAX:
        options = []
    if work.certificate:
        options += ["--ca-cert", work.certificate.path]
    return measure(["rclone", "copy", *options, source, destination], _rclone_environment(work), work.timeout)


def run_rclone(work):
    return _rclone(work, False)


def run_rclone_tuned(work):
    return _rclone(work, True)


def _there_and_back(work, get, put, environment):
    """For those that copy only by way of this machine: one object to nowhere, and as many bytes from a file; the sum."""
    path = work.directory / "bytes"
    with open(path, "wb") as file:
        file.truncate(work.size_bytes)
    read = measure(get, environment, work.timeout)
    written = measure([*put[:-1], path, put[-1]], environment, work.timeout)
    path.unlink()
    return {"cpu": (read["cpu"] + written["cpu"]) * work.count, "wall": (read["wall"] + written["wall"]) * work.count,
            "rss_bytes": max(read["rss_bytes"], written["rss_bytes"])}


def run_aws(work):
    environment = {"AWS_ACCESS_KEY_ID": KEYS[0], "AWS_SECRET_ACCESS_KEY": KEYS[1], "AWS_DEFAULT_REGION": "us-east-1",
                   "AWS_CONFIG_FILE": str(work.directory / "aws.conf"), "AWS_EC2_METADATA_DISABLED": "true"}
    key = f"{work.prefix}{0:09}"
    aws = "/usr/bin/aws"
    return _there_and_back(work, [aws, "s3", "cp", "--endpoint-url", work.source.url, f"s3://src/{key}", "-"],
                           [aws, "s3", "cp", "--endpoint-url", work.destination.url, f"s3://dst/{key}"], environment)


def run_s3cmd(work):
    (work.directory / "s3cfg").write_text("")
    key = f"{work.prefix}{0:09}"

    def command(server, *more):
        host = server.url.removeprefix("http://")
        return ["s3cmd", "-c", work.directory / "s3cfg", "--access_key", KEYS[0], "--secret_key", KEYS[1], "--host", host,
                "--host-bucket", host, "--no-ssl", "--no-progress", *more]

    return _there_and_back(work, command(work.source, "get", f"s3://src/{key}", "-"),
                           command(work.destination, "put", f"s3://dst/{key}"), {})


COPIERS = {"floor": run_floor, "ours": run_ours, "rclone": run_rclone, "rclone tuned": run_rclone_tuned, "aws s3": run_aws,
           "s3cmd": run_s3cmd}
NEEDS = {"rclone": "rclone", "rclone tuned": "rclone", "aws s3": "/usr/bin/aws", "s3cmd": "s3cmd"}


def is_there(copier):
    return copier not in NEEDS or shutil.which(NEEDS[copier]) is not None
