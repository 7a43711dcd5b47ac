"""Credentials of a hub: its master key, who may use them, and that nobody reads them back."""
import base64
import itertools
import json
import os
import pathlib
import sqlite3
import subprocess
import time
import unittest

from hub import HubTest
from identity_test import IdentityTest
from secrets_manager import SecretsManager

PLANTED = "pl4nted"


class VaultHost:
    """What tests on a hub's host do."""

    def host(self, *arguments, expect=0, environment=None):
        outcome = self.run_dth(*arguments, "--data-dir", self.data, environment=environment)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def as_admin(self):
        token = self.host("admin", "token", "create", "--create", "--role", "admin", "--name", "test").stdout.strip()
        return {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def mutate(self, hub, headers, name, value, fields):
        kind = name[0].upper() + name[1:]
        query = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {fields} userErrors {{ field message code }} }} }}"
        body = json.dumps({"query": query, "variables": {"input": value}}).encode()
        status, _, answer = hub.request("POST", "/graphql", body, headers)
        answer = json.loads(answer)
        self.assertEqual(status, 200, answer)
        self.assertNotIn("errors", answer, answer)
        return answer["data"][name]

    def create(self, hub, headers, name, kind, options=None, secrets=None, base=None):
        pairs = lambda values: [{"name": key, "value": value} for key, value in (values or {}).items()]  # noqa: E731
        answer = self.mutate(hub, headers, "createCredential", {"name": name, "kind": kind, "options": pairs(options),
                                                                "secrets": pairs(secrets), "baseId": base}, "credential { id }")
        self.assertEqual(answer["userErrors"], [])
        return answer["credential"]["id"]


class MasterKeyTest(HubTest, VaultHost):
    def refused(self, *options, environment=None):
        outcome = self.run_dth("serve", "--data-dir", self.data, "--listen", "127.0.0.1:0", *options, environment=environment)
        self.assertEqual(outcome.code, 1, str(outcome))
        self.assertEqual(outcome.stdout, "")
        return outcome.stderr

    def test_the_first_start_makes_a_key_that_only_its_owner_reads(self):
        self.hub().stop()
        self.assertEqual((self.data / "master.key").stat().st_mode & 0o777, 0o600)

    def test_a_hub_with_a_wrong_or_lost_key_does_not_start_and_says_so(self):
        self.hub().stop()
        key = self.data / "master.key"
        kept = key.read_text()
        key.unlink()
        self.assertIn("wrong master key", self.refused())
        self.assertFalse(key.exists(), "a new key was made in its place")
        other = self.directory / "other.key"
        other.write_text(base64.b64encode(os.urandom(32)).decode() + "\n")
        other.chmod(0o600)
        self.assertIn("wrong master key", self.refused("--master-key", other))
        other.write_text(kept)
        other.chmod(0o644)
        self.assertIn("chmod 600", self.refused("--master-key", other))
        other.chmod(0o600)
        self.hub("--master-key", other).stop()

    def test_the_key_comes_from_the_environment_or_from_systemd(self):
        key = base64.b64encode(os.urandom(32)).decode()
        self.hub(environment=self.environment(DTH_MASTER_KEY_BASE64=key)).stop()
        self.assertFalse((self.data / "master.key").exists())
        self.assertIn("wrong master key", self.refused(environment=self.environment(
            DTH_MASTER_KEY_BASE64=base64.b64encode(os.urandom(32)).decode())))
        directory = self.directory / "credentials"
        directory.mkdir()
        (directory / "dth-master-key").write_text(key)
        self.hub(environment=self.environment(CREDENTIALS_DIRECTORY=str(directory))).stop()
        # The key is in no list of processes.
        hub = self.hub(environment=self.environment(DTH_MASTER_KEY_BASE64=key))
        self.assertNotIn(key, pathlib.Path(f"/proc/{hub.process.pid}/cmdline").read_text())

    def test_a_rotation_goes_on_while_the_hub_runs(self):
        hub = self.hub()
        headers = self.as_admin()
        ids = [self.create(hub, headers, f"c{i}", "aws_access_key",
                           secrets={"access-key-id": f"AKIA{i}", "secret-access-key": PLANTED}) for i in range(3)]
        before = (self.data / "master.key").read_text()
        rotated = self.host("vault", "rotate")
        self.assertIn("3 credentials", rotated.stdout)
        self.assertNotEqual((self.data / "master.key").read_text(), before)
        # The hub seals with the new key, and opens what was sealed again.
        self.create(hub, headers, "c9", "aws_access_key", secrets={"access-key-id": "AKIA9", "secret-access-key": PLANTED})
        changed = self.mutate(hub, headers, "updateCredential", {"id": ids[0], "name": "renamed"}, "credential { name revision }")
        self.assertEqual(changed, {"credential": {"name": "renamed", "revision": 2}, "userErrors": []})
        with sqlite3.connect(self.state) as database:
            self.assertEqual(database.execute("select count(distinct sealed_with) from credential").fetchone(), (1,))
        again = self.host("vault", "rotate", "--keep-old-keys").stdout
        self.assertIn("4 credentials", again)
        self.assertIn("kept", again)
        keys = [line for line in (self.data / "master.key").read_text().splitlines() if not line.startswith("#")]
        self.assertEqual(len(keys), 2)
        hub.stop()
        self.hub().stop()


