"""The command line as a client of a hub: contexts, sign-in, and what it asks for; hubs that fail or are none."""
import json
import os
import pty
import re
import select
import socket
import socketserver
import subprocess
import threading
import time

from dth import setting
from hub import HubTest

PASSWORD = "violet otter sails north"


class ClientTest(HubTest):
    def setUp(self):
        super().setUp()
        self.config = self.directory / "config"

    def environment(self, **more):
        return {**super().environment(), "DTH_CONFIG_DIR": str(self.config), **more}

    def dth(self, *arguments, expect=0, given="", **variables):
        """(standard output, standard error) of a command, whose standard input is no terminal."""
        done = subprocess.run([setting("DTH_TEST_BINARY"), *map(str, arguments)], input=given, env=self.environment(**variables),
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, expect, f"{arguments}\n{done.stdout}\n{done.stderr}")
        self.assertNotIn(PASSWORD, done.stdout + done.stderr)
        return done.stdout, done.stderr

    def json(self, *arguments, **options):
        return json.loads(self.dth(*arguments, "-o", "json", **options)[0])

    def served(self, *options, name="prod"):
        """A hub with a context, whose administrator is Ann, who has signed in."""
        hub = self.hub(*options)
        hub.wait_for_log("/setup#token=")
        self.setup_token = re.search(r"/setup#token=(dth_setup_\w+)", hub.log)[1]
        self.dth("context", "add", name, hub.url)
        self.dth("login", "--setup-token", given=f"{self.setup_token}\nAnn\nann@example.org\n{PASSWORD}\n")
        return hub

    def kept(self):
        return (self.config / "tokens.yaml").read_text()

    def secret(self):
        return re.search(r"token: (\S+)", self.kept())[1]


class SignInTest(ClientTest):
    def test_the_first_administrator_signs_in_and_out(self):
        hub = self.served()
        for file in ("contexts.yaml", "tokens.yaml"):
            self.assertEqual((self.config / file).stat().st_mode & 0o777, 0o600)
        shown = self.json("context", "show")
        self.assertEqual((shown["viewer"]["role"], shown["viewer"]["user"]["email"]), ("ADMIN", "ann@example.org"))
        self.assertEqual(shown["viewer"]["tokenName"], f"dth on {socket.gethostname()}")
        with self.subTest("no session stays"):
            answer = hub.ask("{ users(first: 5) { nodes { email } } }")
            self.assertEqual([user["email"] for user in answer["users"]["nodes"]], ["ann@example.org"])
        token = self.secret()
        self.assertNotIn(token, hub.log)
        self.dth("logout")
        self.assertNotIn(token, self.kept())
        with self.subTest("the token is revoked"):
            error = self.dth("user", "list", expect=1, DTH_HUB_TOKEN=token)[1]
            self.assertIn("dth login", error)
        self.assertIn("dth login prod", self.dth("user", "list", expect=1)[1])

    def test_password_and_token(self):
        hub = self.served()
        first = self.secret()
        error = self.dth("login", given="ann@example.org\nwrong wrong wrong\n", expect=1)[1]
        self.assertRegex(error, "dth: .*password")
        self.assertEqual(self.secret(), first, "what fails changes nothing")
        self.dth("login", "--email", "ann@example.org", "--scope", "read", given=f"{PASSWORD}\n")
        self.assertNotEqual(self.secret(), first)
        self.assertEqual(self.json("context", "show")["viewer"]["scope"], "READ")
        self.assertIn("dth login", self.dth("user", "list", expect=1, DTH_HUB_TOKEN=first)[1], "the earlier token is revoked")
        with self.subTest("a token of the host"):
            self.dth("login", "--token", "-", given=hub.token + "\n")
            self.assertEqual(self.secret(), hub.token)
            self.assertEqual(len(self.json("user", "list")), 1)
            self.dth("logout")
            self.assertEqual(hub.request("POST", "/graphql", b'{"query":"{ viewer { role } }"}', {"Content-Type": "application/json"})[0], 401)
        with self.subTest("a token that nobody knows"):
            self.dth("login", "--token", "-", given="dth_token_unknown\n", expect=1)
            self.assertNotIn("dth_token_unknown", self.kept())
        with self.subTest("secrets on the command line"):
            self.assertIn("--token -", self.dth("login", "--token", "dth_token_x", expect=2)[1])
            self.dth("login", "--password", "x", expect=2)

    def test_a_terminal_does_not_show_the_password(self):
        self.served()
        child, terminal = pty.fork()
        if child == 0:
            os.execve(setting("DTH_TEST_BINARY"), ["dth", "login"], self.environment())
        seen = b""

        def until(text):
            nonlocal seen
            deadline = time.monotonic() + 30
            while text not in seen:
                self.assertGreater(deadline, time.monotonic(), seen)
                if select.select([terminal], [], [], 1)[0]:
                    try:
                        seen += os.read(terminal, 4096)
                    except OSError:
                        return
        until(b"E-mail address at prod: ")
        os.write(terminal, b"ann@example.org\n")
        until(b"Password: ")
        os.write(terminal, PASSWORD.encode() + b"\n")
        until(b"signed in")
        until(b"no such text: the end")
        self.assertEqual(os.waitpid(child, 0)[1], 0, seen)
        os.close(terminal)
        self.assertNotIn(PASSWORD.encode(), seen)

    def test_a_token_is_for_one_hub(self):
        self.served()
        stranger = Stranger(b"{}")
        self.addCleanup(stranger.stop)
        contexts = self.config / "contexts.yaml"
        contexts.write_text(re.sub(r"url: .*", f"url: {stranger.url}", contexts.read_text()))
        self.assertIn("not signed in", self.dth("user", "list", expect=1)[1])
        token = self.secret()
        self.dth("user", "list", "--hub", stranger.url, expect=1, DTH_HUB="prod", DTH_HUB_TOKEN=token)
        self.assertNotIn(token.encode(), b"".join(stranger.heard))


