#!/usr/bin/env python3
"""A hub with much to look at, for pictures of the console and for people who work on it.

usage: scene.py DTH BENCH_S3_SERVER [PORT]

Starts S3 servers of tests/e2e/fake_s3 and bench_s3_server, and a hub with users, endpoints, tasks in all their states and runs
that run, wait, failed and succeeded. Prints one line of JSON (url, email, password, ids), and ends when its standard input does.
"""
import datetime
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

root = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(root / "tests/e2e"))
sys.dont_write_bytecode = True

ADMINISTRATOR = ("lin.wei@example.org", "violet otter sails north")
KEY = {"access_key_id": "TESTACCESSKEY", "secret_access_key": "testsecretkey"}
SECONDS_MAX = 120
MIB = 1 << 20


def pairs(**values):
    return [{"name": name.replace("_", "-"), "value": str(value)} for name, value in values.items()]


class Scene:
    def __init__(self, hub, fakes, benches):
        self.hub, self.fakes, self.benches = hub, fakes, benches
        self.endpoints, self.tasks = {}, {}

    def mutate(self, name, value, fields, kind=None):
        kind = kind or name[0].upper() + name[1:] + "Input"
        told = self.hub.ask(f"mutation($input: {kind}!) {{ {name}(input: $input) {{ {fields} userErrors {{ field message }} }} }}", {"input": value})[name]
        if told["userErrors"]:
            raise SystemExit(f"scene.py: {name}: {told['userErrors']}")
        return told

    def credential(self, name, days=None, **secrets):
        ends = days and (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=days)).isoformat()
        kind = {"name": name, "kind": "aws_access_key", "secrets": pairs(**secrets), "expiresAt": ends}
        return self.mutate("createCredential", kind, "credential { id }")["credential"]["id"]

    def endpoint(self, name, url, credential, vendor="aws", bucket=None, labels=(), **options):
        value = {"name": name, "kind": "s3", "vendor": vendor, "credentialId": credential, "labels": [{"name": n, "value": v} for n, v in labels],
                 "options": pairs(endpoint_url=url, region="us-east-1", vendor="aws", addressing="path", **options)}
        self.endpoints[name] = self.mutate("createEndpoint", {"endpoint": value}, "endpoint { id }")["endpoint"]["id"]
        self.mutate("testEndpoint", {"id": self.endpoints[name], "bucket": bucket}, "test { ok }")

    def task(self, name, action, source, destination, start=True, cron=None, schedule=None, labels=(), description="", **options):
        places = [{"endpointId": self.endpoints[endpoint], "path": path} for endpoint, path in (source, destination)]
        value = {"name": name, "description": description, "action": action, "source": places[0], "destination": places[1], "options": pairs(**options),
                 "labels": [{"name": n, "value": v} for n, v in labels],
                 "schedule": schedule or ({"kind": "CRON", "cron": cron, "zone": "Europe/Berlin"} if cron else {"kind": "MANUAL"})}
        self.tasks[name] = self.mutate("createTask", {"task": value, "start": start}, "task { id }")["task"]["id"]

    def wait(self, name, *activities):
        query = "query($id: ID!) { task(id: $id) { activity currentRun { id } lastRun { id state error } } }"
        deadline = time.monotonic() + SECONDS_MAX
        while True:
            told = self.hub.ask(query, {"id": self.tasks[name]})["task"]
            if told["activity"] in activities and (told["lastRun"] or told["currentRun"]):
                return told
            if time.monotonic() > deadline:
                raise SystemExit(f"scene.py: {name} did not come to {activities}: {told}")
            time.sleep(0.2)


def fill(source, destination):
    """What is in the fake servers before anything runs."""
    for bucket in ("photos", "product-catalogue", "billing", "datasets", "exports", "documents"):
        source.add_bucket(bucket)
    for bucket in ("photos-archive", "catalogue-cn", "billing-mirror", "exports-cold", "documents-copy"):
        destination.add_bucket(bucket)
    for i in range(840):
        source.add_object("photos", f"2026/{i % 12 + 1:02}/IMG_{4000 + i}.jpg", bytes([i % 251]) * (9_000 + i * 37), 90_000 + i * 60)
    for i in range(1_240):
        source.add_object("product-catalogue", f"items/{i // 100:02}/{1_000_000 + i}.webp", b"item" * (500 + i), 7_200)
    for i in range(96):
        source.add_object("billing", f"2026/invoices/{i:04}.pdf", b"%PDF" * 700, 7_200)
    for i in range(414):
        destination.add_object("billing-mirror", f"2026/invoices/{i:04}.pdf" if i < 96 else f"2019/statements/{i:04}.csv", b"%PDF" * 700, 3_600)
    for i in range(60):
        source.add_object("exports", f"daily/{i:03}.parquet", b"PAR1" * 4_000, 7_200)
        source.add_object("documents", f"contracts/{i:03}.pdf", b"%PDF" * 900, 7_200)
        destination.add_object("documents-copy", f"contracts/{i:03}.pdf", b"%PDF" * (900 if i % 15 else 901), 3_600)
    for i in range(700, 709):
        source.fail("refused", "GetObject", key=f"items/{i // 100:02}/{1_000_000 + i}.webp", times=None, status=403, code="AccessDenied",
                    message="User: arn:aws:iam::210987654321:user/replicator is not authorized to perform: s3:GetObject because no identity-based policy allows it")
    for i in (310, 311, 912):
        destination.fail("refused", "PutObject", key=f"items/{i // 100:02}/{1_000_000 + i}.webp", times=None, status=400, code="InvalidArgument",
                         message="The specified metadata value is not valid")


