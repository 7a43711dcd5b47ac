#!/usr/bin/env python3
"""Gives a hub something to look at: a credential, endpoints of two S3 servers and of a directory, and three tasks, of which
one has run, one has a schedule, and one has a failure to look at.

usage: demonstrate_hub.py HUB_URL SOURCE_S3_URL DESTINATION_S3_URL DIRECTORY     with an administrator's token in DTH_TOKEN
The source has the bucket that make_objects.py filled. Python's own library only.
"""
import json
import os
import pathlib
import sys
import time
import urllib.request

SECONDS_MAX = 120


class Hub:
    def __init__(self, url, token):
        self.url = url
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, query, variables=None):
        body = json.dumps({"query": query, "variables": variables or {}}).encode()
        with urllib.request.urlopen(urllib.request.Request(f"{self.url}/graphql", body, self.headers), timeout=60) as answer:
            told = json.load(answer)
        if "errors" in told:
            raise SystemExit(f"demonstrate_hub.py: the hub answered {told['errors']}")
        return told["data"]

    def mutate(self, name, value, fields):
        kind = name[0].upper() + name[1:]
        query = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} userErrors {{ field message }} }} }}"
        payload = self.ask(query, {"input": value})[name]
        if payload["userErrors"]:
            raise SystemExit(f"demonstrate_hub.py: {name}: {payload['userErrors']}")
        return payload


def pairs(**values):
    return [{"name": name.replace("_", "-"), "value": value} for name, value in values.items()]


def make_endpoints(hub, source, destination):
    key = hub.mutate("createCredential", {"name": "demonstration-key", "kind": "aws_access_key", "secrets": pairs(
        access_key_id="TESTACCESSKEY", secret_access_key="testsecretkey")}, "credential { id }")["credential"]["id"]
    made = {}
    for name, url in (("source-server", source), ("destination-server", destination)):
        endpoint = {"name": name, "kind": "s3", "vendor": "ceph", "credentialId": key, "options": pairs(endpoint_url=url, addressing="path")}
        made[name] = hub.mutate("createEndpoint", {"endpoint": endpoint}, "endpoint { id }")["endpoint"]["id"]
        test = hub.mutate("testEndpoint", {"id": made[name]}, "test { ok checks { name state } }")["test"]
        passed = sum(check["state"] == "PASSED" for check in test["checks"])
        print(f"endpoint {name}: {url}, {passed} checks passed")
        if not test["ok"]:
            raise SystemExit(f"demonstrate_hub.py: {name} does not work: {test['checks']}")
    directory = {"name": "this-machine", "kind": "file", "description": "Directories of the hub's host."}
    made["this-machine"] = hub.mutate("createEndpoint", {"endpoint": directory}, "endpoint { id }")["endpoint"]["id"]
    return made


def tasks_of(endpoints, directory):
    source, destination = endpoints["source-server"], endpoints["destination-server"]
    manual = {"kind": "MANUAL"}
    return [
        {"name": "medium-objects", "description": "Ten objects of 5 MB, once more into a prefix of their own.", "action": "COPY",
         "source": {"endpointId": source, "path": "quickstart-source/medium/"},
         "destination": {"endpointId": destination, "path": "quickstart-destination/task/medium/"}, "schedule": manual},
        {"name": "mirror-every-night", "description": "Deletions wait until somebody approves them.", "action": "SYNC",
         "labels": [{"name": "team", "value": "demonstration"}],
         "source": {"endpointId": source, "path": "quickstart-source/small/"},
         "destination": {"endpointId": destination, "path": "quickstart-destination/mirror/small/"},
         "schedule": {"kind": "CRON", "cron": "0 4 * * *", "zone": "UTC"}},
        {"name": "into-a-directory", "description": "A directory cannot keep an object whose key ends with a slash and that has content.",
         "action": "COPY", "options": pairs(include="markers/**") + pairs(include="small/00/**"),
         "source": {"endpointId": source, "path": "quickstart-source/"},
         "destination": {"endpointId": endpoints["this-machine"], "path": f"{directory}/objects/"}, "schedule": manual},
    ]


def wait_for(hub, task):
    deadline = time.monotonic() + SECONDS_MAX
    query = "query($id: ID!) { task(id: $id) { name activity lastRun { id state counts { copied failed } } } }"
    while time.monotonic() < deadline:
        told = hub.ask(query, {"id": task})["task"]
        if told["activity"] == "IDLE" and told["lastRun"]:
            return told
        time.sleep(0.2)
    raise SystemExit(f"demonstrate_hub.py: a task did not end within {SECONDS_MAX} s: {told}")


def main():
    if len(sys.argv) != 5 or not os.environ.get("DTH_TOKEN"):
        raise SystemExit(__doc__)
    url, source, destination, directory = sys.argv[1:]
    pathlib.Path(directory).mkdir(parents=True, exist_ok=True)
    hub = Hub(url, os.environ["DTH_TOKEN"])
    endpoints = make_endpoints(hub, source, destination)
    for task in tasks_of(endpoints, directory):
        starts = task["schedule"]["kind"] == "MANUAL"
        made = hub.mutate("createTask", {"task": task, "start": starts}, "task { id nextRunAt }")["task"]
        if not starts:
            print(f"task {task['name']}: next run at {made['nextRunAt']}")
            continue
        ended = wait_for(hub, made["id"])["lastRun"]
        print(f"task {task['name']}: {ended['state']}, {ended['counts']['copied']} copied, {ended['counts']['failed']} failed")


if __name__ == "__main__":
    main()
