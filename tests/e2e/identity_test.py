"""Who dth is, on either side: roles, sessions that end, profiles, containers, requester pays, nobody at all."""
import http.server
import json
import threading
import unittest
import uuid

from dth import EndToEndTest, setting
from fronts import SessionFront, credentials_of
from s3_client import Client, S3Error, content

MIB = 1 << 20
IN_PARTS = ("--multipart-threshold", "8MiB", "--part-size", "5MiB")


def statement(effect, principal, actions, resources):
    return {"Effect": effect, "Principal": principal, "Action": actions, "Resource": resources}


class IdentityTest(EndToEndTest):
    """The second user may do nothing but assume a role, which may read every bucket."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_key = (setting("DTH_TEST_S3_OTHER_ACCESS_KEY_ID"), setting("DTH_TEST_S3_OTHER_SECRET_ACCESS_KEY"))
        cls.role = "identity-" + uuid.uuid4().hex[:12]
        trust = {"Effect": "Allow", "Principal": {"AWS": ["arn:aws:iam:::user/other"]}, "Action": ["sts:AssumeRole"]}
        reading = {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": ["arn:aws:s3:::*"]}
        cls.role_arn = cls.a.document("POST", "/", {
            "Action": "CreateRole", "RoleName": cls.role,
            "AssumeRolePolicyDocument": json.dumps({"Version": "2012-10-17", "Statement": [trust]})}).findtext(".//Arn")
        cls.a.request("POST", "/", {
            "Action": "PutRolePolicy", "RoleName": cls.role, "PolicyName": "reading",
            "PolicyDocument": json.dumps({"Version": "2012-10-17", "Statement": [reading]})})

    @classmethod
    def tearDownClass(cls):
        cls.a.request("POST", "/", {"Action": "DeleteRolePolicy", "RoleName": cls.role, "PolicyName": "reading"})
        cls.a.request("POST", "/", {"Action": "DeleteRole", "RoleName": cls.role})
        cls.a.close()

    def as_other(self, **changes):
        return self.environment(DTH_SOURCE_ACCESS_KEY_ID=self.other_key[0], DTH_SOURCE_SECRET_ACCESS_KEY=self.other_key[1],
                                **changes)

    def without_source_keys(self, **changes):
        return self.environment(DTH_SOURCE_ACCESS_KEY_ID=None, DTH_SOURCE_SECRET_ACCESS_KEY=None, **changes)

    def with_role(self, sts=None):
        return ("--source-role-arn", self.role_arn, "--source-sts-endpoint-url", sts or self.a.endpoint)

    def front(self, requests_max):
        front = SessionFront(self.a.endpoint, requests_max)
        self.addCleanup(front.stop)
        return front

    def session(self):
        """A session of the role, as somebody got it by hand; as dth's environment."""
        query = {"Action": "AssumeRole", "Version": "2011-06-15", "RoleArn": self.role_arn, "RoleSessionName": "by-hand"}
        caller = Client(self.a.endpoint, *self.other_key)
        self.addCleanup(caller.close)
        _, text = caller.request("POST", "/", query)
        return dict(zip(("DTH_SOURCE_ACCESS_KEY_ID", "DTH_SOURCE_SECRET_ACCESS_KEY", "DTH_SOURCE_SESSION_TOKEN"),
                        credentials_of(text)))