class NoSecretComesOutTest(HubTest, VaultHost):
    """Secrets are planted, then everything that the hub says is searched for them."""

    DEPTHS = (5, 4, 3, 2)  # the deepest that is not too costly

    def setUp(self):
        super().setUp()
        self.running = self.hub("--log-level", "debug", "--log-format", "json", "--client-cost-per-second", "1000000000")
        self.headers = self.as_admin()
        self.said = []

    def ask(self, query, variables=None):
        body = json.dumps({"query": query, "variables": variables or {}}).encode()
        _, _, answer = self.running.request("POST", "/graphql", body, self.headers)
        self.said.append(answer.decode())
        return json.loads(answer)

    def plant(self):
        key = {"access-key-id": "AKIAPUBLIC", "secret-access-key": PLANTED + "-key", "session-token": PLANTED + "-token"}
        ids = [self.create(self.running, self.headers, "key", "aws_access_key", secrets=key)]
        ids.append(self.create(self.running, self.headers, "sse", "sse_c_key", secrets={"sse-c-key": PLANTED + "-sse"}))
        ids.append(self.create(self.running, self.headers, "proxy", "http_proxy",
                               secrets={"proxy": f"http://user:{PLANTED}-proxy@127.0.0.1:1"}))
        ids.append(self.create(self.running, self.headers, "role", "aws_role", {"role-arn": "arn:aws:iam::1:role/r"}, base=ids[0]))
        return ids

    def types(self):
        wrapped = "kind name ofType { kind name ofType { kind name ofType { kind name } } }"
        answer = self.ask("{ __schema { types { kind name possibleTypes { name } fields(includeDeprecated: true) { name type { %s } "
                          "args { name defaultValue type { %s } } } inputFields { name defaultValue type { %s } } "
                          "enumValues { name } } } }" % (wrapped, wrapped, wrapped))
        return {each["name"]: each for each in answer["data"]["__schema"]["types"]}

    @staticmethod
    def named(of):
        while of.get("ofType"):
            of = of["ofType"]
        return of["name"]

    def arguments(self, field, ids):
        """As GraphQL text."""
        given = []
        for argument in field["args"]:
            if argument["type"]["kind"] != "NON_NULL" or argument["defaultValue"] is not None:
                continue
            if self.named(argument["type"]) in ("ID", "String"):
                given.append(f'{argument["name"]}: "{ids[0]}"')
            else:
                given.append(f'{argument["name"]}: {self.literal(argument["type"], ids)}')
        return "(" + ", ".join(given) + ")" if given else ""

    def selection(self, name, ids, path=()):
        kind = self.all[name]
        if kind["kind"] in ("SCALAR", "ENUM"):
            return ""
        parts = ["__typename"]
        if kind["kind"] in ("INTERFACE", "UNION"):
            names = [possible["name"] for possible in kind["possibleTypes"]]
            one = self.only if self.only in names else names[0]
            if one not in path:
                parts.append(f"... on {one} {self.selection(one, ids, path + (name,))}")
            return "{ " + " ".join(parts) + " }"
        for field in kind["fields"]:
            of, arguments = self.named(field["type"]), self.arguments(field, ids)
            if of in path or len(path) >= self.depth:
                continue
            below = self.selection(of, ids, path + (name,))
            parts.append(f"{field['name']}{arguments} {below}")
        return "{ " + " ".join(parts) + " }"

    def literal(self, of, ids):
        """The value as GraphQL text."""
        if of["kind"] == "NON_NULL":
            return self.literal(of["ofType"], ids)
        if of["kind"] == "LIST":
            return f"[{self.literal(of['ofType'], ids)}]"
        kind = self.all[of["name"]]
        if kind["kind"] == "INPUT_OBJECT":
            fields = [f"{field['name']}: {self.literal(field['type'], ids)}" for field in kind["inputFields"]
                      if field["name"].lower().endswith("id") or (field["type"]["kind"] == "NON_NULL" and field["defaultValue"] is None)]
            return "{" + ", ".join(fields) + "}"
        value = ids[0] if of["name"] == "ID" else self.value(of, ids)
        return value if kind["kind"] == "ENUM" else json.dumps(value)

    def value(self, of, ids, name=""):
        """Something for an input's field."""
        if of["kind"] == "NON_NULL":
            return self.value(of["ofType"], ids, name)
        if of["kind"] == "LIST":
            return [self.value(of["ofType"], ids, name)]
        kind = self.all[of["name"]]
        if kind["kind"] == "ENUM":
            return kind["enumValues"][0]["name"]
        if kind["kind"] == "INPUT_OBJECT":
            return {field["name"]: self.value(field["type"], ids, field["name"]) for field in kind["inputFields"]
                    if field["type"]["kind"] == "NON_NULL" and field["defaultValue"] is None}
        return {"Int": 1, "Float": 1.0, "Boolean": True, "BigInt": "1",
                "DateTime": "2030-01-01T00:00:00Z"}.get(of["name"], ids[0] if name == "id" else PLANTED + "-given")

    def test_no_field_no_log_no_file_holds_a_planted_secret(self):
        ids = self.plant()
        self.all, self.only = self.types(), None
        walked, with_input = set(), set()
        for field in self.all["Query"]["fields"]:
            if any(self.all[self.named(argument["type"])]["kind"] == "INPUT_OBJECT" and argument["type"]["kind"] == "NON_NULL" for argument in field["args"]):
                with_input.add(field["name"])
            of = self.all[self.named(field["type"])]
            for one, self.only in itertools.product(ids, [each["name"] for each in of["possibleTypes"] or ()] or [None]):
                arguments = self.arguments(field, [one])
                for self.depth in self.DEPTHS:
                    answer = self.ask(f"{{ {field['name']}{arguments} {self.selection(of['name'], [one])} }}")
                    if answer.get("data"):
                        walked.add(field["name"])
                        break
        # Sessions are a user's, not a token's; a document is of a task (tasks_test). What has an input object may have refused it, and its answer was looked through all the same.
        self.assertEqual({field["name"] for field in self.all["Query"]["fields"]} - walked - with_input, {"sessions", "taskDocument", "taskPolicy"})
        self.assertLessEqual({"credentials", "credential", "credentialKinds", "auditEvents", "node"}, walked)
        for field in self.all["Mutation"]["fields"]:
            if field["name"].startswith(("signOut", "signIn", "logOut")):
                continue
            variables, declared, passed = {}, [], []
            for argument in field["args"]:
                variables[argument["name"]] = self.value(argument["type"], ids)
                declared.append(f"${argument['name']}: {self.named(argument['type'])}!")
                passed.append(f"{argument['name']}: ${argument['name']}")
            head = f"mutation({', '.join(declared)})" if declared else "mutation"
            call = field["name"] + (f"({', '.join(passed)})" if passed else "")
            answer = self.ask(f"{head} {{ {call} {self.selection(self.named(field['type']), ids)} }}", variables)
            self.assertNotIn("BAD_USER_INPUT", json.dumps(answer), "the walk asks what the schema has")
        # What is wrong is told without being repeated, too.
        for wrong in ({"secret-access-key": PLANTED + "-half"}, {"nonsense": PLANTED + "-odd"}):
            self.said.append(json.dumps(self.mutate(
                self.running, self.headers, "rotateCredential",
                {"id": ids[0], "secrets": [{"name": key, "value": value} for key, value in wrong.items()]}, "credential { id }")))
        self.ask("{ credential(id: \"%s-id\") { nonsense } }" % "x")
        for answer in self.said:
            # A name that the walk itself gave away is no secret.
            self.assertNotIn(PLANTED, answer.replace(PLANTED + "-given", ""))
        self.host("audit", "verify")
        exported = self.host("audit", "export").stdout
        self.assertIn("createCredential", exported)
        self.assertNotIn(PLANTED, exported.replace(PLANTED + "-given", ""))
        backup = self.directory / "backup"
        self.assertEqual(self.run_dth("database", "backup", backup, *self.database(self.state)).code, 0)
        plain = subprocess.run(["zstd", "-dc", backup], check=True, capture_output=True).stdout
        self.assertIn(b"createCredential", plain)  # it is the backup
        self.assertNotIn(b"AKIAPUBLIC", plain)
        self.running.stop()
        for secret in ("-key", "-token", "-sse", "-proxy", "-half", "-odd"):
            text = (PLANTED + secret).encode()
            self.assertNotIn(text, plain)
            self.assertNotIn(text, self.running.log.encode())
            for file in self.data.rglob("*"):
                if file.is_file():
                    self.assertNotIn(text, file.read_bytes(), file)