class CommandsTest(ClientTest):
    def test_users_and_tokens(self):
        hub = self.served()
        link, said = self.dth("user", "create", "bob@example.org", "--role", "operator")
        self.assertRegex(link, rf"^{re.escape(hub.url)}/set-password#token=dth_\w+\n$")
        self.assertIn("created bob@example.org", said)
        self.dth("user", "create", "bob@example.org", expect=1)
        self.dth("user", "update", "bob@example.org", "--role", "viewer", "--disable")
        listed = {user["email"]: (user["role"], user["isDisabled"]) for user in self.json("user", "list")}
        self.assertEqual(listed, {"ann@example.org": ("ADMIN", False), "bob@example.org": ("VIEWER", True)})
        self.dth("user", "update", "bob@example.org", "--enable")
        self.assertIn("/set-password#token=", self.dth("user", "reset-password", "bob@example.org", "--email", "ann@example.org", given=f"{PASSWORD}\n")[0])
        self.dth("user", "delete", "bob@example.org")
        self.assertIn("no user bob", self.dth("user", "delete", "bob@example.org", expect=2)[1])
        self.dth("user", "delete", "ann@example.org", expect=1)  # the last administrator
        secret = self.dth("token", "create", "ci", "--email", "ann@example.org", given=f"{PASSWORD}\n")[0].strip()
        self.assertEqual(self.json("context", "show", DTH_HUB=hub.url, DTH_HUB_TOKEN=secret)["viewer"]["tokenName"], "ci")
        self.dth("user", "list", expect=1, DTH_HUB_TOKEN=secret)  # it reads only
        self.assertIn("ci", self.dth("token", "list")[0])
        self.dth("token", "revoke", "ci", "--email", "ann@example.org", given=f"{PASSWORD}\n")
        self.dth("context", "show", expect=1, DTH_HUB_TOKEN=secret)
        actions = [event["action"] for event in self.json("audit", "list")]
        self.assertEqual(actions[:2], ["signOut", "revokeApiToken"])
        self.assertIn("createUser", actions)
        self.assertEqual(len(self.dth("audit", "list", "--action", "createUser", "-o", "csv")[0].splitlines()), 2)

    def test_credentials(self):
        hub = self.served()
        self.assertIn("aws_access_key", self.dth("credential", "kinds")[0])
        self.dth("credential", "create", "minio", "--kind", "aws_access_key", given="AKIAX\npl4nted-secret\n")
        self.dth("credential", "create", "role", "--kind", "aws_role", "--option", "role-arn=arn:aws:iam::1:role/x", "--base", "minio")
        shown = self.json("credential", "show", "role")
        self.assertEqual((shown["options"], shown["base"]["name"]), ([{"name": "role-arn", "value": "arn:aws:iam::1:role/x"}], "minio"))
        self.assertIn("role", self.dth("credential", "delete", "minio", expect=1)[1])
        self.dth("credential", "delete", "role")
        secret = self.directory / "secret"
        secret.write_text("pl4nted-other\n")
        self.dth("credential", "rotate", "minio", "--secret-file", f"secret-access-key={secret}", given="AKIAX\n")
        self.dth("credential", "rotate", "minio", "--secret-file", f"nothing={secret}", expect=2, given="x\ny\n")
        self.dth("credential", "update", "minio", "--name", "store")
        self.assertEqual([one["name"] for one in self.json("credential", "list")], ["store"])
        self.assertIn("kinds", self.dth("credential", "create", "x", "--kind", "nothing", expect=2)[1] + "kinds")
        self.dth("credential", "delete", "store")
        self.assertEqual(self.json("credential", "list"), [])
        self.assertNotIn("pl4nted", hub.log)

    def test_settings(self):
        hub = self.hub("--log-level", "debug", environment={**self.environment(), "DTH_CONNECTIONS_MAX": "77"})
        settings = {one["key"]: one for one in hub.ask("{ settings { key value default source place group type isSecret help } }")["settings"]}
        self.assertEqual([settings["log_level"][name] for name in ("value", "source", "place")], ["debug", "FLAG", "--log-level"])
        self.assertEqual([settings["connections_max"][name] for name in ("value", "source", "place")], ["77", "VARIABLE", "DTH_CONNECTIONS_MAX"])
        self.assertEqual([settings["log_format"][name] for name in ("source", "place")], ["DEFAULT", None])
        self.assertTrue(all(one["group"] and one["help"] for one in settings.values()))
        reader = {"Authorization": f"Bearer {hub.make_token('operator')}", "Content-Type": "application/json"}
        answer = json.loads(hub.request("POST", "/graphql", b'{"query":"{ settings { key } }"}', reader)[2])
        self.assertEqual(answer["errors"][0]["extensions"]["code"], "PERMISSION_DENIED")