def make(scene):
    """Endpoints, tasks and runs, in the order in which they come to their states."""
    source, destination = scene.fakes
    slow, sink = scene.benches
    replicator, archive = scene.credential("replicator", **KEY), scene.credential("archive-writer", days=9, **KEY)
    scene.endpoint("aws-frankfurt", source.endpoint, replicator, bucket="photos", labels=[("team", "media")])
    scene.endpoint("aws-oregon", destination.endpoint, archive, bucket="photos-archive")
    scene.endpoint("studio-ceph", slow.endpoint, replicator, vendor="ceph", bucket="masters")
    scene.endpoint("aws-beijing", sink.endpoint, archive, vendor="aws-cn", bucket="masters-cn")
    scene.endpoint("old-nas", "http://127.0.0.1:9", replicator, vendor="minio")
    a, b = "aws-frankfurt", "aws-oregon"
    scene.task("video-masters-to-beijing", "COPY", ("studio-ceph", "masters/2026/"), ("aws-beijing", "masters-cn/2026/"), concurrency=24,
               labels=[("team", "media"), ("tier", "1")], description="Finished masters, for the edit in Beijing.")
    scene.task("photos-to-archive", "COPY", (a, "photos/"), (b, "photos-archive/2026/"), cron="0 20 * * *", labels=[("team", "media")])
    scene.task("product-catalogue-cn", "COPY", (a, "product-catalogue/"), (b, "catalogue-cn/"), cron="15 */4 * * *", attempts=1)
    scene.wait("photos-to-archive", "IDLE")
    scene.mutate("runTasks", {"ids": [scene.tasks["photos-to-archive"]]}, "results { id }")
    scene.task("billing-mirror", "SYNC", (a, "billing/"), (b, "billing-mirror/"), cron="0 5 * * 0")
    scene.task("documents-check", "VERIFY", (a, "documents/"), (b, "documents-copy/"), cron="30 6 1 * *")
    scene.task("datasets-to-oregon", "COPY", (a, "datasets-2025/"), (b, "photos-archive/datasets/"), cron="0 3 * * 1-5")
    scene.task("billing-tidy", "SYNC", (a, "billing/2026/"), (b, "billing-mirror/"), start=True, delete_max=50, labels=[("team", "finance")])
    scene.task("nightly-exports", "COPY", (a, "exports/daily/"), (b, "exports-cold/daily/"), cron="0 2 * * *")
    scene.task("quarterly-report-assets", "COPY", (a, "documents/contracts/"), (b, "exports-cold/reports/"), start=False,
               schedule={"kind": "ONCE", "at": (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=12)).isoformat(), "zone": "Europe/Berlin"})
    scene.task("exports-every-15-min", "COPY", (a, "exports/daily/"), (b, "exports-cold/quarter/"), schedule={"kind": "EVERY", "everyCount": 15, "everyUnit": "MINUTES"})
    scene.task("old-site-backup", "COPY", (a, "documents/"), (b, "exports-cold/site/"), start=False)
    for name in ("nightly-exports", "product-catalogue-cn", "documents-check", "billing-tidy", "photos-to-archive", "exports-every-15-min"):
        scene.wait(name, "IDLE")
    scene.wait("billing-mirror", "WAITS_FOR_APPROVAL")
    scene.wait("datasets-to-oregon", "WAITING")
    scene.mutate("pauseTasks", {"ids": [scene.tasks["nightly-exports"]]}, "results { id }", "TaskIdsInput")
    scene.mutate("archiveTasks", {"ids": [scene.tasks["old-site-backup"]]}, "results { id }", "TaskIdsInput")
    # Its key is taken away from it: the run waits for somebody who gives it another one.
    refused = scene.credential("legacy-logs", access_key_id="TESTACCESSKEY", secret_access_key="not the secret")
    scene.endpoint("legacy-logs", source.endpoint, refused, bucket="exports")
    scene.task("logs-to-cold-storage", "COPY", ("legacy-logs", "exports/"), (b, "exports-cold/logs/"), cron="45 1 * * *")


