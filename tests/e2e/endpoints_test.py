"""Endpoints of a hub: made, changed, tested, browsed; who may, and what never comes out."""
import datetime
import http.client
import json
import os
import threading
import time
import unittest
import uuid

from dth import setting
from fake_s3 import FakeS3
from hub import HubTest
from s3_client import Client

PLANTED = "pl4nted"


class EndpointHost(HubTest):
    """What these tests do with a hub."""

    def start(self, *options, environment=None):
        self.running = self.hub("--log-level", "debug", "--log-format", "json", *options, environment=environment)
        self.headers = self.of(self.running.token)
        self.said = []
        return self.running

    @staticmethod
    def of(token):
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, query, variables=None, headers=None):
        body = json.dumps({"query": query, "variables": variables or {}}).encode()
        _, _, answer = self.running.request("POST", "/graphql", body, headers or self.headers)
        self.said.append(answer.decode())
        return json.loads(answer)

    def answer_of(self, query, variables=None, headers=None):
        answer = self.ask(query, variables, headers)
        self.assertNotIn("errors", answer, answer)
        return answer["data"]

    def mutate(self, name, value, fields, headers=None):
        kind = name[0].upper() + name[1:]
        query = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} userErrors {{ field message code }} }} }}"
        return self.answer_of(query, {"input": value}, headers)[name]

    @staticmethod
    def pairs(values):
        return [{"name": name, "value": value} for name, value in values.items()]

    def make_key(self, name, key_id, secret):
        made = self.mutate("createCredential", {"name": name, "kind": "aws_access_key", "secrets": self.pairs(
            {"access-key-id": key_id, "secret-access-key": secret})}, "credential { id }")
        return made["credential"]["id"]

    def endpoint_input(self, name, credential=None, kind="s3", **options):
        return {"name": name, "kind": kind, "credentialId": credential,
                "options": self.pairs({key.replace("_", "-"): value for key, value in options.items()})}

    def create(self, name, credential=None, kind="s3", **options):
        made = self.mutate("createEndpoint", {"endpoint": self.endpoint_input(name, credential, kind, **options)}, "endpoint { id }")
        self.assertEqual(made["userErrors"], [])
        return made["endpoint"]["id"]


class EndpointsTest(EndpointHost):
    def test_an_endpoint_is_created_changed_and_deleted(self):
        self.start()
        key = self.make_key("key", "AKIAPUBLIC", PLANTED)
        made = self.create("store", key, endpoint_url="https://store.example", region="eu-west-1")
        told = self.answer_of("query($id: ID!) { endpoint(id: $id) { address credential { name } options { name value } } }",
                         {"id": made})["endpoint"]
        self.assertEqual(told["address"], "https://store.example")
        self.assertEqual(told["credential"], {"name": "key"})
        moved = {"id": made, "revision": 1, "endpoint": self.endpoint_input("store", key, endpoint_url="https://other.example:9000")}
        refused = self.mutate("updateEndpoint", moved, "endpoint { id }")
        self.assertEqual(refused["userErrors"][0]["code"], "CONFIRMATION_REQUIRED")
        self.assertIn("other.example:9000", refused["userErrors"][0]["message"])
        changed = self.mutate("updateEndpoint", dict(moved, confirmHost="other.example:9000"), "endpoint { address revision }")
        self.assertEqual(changed["endpoint"], {"address": "https://other.example:9000", "revision": 2})
        in_use = self.mutate("deleteCredential", {"id": key}, "deletedCredentialId")
        self.assertEqual(in_use["userErrors"][0]["code"], "IN_USE")
        self.assertIn("endpoint store", in_use["userErrors"][0]["message"])
        self.assertEqual(self.mutate("deleteEndpoint", {"id": made}, "deletedEndpointId")["deletedEndpointId"], made)
        log = self.running.log
        self.running.stop()
        for text in self.said + [log]:
            self.assertNotIn(PLANTED, text)

    def test_what_cannot_be_an_endpoint_is_refused_at_its_field(self):
        self.start()
        for options, field in (({"endpoint_url": "ftp://x"}, "endpoint-url"), ({"endpoint_url": "https://u:p@x"}, "endpoint-url"),
                               ({"region": "narnia"}, "region"), ({"proxy": "u:p@proxy"}, "proxy"), ({"addressing": "x"}, "addressing"),
                               ({"vendor": "acme"}, "vendor"), ({"nothing": "x"}, "nothing")):
            with self.subTest(field):
                answer = self.mutate("createEndpoint", {"endpoint": self.endpoint_input("x", **options)}, "endpoint { id }")
                self.assertEqual([error["field"] for error in answer["userErrors"]], [["input", "endpoint", "options", field]], answer)

    def test_only_administrators_make_endpoints(self):
        self.start()
        made = self.create("store", region="eu-west-1")
        for role in ("viewer", "operator"):
            headers = self.of(self.running.make_token(role))
            self.assertEqual(self.answer_of("{ endpoints { nodes { name } } }", headers=headers)["endpoints"]["nodes"], [{"name": "store"}])
            for name, value in (("createEndpoint", {"endpoint": self.endpoint_input("x")}), ("deleteEndpoint", {"id": made}),
                                ("updateEndpoint", {"id": made, "revision": 1, "endpoint": self.endpoint_input("x")})):
                kind = name[0].upper() + name[1:]
                answer = self.ask(f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ userErrors {{ code }} }} }}",
                                  {"input": value}, headers)
                self.assertEqual(answer["errors"][0]["extensions"]["code"], "PERMISSION_DENIED", name)