class RoleTest(IdentityTest):
    def test_a_role_is_assumed(self):
        self.fill({"one": b"1", "large": content("large", 9 * MIB)})
        outcome = self.copy(environment=self.as_other(), expect=1)
        self.assertIn("AccessDenied", outcome.stderr)
        self.copy(None, None, *self.with_role(), *IN_PARTS, environment=self.as_other())
        self.assert_same_objects()

    def test_a_role_that_may_not_be_assumed_says_so(self):
        outcome = self.copy(None, None, *self.with_role(), "--source-role-session-name", "me", expect=1)
        for words in (self.role_arn, self.a.endpoint, "AccessDenied"):
            self.assertIn(words, outcome.stderr)
        outcome = self.copy(None, None, "--source-role-arn", "reader", expect=2)
        self.assertIn("--source-role-arn", outcome.stderr)

    def test_a_profile_with_a_role(self):
        self.fill({"one": b"1"})
        (self.directory / ".aws").mkdir()
        (self.directory / ".aws" / "config").write_text(
            f"[profile base]\naws_access_key_id = {self.other_key[0]}\naws_secret_access_key = {self.other_key[1]}\n"
            f"[profile reader]\nrole_arn = {self.role_arn}\nsource_profile = base\nduration_seconds = 900\n")
        environment = self.without_source_keys(AWS_PROFILE="reader", AWS_ENDPOINT_URL_STS=self.a.endpoint)
        self.copy(environment=environment)
        self.assert_same_objects()

    def test_a_program_that_prints_credentials(self):
        self.fill({"one": b"1"})
        program = self.directory / "my credentials"
        program.write_text("#!/bin/sh\necho called >>\"$0.calls\"\n"
                           "echo '{\"Version\": 1, \"AccessKeyId\": \"'\"$1\"'\", \"SecretAccessKey\": \"'\"$2\"'\"}'\n")
        program.chmod(0o700)
        (self.directory / ".aws").mkdir()
        (self.directory / ".aws" / "config").write_text(
            f"[profile p]\ncredential_process = '{program}' {self.key[0]} {self.key[1]}\n")
        self.copy(None, None, "--source-profile", "p", "--lanes", "4", environment=self.without_source_keys())
        self.assert_same_objects()
        calls = (self.directory / "my credentials.calls").read_text().splitlines()
        self.assertEqual(len(calls), 1, "the lanes share what was printed")

    def test_a_container(self):
        self.fill({"one": b"1"})
        given = {"AccessKeyId": self.key[0], "SecretAccessKey": self.key[1], "Token": ""}
        seen = []

        class Agent(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                seen.append((self.path, self.headers.get("Authorization")))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(json.dumps(given).encode())

            def log_message(self, *_):
                pass

        agent = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Agent)
        self.addCleanup(agent.server_close)
        self.addCleanup(agent.shutdown)
        threading.Thread(target=agent.serve_forever, daemon=True).start()
        token = self.directory / "token"
        token.write_text("agent-token\n")
        url = f"http://127.0.0.1:{agent.server_address[1]}/credentials"
        environment = self.without_source_keys(AWS_CONTAINER_CREDENTIALS_FULL_URI=url,
                                               AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(token))
        self.copy(environment=environment)
        self.assert_same_objects()
        self.assertEqual(set(seen), {("/credentials", "agent-token")})


class SessionTest(IdentityTest):
    def test_sessions_that_end_in_the_middle_are_renewed(self):
        objects = {f"small/{number:03}": content(number, 300) for number in range(150)}
        objects["large"] = content("large", 40 * MIB)
        self.fill(objects)
        front = self.front(25)
        outcome = self.copy(None, None, *self.with_role(front.url), *IN_PARTS, "--concurrency", "4", "--lanes", "1",
                            endpoints=self.endpoints(front.url), environment=self.as_other())
        summary = outcome.summary
        self.assertEqual((summary["copied"], summary["failed"]), (151, 0), str(outcome))
        self.assertGreater(len(front.assumed), 5)
        self.assertGreater(front.expired, 4)
        self.assert_same_objects()

    def test_a_session_that_nobody_renews_stops_the_run_and_loses_nothing(self):
        objects = {f"small/{number:04}": content(number, 300) for number in range(1500)}
        self.fill(objects)
        front = self.front(400)
        endpoints = self.endpoints(front.url)
        session = self.session()
        outcome = self.copy(None, None, "--concurrency", "200", endpoints=endpoints, environment=self.environment(**session), expect=1)
        for words in ("ExpiredToken", "get new credentials", "run the same command to resume it"):
            self.assertIn(words, outcome.stderr)
        self.assertNotIn("failed:", outcome.stderr)
        self.assertLess(front.expired, 300, "it stops promptly: those in flight are refused, and a few more")
        copied = len(self.b.list(self.destination))
        self.assertGreater(copied, 100)
        # The same session again: nothing is done, and nothing is lost.
        again = self.copy(endpoints=endpoints, environment=self.environment(**session), expect=1)
        self.assertIn("ExpiredToken", again.stderr)
        front.requests_max = 1 << 30
        outcome = self.copy(endpoints=endpoints, environment=self.environment(**self.session()))
        summary = outcome.summary
        self.assertEqual((summary["copied"], summary["failed"], summary["unchanged"]), (1500, 0, 0), str(outcome))
        self.assert_counts_add_up(summary)
        self.assertEqual(len(self.ledger(outcome)), 1500)
        self.assert_same_objects(["small/0000", "small/0750", "small/1499"])