def people(scene):
    for name, email, role in (("Anna Schmidt", "anna.schmidt@example.org", "OPERATOR"), ("Jonas Weber", "jonas.weber@example.org", "VIEWER"), ("Zhao Min", "zhao.min@example.org", "VIEWER")):
        scene.mutate("createUser", {"name": name, "email": email, "role": role}, "setPasswordToken")
    # Tokens are made by users who have signed in.
    def post(query, variables, **headers):
        body = json.dumps({"query": query, "variables": variables})
        return scene.hub.request("POST", "/graphql", body, {"Content-Type": "application/json", "X-DTH-Request": "scene", **headers}, signed_in=False)
    signed_in = post("mutation($input: SignInInput!) { signIn(input: $input) { userErrors { message } } }", {"input": dict(zip(("email", "password"), ADMINISTRATOR))})
    cookies = "; ".join(line.split(";")[0] for line in signed_in[1].get_all("Set-Cookie"))
    for name, scope in (("nightly report", "READ"), ("deployment pipeline", "OPERATE")):
        post("mutation($input: CreateApiTokenInput!) { createApiToken(input: $input) { userErrors { message } } }", {"input": {"name": name, "scope": scope}}, Cookie=cookies)


def command_line_run(program, data, environment, endpoints):
    """One that ended well, and one whose process was killed."""
    def copy(path, *more):
        return [program, "copy", "s3://" + path, "s3://exports-cold/by-hand/", "--database", f"sqlite:{data}/state.db", "--source-endpoint-url", endpoints[0],
                "--destination-endpoint-url", endpoints[1], *[f"--{side}-{name}" for side in ("source", "destination") for name in ("addressing=path", "region=us-east-1", "vendor=aws")], *more]
    keys = {f"DTH_{side}_{name.upper()}": value for side in ("SOURCE", "DESTINATION") for name, value in KEY.items()}
    done = subprocess.run(copy("documents/contracts/"), env={**environment, **keys}, capture_output=True, text=True, timeout=SECONDS_MAX)
    if done.returncode:
        raise SystemExit(f"scene.py: dth copy ended with {done.returncode}: {done.stderr}")


def main():
    program, bench = sys.argv[1:3]
    port = sys.argv[3] if len(sys.argv) > 3 else "0"
    os.environ.update(DTH_TEST_BINARY=program, DTH_TEST_BENCH_SERVER=bench)
    from dth import BenchServer
    from fake_s3 import FakeS3
    from hub import Hub
    with tempfile.TemporaryDirectory(prefix="dth-scene.") as directory:
        data = pathlib.Path(directory) / "data"
        environment = {"HOME": directory, "PATH": os.environ["PATH"]}
        subprocess.run([program, "admin", "create-user", "--create", "--data-dir", data, "--email", ADMINISTRATOR[0], "--name", "Lin Wei", "--role", "admin"],
                       input=ADMINISTRATOR[1] + "\n", text=True, check=True, env=environment, stdout=subprocess.DEVNULL)
        fakes = [FakeS3("aws"), FakeS3("aws")]
        fill(*fakes)
        benches = [BenchServer("--etag", "crc", "--delay-ms", 250, "--synthetic", f"masters:2026/reel-:400000:{MIB // 2}"),
                   BenchServer("--etag", "crc", "--discard", "--delay-ms", 30, "--bucket", "masters-cn")]
        hub = Hub(data, ["--listen", f"127.0.0.1:{port}"], {**environment, "DTH_CLIENT_COST_PER_SECOND": "1000000000"})
        try:
            scene = Scene(hub, fakes, benches)
            make(scene)
            people(scene)
            command_line_run(program, data, environment, [fake.endpoint for fake in fakes])
            runs = hub.ask("{ runs(first: 50) { nodes { id state task { name } } } }")["runs"]["nodes"]
            print(json.dumps({"url": hub.url, "email": ADMINISTRATOR[0], "password": ADMINISTRATOR[1], "token": hub.token, "tasks": scene.tasks, "endpoints": scene.endpoints, "runs": runs}), flush=True)
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
            sys.stdin.read()
        finally:
            hub.kill()
            for server in (*fakes, *benches):
                server.stop()


if __name__ == "__main__":
    main()