class WorkerTest(IdentityTest, VaultHost):
    """A worker with the master key uses what is in the vault, and is told no key in any other way."""

    def setUp(self):
        super().setUp()
        self.data = self.directory / "data"
        self.state = self.data / "state.db"
        self.running = HubTest.hub(self, "--no-worker")  # these tests start their own
        self.headers = self.as_admin()
        self.fill({"k": b"v" * 1000})

    def detach(self, into="", **options):
        """A run whose source is reached as these say; as a hub would create it."""
        detached = self.run_dth("copy", f"s3://{self.source}/", f"s3://{self.destination}/{into}", *self.endpoints(), *self.database(self.state),
                                "--detach")
        self.assertEqual(detached.code, 0, str(detached))
        run = detached.stdout.strip()
        with sqlite3.connect(self.state, timeout=30) as database:
            spec = json.loads(database.execute("select spec from run where id = ?", (run,)).fetchone()[0])
            values = spec["options"] if "options" in spec else spec
            values.update({name.replace("_", "-"): value for name, value in options.items()})
            database.execute("update run set spec = ? where id = ?", (json.dumps(spec), run))
        database.close()
        return run

    def work(self, run, *options, seconds=60):
        worker = self.start(["worker", *self.database(self.state), *options], self.without_source_keys())
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            shown = json.loads(self.run_dth("run", "show", run, *self.database(self.state), "--output", "json").stdout)
            if shown["state"] in ("succeeded", "failed", "completed_with_failures", "waiting"):
                worker.kill()
                return shown
            time.sleep(0.1)
        self.fail(f"the run never ended: {shown}")

    def master_key(self):
        return "--master-key", str(self.data / "master.key")

    def test_a_run_uses_a_credential_of_the_vault(self):
        one = self.create(self.running, self.headers, "key", "aws_access_key",
                          secrets={"access-key-id": self.key[0], "secret-access-key": self.key[1]})
        shown = self.work(self.detach(source_credential=one), *self.master_key())
        self.assertEqual(shown["state"], "succeeded", shown)
        self.assert_same_objects()

    def test_a_worker_without_the_key_says_what_it_lacks(self):
        one = self.create(self.running, self.headers, "key", "aws_access_key",
                          secrets={"access-key-id": self.key[0], "secret-access-key": self.key[1]})
        shown = self.work(self.detach(source_credential=one))
        self.assertIn("--master-key", json.dumps(shown))
        users = self.mutate(self.running, self.headers, "deleteCredential", {"id": one}, "deletedCredentialId")
        if shown["state"] == "waiting":
            self.assertEqual(users["userErrors"][0]["code"], "IN_USE")

    def test_a_role_is_assumed_with_a_credential_of_the_vault(self):
        base = self.create(self.running, self.headers, "other", "aws_access_key",
                           secrets={"access-key-id": self.other_key[0], "secret-access-key": self.other_key[1]})
        role = self.create(self.running, self.headers, "role", "aws_role",
                           {"role-arn": self.role_arn, "sts-endpoint-url": self.a.endpoint}, base=base)
        shown = self.work(self.detach(source_credential=role), *self.master_key())
        self.assertEqual(shown["state"], "succeeded", shown)
        self.assert_same_objects()

    def test_a_key_in_secrets_manager_is_fetched_once_and_used(self):
        manager = SecretsManager({"AKIABASE": "base-secret"})
        self.addCleanup(manager.stop)
        manager.secrets["prod/source"] = json.dumps({"access_key_id": self.key[0], "secret_access_key": self.key[1]})
        base = self.create(self.running, self.headers, "base", "aws_access_key",
                           secrets={"access-key-id": "AKIABASE", "secret-access-key": "base-secret"})
        kept = self.create(self.running, self.headers, "managed", "aws_secrets_manager",
                           {"secret-id": "prod/source", "secrets-manager-endpoint-url": manager.url}, base=base)
        shown = self.work(self.detach(source_credential=kept), *self.master_key())
        self.assertEqual(shown["state"], "succeeded", shown)
        self.assertEqual(manager.asked, ["prod/source"])
        missing = self.create(self.running, self.headers, "missing", "aws_secrets_manager",
                              {"secret-id": "none", "secrets-manager-endpoint-url": manager.url}, base=base)
        shown = self.work(self.detach(source_credential=missing), *self.master_key())
        self.assertIn("no such secret", json.dumps(shown))

    def test_an_endpoint_may_not_lead_to_instance_metadata(self):
        for i, url in enumerate(("http://169.254.169.254", "http://[::ffff:a9fe:a9fe]", "http://2852039166")):
            shown = self.work(self.detach(f"{i}/", source_endpoint_url=url, source_anonymous="true"), *self.master_key())
            self.assertIn("no endpoint may reach", json.dumps(shown), url)


if __name__ == "__main__":
    unittest.main()