TEST = ("ok identity clockSkewMilliseconds checks { name state milliseconds detail error advice missingPermission vendorCode "
        "requestId }")


class LooksTest(EndpointHost):
    """Tests of endpoints, and what they hold, on a server that does wrong on demand."""

    def setUp(self):
        super().setUp()
        self.fake = FakeS3("ceph")
        self.addCleanup(self.fake.stop)
        self.fake.secrets["PLANTEDKEY"] = PLANTED
        for bucket in ("alpha", "beta"):
            self.fake.add_bucket(bucket)
        for key in ("top", "in/", "in/one", "in/two", "in/deep/er", "in/t\u00fcr"):
            self.fake.add_object("alpha", key, b"bytes")

    def store(self, name="store", credential=True, **options):
        key = self.make_key(name + " key", "PLANTEDKEY", PLANTED) if credential else None
        return self.create(name, key, endpoint_url=self.fake.endpoint, region="us-east-1", **options)

    def look(self, value, headers=None):
        answer = self.mutate("testEndpoint", value, f"test {{ {TEST} }}", headers)
        self.assertEqual(answer["userErrors"], [])
        return answer["test"]

    @staticmethod
    def states(test):
        return {check["name"]: check["state"] for check in test["checks"]}

    def check(self, test, name):
        return next(check for check in test["checks"] if check["name"] == name)

    def browse(self, headers=None, first=100, after=None, **value):
        query = ("query($input: BrowseInput!, $first: Int!, $after: String) { browse(input: $input, first: $first, after: $after) "
                 "{ path hasNextPage endCursor entries { kind name path size modifiedAt storageClass } } }")
        return self.answer_of(query, {"input": value, "first": first, "after": after}, headers)["browse"]

    def test_every_check_passes_and_nothing_stays(self):
        self.start()
        made = self.store()
        before = self.fake.bodies("alpha")
        test = self.look({"id": made, "bucket": "alpha", "prefix": "in/", "access": ["READ", "WRITE"]})
        self.assertEqual(self.states(test), {
            "ADDRESS": "PASSED", "CONNECTION": "PASSED", "TLS": "WARNING", "CREDENTIAL": "PASSED", "CLOCK": "PASSED",
            "LIST_BUCKETS": "PASSED", "LIST": "PASSED", "READ": "PASSED", "WRITE": "PASSED", "DELETE": "PASSED"}, test)
        self.assertEqual(test["identity"], "PLANTEDKEY")
        self.assertEqual(self.check(test, "LIST_BUCKETS")["detail"], "2 buckets")
        self.assertEqual(self.fake.bodies("alpha"), before)
        self.assertEqual(self.fake.count("PutObject"), 1)
        kept = self.answer_of("query($id: ID!) { endpoint(id: $id) { revision lastTest { %s } } }" % TEST, {"id": made})["endpoint"]
        self.assertEqual(kept, {"revision": 1, "lastTest": test})
        events = self.answer_of("{ auditEvents(filter: {action: \"testEndpoint\"}) { nodes { targetId } } }")
        self.assertEqual(events["auditEvents"]["nodes"], [{"targetId": made}])
        # Another place was not tested.
        self.mutate("updateEndpoint", {"id": made, "revision": 1, "endpoint": self.endpoint_input("store", endpoint_url=self.fake.endpoint)},
                    "endpoint { id }")
        self.assertIsNone(self.answer_of("query($id: ID!) { endpoint(id: $id) { lastTest { ok } } }", {"id": made})["endpoint"]["lastTest"])

    def test_a_wrong_secret_is_the_check_that_fails(self):
        self.start()
        made = self.create("store", self.make_key("key", "PLANTEDKEY", PLANTED + "-wrong"), endpoint_url=self.fake.endpoint,
                           region="us-east-1")
        test = self.look({"id": made, "bucket": "alpha"})
        check = self.check(test, "CREDENTIAL")
        self.assertEqual((test["ok"], check["state"], check["vendorCode"]), (False, "FAILED", "SignatureDoesNotMatch"), test)
        self.assertTrue(check["requestId"])
        self.assertEqual(self.states(test)["LIST"], "NOT_TRIED")

    def test_missing_permissions_are_named(self):
        self.start()
        made = self.store()
        for operation in ("ListBuckets", "GetObject", "PutObject"):
            self.fake.fail("refused", operation, times=None, status=403, code="AccessDenied")
        test = self.look({"id": made, "bucket": "alpha", "access": ["READ", "WRITE"]})
        self.assertEqual({check["name"]: check["missingPermission"] for check in test["checks"] if check["missingPermission"]},
                         {"LIST_BUCKETS": "s3:ListAllMyBuckets", "READ": "s3:GetObject", "WRITE": "s3:PutObject"}, test)
        self.assertEqual(self.states(test)["LIST_BUCKETS"], "WARNING")
        self.assertEqual(self.states(test)["CREDENTIAL"], "PASSED")
        self.assertEqual(self.fake.count("DeleteObject"), 0)
        self.fake.heal()
        self.fake.fail("refused", "ListObjectsV2", times=None, status=403, code="AccessDenied")
        test = self.look({"id": made, "bucket": "alpha"})
        self.assertEqual(self.check(test, "LIST")["missingPermission"], "s3:ListBucket")

    def test_what_was_perhaps_written_is_deleted(self):
        self.start()
        made = self.store()
        self.fake.fail("refused", "PutObject", times=1, status=500, code="InternalError")
        test = self.look({"id": made, "bucket": "alpha", "access": ["WRITE"]})
        self.assertEqual(self.states(test)["WRITE"], "FAILED")
        self.assertEqual(self.states(test)["DELETE"], "PASSED")
        self.assertEqual(self.fake.count("DeleteObject"), 1)

    def test_a_server_that_is_not_there_and_a_page_of_somebody_else(self):
        self.start()
        made = self.store()
        self.fake.fail("login_page", "ListBuckets", times=None)
        test = self.look({"id": made})
        self.assertEqual(self.states(test)["LIST_BUCKETS"], "FAILED", test)
        self.assertNotEqual(self.states(test)["CREDENTIAL"], "PASSED", "no store answered")
        self.fake.go_away()
        test = self.look({"id": made, "bucket": "alpha"})
        self.assertEqual(self.states(test)["CONNECTION"], "FAILED")
        self.assertEqual(self.states(test)["CREDENTIAL"], "NOT_TRIED")
        self.assertTrue(self.check(test, "CONNECTION")["advice"])
        self.fake.come_back()

    def test_a_clock_that_is_far_off_is_told(self):
        self.start()
        made = self.store()
        self.fake.clock_offset = datetime.timedelta(hours=2)
        test = self.look({"id": made, "bucket": "alpha"})
        self.assertEqual(self.states(test)["CLOCK"], "WARNING", test)
        self.assertAlmostEqual(test["clockSkewMilliseconds"], 7_200_000, delta=5_000)
        self.assertEqual(self.states(test)["LIST"], "PASSED", "requests are signed by the store's clock")

    def test_addresses_that_the_hub_may_not_reach(self):
        self.start("--loopback-endpoints=off")
        made = self.store()
        test = self.look({"id": made})
        self.assertEqual(self.states(test)["ADDRESS"], "FAILED", test)
        self.assertEqual(len(self.fake.requests), 0)
        for number, host in enumerate(("169.254.169.254", "[fd00:ec2::254]", "[::ffff:169.254.169.254]")):
            one = self.create(f"metadata {number}", None, endpoint_url=f"http://{host}", region="us-east-1")
            test = self.look({"id": one, "bucket": "latest"})
            self.assertEqual(self.states(test)["ADDRESS"], "FAILED", test)
            answer = self.ask("query($id: ID!) { browse(input: {endpointId: $id, path: \"latest/\"}) { path } }", {"id": one})
            self.assertIn("errors", answer)
        self.running.stop()
        self.start("--private-endpoints=off")
        one = self.create("private", None, endpoint_url="http://10.255.255.1", region="us-east-1")
        self.assertEqual(self.states(self.look({"id": one}))["ADDRESS"], "FAILED")

    def test_a_store_that_hangs_holds_nobody_up(self):
        self.start()
        made = self.store()
        self.fake.fail("no_answer", "ListBuckets", times=None, ending="stall")
        query = "mutation($id: ID!) { testEndpoint(input: {id: $id}) { test { ok } } }"
        asking = threading.Thread(target=lambda: self.quietly(query, {"id": made}))
        asking.start()
        while not self.fake.count("ListBuckets"):
            time.sleep(0.01)
        began = time.monotonic()
        self.assertEqual(len(self.answer_of("{ endpoints { nodes { id } } }")["endpoints"]["nodes"]), 1)
        self.running.stop()
        self.assertLess(time.monotonic() - began, 4)
        asking.join()

    def quietly(self, query, variables):
        try:
            self.ask(query, variables)
        except (OSError, ValueError, http.client.HTTPException):
            pass  # the hub stopped

    def test_who_may_test_what(self):
        self.start()
        made = self.store()
        operator, viewer = (self.of(self.running.make_token(role)) for role in ("operator", "viewer"))
        self.assertTrue(self.look({"id": made}, operator)["ok"])
        unsaved = self.endpoint_input("x", None, endpoint_url=self.fake.endpoint)
        query = "mutation($input: TestEndpointInput!) { testEndpoint(input: $input) { test { ok } userErrors { code field } } }"
        for headers, value in ((viewer, {"id": made}), (operator, {"endpoint": unsaved})):
            answer = self.ask(query, {"input": value}, headers)
            self.assertEqual(answer["errors"][0]["extensions"]["code"], "PERMISSION_DENIED")
        self.assertTrue(self.look({"endpoint": unsaved})["ok"])
        self.assertEqual(self.answer_of(query, {"input": {}})["testEndpoint"]["userErrors"][0]["code"], "REQUIRED")
        self.assertEqual(self.answer_of(query, {"input": {"id": "endpoint_x"}})["testEndpoint"]["userErrors"][0]["code"], "NOT_FOUND")
        # A stored secret is used with no other server unasked.
        key = self.answer_of("query($id: ID!) { endpoint(id: $id) { credential { id } } }", {"id": made})["endpoint"]["credential"]["id"]
        other = FakeS3("ceph")
        self.addCleanup(other.stop)
        value = {"id": made, "endpoint": self.endpoint_input("store", key, endpoint_url=other.endpoint)}
        answer = self.answer_of(query, {"input": value})["testEndpoint"]
        self.assertEqual(answer["userErrors"][0], {"code": "CONFIRMATION_REQUIRED", "field": ["input", "confirmHost"]})
        self.assertEqual(len(other.requests), 0)

    def test_buckets_levels_and_objects_are_browsed_by_pages(self):
        self.start()
        made = self.store()
        operator = self.of(self.running.make_token("operator"))
        self.assertEqual([entry["path"] for entry in self.browse(operator, endpointId=made)["entries"]], ["alpha/", "beta/"])
        self.assertEqual([entry["name"] for entry in self.browse(endpointId=made, search="b")["entries"]], ["beta"])
        top = self.browse(endpointId=made, path="alpha/")
        self.assertEqual([(entry["kind"], entry["name"]) for entry in top["entries"]], [("PREFIX", "in"), ("OBJECT", "top")])
        self.assertEqual((top["entries"][1]["size"], top["entries"][1]["storageClass"]), ("5", "STANDARD"))
        names, after = [], None
        for _ in range(9):
            page = self.browse(endpointId=made, path="alpha/in/", first=1, after=after)
            names += [entry["name"] for entry in page["entries"]]
            after = page["endCursor"]
            if not page["hasNextPage"]:
                break
        self.assertEqual(names, ["deep", "one", "two", "t\u00fcr"])
        self.assertEqual([entry["path"] for entry in self.browse(endpointId=made, path="alpha/in", search="t")["entries"]],
                         ["alpha/in/two", "alpha/in/t\u00fcr"])
        page = self.browse(endpointId=made, path="alpha/in/", first=1)
        answer = self.ask("query($i: BrowseInput!, $a: String) { browse(input: $i, after: $a) { path } }",
                          {"i": {"endpointId": made, "path": "beta/"}, "a": page["endCursor"]})
        self.assertIn("not a cursor", answer["errors"][0]["message"])
        for path, code in (("nowhere/", "NOT_FOUND"), ("/x", "BAD_USER_INPUT")):
            answer = self.ask("query($i: BrowseInput!) { browse(input: $i) { path } }", {"i": {"endpointId": made, "path": path}})
            self.assertEqual(answer["errors"][0]["extensions"]["code"], code, answer)

    def test_a_refusal_of_the_store_is_not_one_of_the_hub(self):
        self.start()
        made = self.create("store", self.make_key("key", "UNKNOWN", PLANTED), endpoint_url=self.fake.endpoint, region="us-east-1")
        answer = self.ask("query($i: BrowseInput!) { browse(input: $i) { path } }", {"i": {"endpointId": made}})
        self.assertNotIn(answer["errors"][0]["extensions"]["code"], ("UNAUTHENTICATED", "PERMISSION_DENIED"))
        self.assertIn("access key id is not known", answer["errors"][0]["message"])

    def test_directories_within_their_root(self):
        self.start()
        root = self.directory / "root"
        (root / "a").mkdir(parents=True)
        (root / "a" / "file").write_text("text")
        os.symlink("/etc", root / "link")
        made = self.create("disk", kind="file", root=str(root))
        self.assertEqual([entry["path"] for entry in self.browse(endpointId=made)["entries"]], ["/a/"])
        page = self.browse(endpointId=made, path="/a/")
        self.assertEqual([(entry["kind"], entry["size"]) for entry in page["entries"]], [("OBJECT", "4")])
        for path in ("/../", "/link/", "/a/../../"):
            answer = self.ask("query($i: BrowseInput!) { browse(input: $i) { path } }", {"i": {"endpointId": made, "path": path}})
            self.assertIn("errors", answer, path)
        test = self.look({"id": made, "bucket": str(root / "a"), "access": ["READ", "WRITE"]})
        self.assertEqual({name: state for name, state in self.states(test).items() if state != "NOT_TRIED"},
                         {"LIST": "PASSED", "READ": "PASSED", "WRITE": "PASSED", "DELETE": "PASSED"}, test)
        self.assertEqual(sorted(os.listdir(root / "a")), ["file"])
        test = self.look({"id": made, "bucket": "/etc"})
        self.assertEqual(self.states(test)["LIST"], "FAILED", test)
        refused = self.mutate("createEndpoint", {"endpoint": self.endpoint_input("x", kind="file", root="relative")}, "endpoint { id }")
        self.assertEqual(refused["userErrors"][0]["field"], ["input", "endpoint", "options", "root"])

    def test_no_answer_and_no_log_holds_a_secret(self):
        self.start()
        made = self.store()
        self.fake.fail("secrets_told", "ListObjectsV2", times=None)
        self.look({"id": made, "bucket": "alpha", "access": ["READ", "WRITE"]})
        self.ask("query($i: BrowseInput!) { browse(input: $i) { path } }", {"i": {"endpointId": made, "path": "alpha/"}})
        log = self.running.log
        self.running.stop()
        for text in self.said + [log]:
            self.assertNotIn(PLANTED, text)