class OthersBucketTest(IdentityTest):
    def test_requester_pays(self):
        self.fill({"one": b"1", "large": content("large", 9 * MIB)})
        self.let({"AWS": ["arn:aws:iam:::user/other"]})
        self.a.request("PUT", f"/{self.source}", {"requestPayment": ""},
                       b'<RequestPaymentConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Payer>Requester</Payer>'
                       b"</RequestPaymentConfiguration>")
        outcome = self.copy(environment=self.as_other(), expect=1)
        self.assertIn("AccessDenied", outcome.stderr)
        self.copy(None, None, "--source-requester-pays", *IN_PARTS, environment=self.as_other())
        self.assert_same_objects()

    def test_a_public_bucket_is_listed_and_read_by_nobody(self):
        self.fill({"one": b"1", "dir/two": b"2", "large": content("large", 9 * MIB)})
        environment = self.without_source_keys()
        outcome = self.copy(None, None, "--source-anonymous", environment=environment, expect=1)
        self.assertIn("AccessDenied", outcome.stderr)
        self.let("*")
        self.copy(None, None, "--source-anonymous", *IN_PARTS, environment=environment)
        self.assert_same_objects()

    def let(self, principal):
        resources = [f"arn:aws:s3:::{self.source}", f"arn:aws:s3:::{self.source}/*"]
        policy = {"Version": "2012-10-17",
                  "Statement": [statement("Allow", principal, ["s3:ListBucket", "s3:GetObject"], resources)]}
        self.a.request("PUT", f"/{self.source}", {"policy": ""}, json.dumps(policy).encode())


class NobodyTest(EndToEndTest):
    def test_every_place_is_named_where_there_are_no_credentials(self):
        environment = self.environment(DTH_SOURCE_ACCESS_KEY_ID=None, DTH_SOURCE_SECRET_ACCESS_KEY=None,
                                       AWS_EC2_METADATA_DISABLED=None,
                                       AWS_EC2_METADATA_SERVICE_ENDPOINT="http://127.0.0.1:9")
        outcome = self.copy(environment=environment, expect=1)
        for words in ("AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", ".aws/credentials", "AWS_CONTAINER_CREDENTIALS",
                      "no instance metadata at http://127.0.0.1:9"):
            self.assertIn(words, outcome.stderr)

    def test_contradictions_are_usage_errors(self):
        for options in (("--source-anonymous", "--source-role-arn", "arn:aws:iam::1:role/r"),
                        ("--source-anonymous", "--source-requester-pays"),
                        ("--source-proxy", "http://user:hidden-word@proxy:3128"),
                        ("--source-proxy", "socks5://proxy"),
                        ("--destination-sts-endpoint-url", "sts", "--destination-role-arn", "arn:aws:iam::1:role/r")):
            outcome = self.copy(None, None, *options, expect=2)
            self.assertIn(options[-2] if len(options) > 2 and options[0].startswith("--d") else options[0], outcome.stderr)
            self.assertNotIn("hidden-word", outcome.stderr)


if __name__ == "__main__":
    unittest.main()