class RunsTest(ClientTest):
    def test_runs_look_the_same_here_and_there(self):
        source, destination = self.directory / "from", self.directory / "to"
        source.mkdir()
        destination.mkdir()
        for name in ("a", "b"):
            (source / name).write_text(name)
        database = ["--database", f"sqlite:{self.state}"]
        hub = self.served()
        done = subprocess.run([setting("DTH_TEST_BINARY"), "copy", f"{source}/", f"{destination}/", *database, "-o", "json", "-q"],
                              env=self.environment(), capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        run = json.loads(done.stdout)["run"]
        here, there = self.json("run", "list", *database), self.json("run", "list", "--hub", "prod")
        for name in ("run", "action", "state", "copied", "bytes", "proof", "requests", "source", "destination", "created_at"):
            self.assertEqual(there[0][name], here[0][name], name)
        self.assertEqual(there[0]["hub"], hub.url)
        self.assertEqual(self.dth("run", "list", *database)[0], self.dth("run", "list", DTH_HUB="prod")[0])
        shown = self.json("run", "show", "latest", "--hub", "prod")
        self.assertEqual((shown["run"], shown["copied"]), (run, 2))
        local = self.dth("run", "show", run, *database)[0].splitlines()
        remote = self.dth("run", "show", run, "--hub", hub.url, DTH_HUB_TOKEN=hub.token)[0].splitlines()
        self.assertEqual([line for line in local if line.split()[0] not in ("Database", "Ledger")],
                         [line for line in remote if line.split()[0] != "Hub"])
        self.assertEqual(self.json("run", "failures", run, "--hub", "prod"), [])
        self.assertIn("there is no run", self.dth("run", "show", "run_none", "--hub", "prod", expect=2)[1])
        self.assertIn("prod", self.dth("run", "pause", run, "--hub", "prod", expect=1)[1] + "prod")
        self.assertEqual(self.json("worker", "list", "--hub", "prod")[0]["kind"], "hub")
        self.assertIn("exclude", self.dth("run", "list", "--hub", "prod", *database, expect=2)[1])

    def test_failures_are_tried_again_and_waited_for(self):
        source, destination = self.directory / "from", self.directory / "to"
        source.mkdir()
        destination.mkdir()
        (source / "a").write_text("a")
        (source / "b").write_text("b")
        (destination / "b").mkdir()  # no file can be there
        (destination / "b" / "c").write_text("c")
        self.served()
        database = ["--database", f"sqlite:{self.state}"]
        done = subprocess.run([setting("DTH_TEST_BINARY"), "copy", f"{source}/", f"{destination}/", *database, "--detach", "-q"],
                              env=self.environment(), capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stderr)
        deadline = time.monotonic() + 30
        while self.json("run", "list", "--hub", "prod")[0]["state"] in ("queued", "running"):
            self.assertGreater(deadline, time.monotonic())
        failed = self.json("run", "failures", "latest", "--hub", "prod")
        self.assertEqual([failure["key"] for failure in failed], ["b"])
        self.assertIn("b", self.dth("run", "failures", "latest", "--hub", "prod")[0])
        output, _ = self.dth("run", "retry", "latest", "--hub", "prod", "--wait", expect=5)
        self.assertRegex(output, r"Failed +1\n")
        (destination / "b" / "c").unlink()
        (destination / "b").rmdir()
        output, _ = self.dth("run", "retry", "latest", "--hub", "prod", "--wait")
        self.assertRegex(output, r"Copied +1 ")
        self.assertIn("with --hub", self.dth("run", "resume", "latest", "--hub", "prod", "--here", expect=2)[1])


class TasksTest(ClientTest):
    DOCUMENT = """kind: Task
name: nightly
action: COPY
source:
  endpoint: disk
  path: {source}/
destination:
  endpoint: disk
  path: {destination}/
"""

    def test_from_an_endpoint_to_a_verified_copy(self):
        source, destination = self.directory / "from", self.directory / "to"
        source.mkdir()
        destination.mkdir()
        (source / "a").write_text("a")
        self.served()
        self.dth("endpoint", "create", "disk", "--kind", "file", "--option", f"root={self.directory}", "--label", "team=ops")
        self.assertEqual(self.json("endpoint", "show", "disk")["labels"], [{"name": "team", "value": "ops"}])
        self.assertIn("LIST", self.dth("endpoint", "test", "disk", "--bucket", source)[0])
        self.assertIn("/from", self.dth("endpoint", "browse", "disk")[0])
        self.dth("endpoint", "update", "disk", "--description", "of this host")
        shown = self.json("endpoint", "show", "disk")
        self.assertEqual((shown["description"], shown["options"][0]["name"]), ("of this host", "root"))
        file = self.directory / "task.yaml"
        file.write_text("# tasks\n---\n" + self.DOCUMENT.format(source=source, destination=destination) + "---\n")
        self.assertIn("would be created", self.dth("diff", "-f", file, expect=4)[0])
        self.assertEqual(self.json("task", "list"), [], "diff changes nothing")
        self.assertIn("created", self.dth("apply", "-f", file)[0])
        self.assertIn("unchanged", self.dth("diff", "-f", file)[0])
        exported = self.dth("task", "export", "nightly")[0]
        self.assertIn("unchanged", self.dth("diff", "-f", "-", given=exported)[0])
        file.write_text(exported.replace("nightly", "nightly\ndescription: changed", 1))
        output = self.dth("diff", "-f", file, expect=4)[0]
        self.assertRegex(output, "(?m)^  description: .*changed$")
        self.assertIn("changed", self.dth("apply", "-f", file)[0])
        with self.subTest("nothing is changed where one document is wrong"):
            file.write_text(exported + "---\nkind: Task\nname: other\n")
            self.assertIn("task.yaml", self.dth("apply", "-f", file, expect=2)[1])
            self.assertEqual(self.json("task", "show", "nightly")["description"], "changed")
        output = self.dth("task", "run", "nightly", "--wait")[0]
        self.assertRegex(output, r"Copied +1 ")
        self.assertEqual((destination / "a").read_text(), "a")
        self.assertEqual([task["lastRun"]["state"] for task in self.json("task", "list")], ["SUCCEEDED"])
        self.assertIn("nightly: paused", self.dth("task", "pause", "nightly")[1])
        self.assertEqual(self.json("task", "show", "nightly")["state"], "PAUSED")
        self.dth("task", "resume", "nightly")
        self.assertIn("dth copy", self.dth("task", "export", "nightly", "--format", "cli")[0])
        self.assertIn("nightly", self.dth("endpoint", "delete", "disk", expect=1)[1])
        self.dth("task", "run", "none", expect=2)
        self.dth("task", "delete", "nightly")
        self.dth("endpoint", "delete", "disk")


class Stranger:
    """A server that answers everything with one answer, and notes what it hears."""

    def __init__(self, body, status="200 OK", headers=""):
        heard = self.heard = []

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                head = b""
                while not head.endswith(b"\r\n\r\n"):
                    line = self.rfile.readline()
                    if not line:
                        return
                    head += line
                heard.append(head)
                heard.append(self.rfile.read(int(re.search(rb"content-length: (\d+)", head.lower())[1])))
                self.wfile.write(f"HTTP/1.1 {status}\r\nContent-Type: text/html\r\n{headers}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class HostileHubTest(ClientTest):
    def ask(self, stranger, expect=1):
        self.addCleanup(stranger.stop)
        return self.dth("user", "list", "--hub", stranger.url, expect=expect, DTH_HUB_TOKEN="dth_token_x")[1]

    def test_a_server_that_is_no_hub(self):
        for body in (b"<html>welcome</html>", b"", b"[]", b'{"data":{}}', b'{"data":{"users":{"nodes":[1],"pageInfo":{}}}}'):
            with self.subTest(body):
                error = self.ask(Stranger(body))
                self.assertRegex(error, r"^dth: .*(does not answer as a hub|cannot be used)")
                self.assertNotIn("dth_token_x", error)

    def test_a_redirection_is_not_followed(self):
        other = Stranger(b"{}")
        self.addCleanup(other.stop)
        error = self.ask(Stranger(b"", "307 Temporary Redirect", f"Location: {other.url}/graphql\r\n"))
        self.assertIn(other.url, error)
        self.assertEqual(other.heard, [], "the token stays")

    def test_pages_without_end_end(self):
        page = json.dumps({"data": {"users": {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": "x"}}}})
        self.assertIn("empty page", self.ask(Stranger(page.encode())))

    def test_its_texts_move_no_terminal(self):
        evil = "\x1b]0;pwned\x07\u202e"
        user = {"id": evil, "email": evil, "name": evil, "role": evil, "isDisabled": True}
        page = json.dumps({"data": {"users": {"nodes": [user], "pageInfo": {"hasNextPage": False}}}})
        for options in ([], ["-o", "json"], ["-o", "yaml"], ["-o", "csv"]):
            stranger = Stranger(page.encode())
            self.addCleanup(stranger.stop)
            output = self.dth("user", "list", "--hub", stranger.url, *options, DTH_HUB_TOKEN="x")[0]
            self.assertNotIn("\x1b", output)
            self.assertNotIn("\u202e", output)
        error = self.ask(Stranger(json.dumps({"errors": [{"message": evil}]}).encode()))
        self.assertNotIn("\x1b", error)

    def test_a_hub_that_is_down(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{free.getsockname()[1]}"
        error = self.dth("user", "list", "--hub", url, expect=1, DTH_HUB_TOKEN="x")[1]
        self.assertIn(url, error)
        self.assertEqual(len(error.splitlines()), 1, error)

    def test_addresses_that_show_the_token_to_others(self):
        self.assertIn("https://", self.dth("context", "add", "x", "http://hub.example.org", expect=2)[1])
        self.dth("user", "list", "--hub", "http://127.0.0.1.example.org", expect=2, DTH_HUB_TOKEN="x")
        self.assertIn("context add", self.dth("user", "list", expect=2)[1])

    def test_a_certificate_of_an_unknown_authority(self):
        certificate, key = self.certificate("hub")
        hub = self.hub("--tls-certificate", certificate, "--tls-key", key)
        url = f"https://localhost:{hub.port}"
        error = self.dth("context", "show", url, expect=1, DTH_HUB_TOKEN=hub.token)[1]
        self.assertIn("--ca-bundle", error)
        self.assertNotIn("--source", error)
        self.dth("context", "add", "tls", url, "--ca-bundle", certificate)
        self.assertEqual(self.json("context", "show", "tls", DTH_HUB_TOKEN=hub.token)["viewer"]["role"], "ADMIN")
        self.assertIn("cannot read", self.dth("context", "add", "y", url, "--ca-bundle", self.directory / "none", expect=2)[1])