class RealServerTest(EndpointHost):
    def test_on_ceph(self):
        self.start()
        keys = (setting("DTH_TEST_S3_ACCESS_KEY_ID"), setting("DTH_TEST_S3_SECRET_ACCESS_KEY"))
        client = Client(setting("DTH_TEST_S3_ENDPOINT"), *keys)
        self.addCleanup(client.close)
        bucket = "endpoints-" + uuid.uuid4().hex[:12]
        client.make_bucket(bucket)
        self.addCleanup(client.remove_bucket, bucket)
        client.put(bucket, "dir/object", b"bytes")
        made = self.create("ceph", self.make_key("key", *keys), endpoint_url=client.endpoint, region="us-east-1")
        answer = self.mutate("testEndpoint", {"id": made, "bucket": bucket, "prefix": "dir/", "access": ["READ", "WRITE"]},
                             f"test {{ {TEST} }}")
        self.assertTrue(answer["test"]["ok"], answer)
        self.assertNotIn("NOT_TRIED", [check["state"] for check in answer["test"]["checks"]], answer)
        query = "query($i: BrowseInput!) { browse(input: $i) { entries { path } } }"
        for value, paths in (({"path": bucket + "/"}, [bucket + "/dir/"]), ({"search": bucket}, [bucket + "/"])):
            page = self.answer_of(query, {"i": {"endpointId": made, **value}})["browse"]
            self.assertEqual([entry["path"] for entry in page["entries"]], paths)


if __name__ == "__main__":
    unittest.main()
