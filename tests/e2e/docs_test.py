"""The examples of documents, executed as they stand there: blocks of `sh` by bash, in order. A block of `text` or `json` behind one is what it prints;
`…` stands for anything. Names of documents, such as hosts and buckets, are exchanged for those of the test."""
import json
import os
import pathlib
import re
import subprocess

from dth import EndToEndTest, setting
from hub import Hub

DOCS = pathlib.Path(__file__).parents[2] / "docs"
PASSWORD = "violet otter sails north"
MANY = "…"


def blocks(path):
    """(kind, text, line) of the fenced blocks that have a kind."""
    found, kind, begin = [], None, 0
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if kind is None and (fence := re.fullmatch(r"```(\w*)", line)):
            kind, begin, lines = fence[1], number, []
        elif kind is not None and line == "```":
            found.append((kind, "\n".join(lines) + "\n", begin))
            kind = None
        elif kind is not None:
            lines.append(line)
    return found


def fits_text(expected, actual):
    parts = [re.escape(part) for part in expected.rstrip("\n").split(MANY)]
    return re.fullmatch(".*?".join(parts), actual.rstrip("\n"), re.DOTALL) is not None


def fits_json(expected, actual):
    if isinstance(expected, str):
        return expected == MANY or (isinstance(actual, str) and fits_text(expected, actual))
    if isinstance(expected, list):
        if not isinstance(actual, list):
            return False
        more = bool(expected) and expected[-1] == MANY
        known = expected[:-1] if more else expected
        return (len(actual) >= len(known) if more else len(actual) == len(known)) and all(map(fits_json, known, actual))
    if isinstance(expected, dict):
        return isinstance(actual, dict) and set(expected) == set(actual) and all(fits_json(value, actual[name]) for name, value in expected.items())
    return expected == actual


class DocsTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.names = {"https://s3.old.example.net": setting("DTH_TEST_S3_ENDPOINT"), "https://s3.new.example.net": setting("DTH_TEST_S3_ENDPOINT_B"),
                      "photos/": self.source + "/", "archive/": self.destination + "/", "--bucket photos": f"--bucket {self.source}"}
        self.fill({"2026/a.jpg": b"a", "2026/b.jpg": b"bb", "index.html": b"<html>"})
        programs = self.directory / "bin"
        programs.mkdir()
        (programs / "dth").symlink_to(setting("DTH_TEST_BINARY"))
        aws = self.directory / ".aws"
        aws.mkdir()
        (aws / "credentials").write_text("".join(f"[{name}]\naws_access_key_id = {self.key[0]}\naws_secret_access_key = {self.key[1]}\n" for name in ("old", "new")))
        (self.directory / "keys.txt").write_text("\n".join(self.key) + "\n")
        self.variables = {"PATH": f"{programs}:{os.environ['PATH']}"}

    def environment(self, **changes):
        values = super().environment(**changes)
        for side in ("SOURCE", "DESTINATION"):
            for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
                values.pop(f"DTH_{side}_{name}", None)
        return values

    def with_hub(self):
        hub = Hub(self.directory / "data", ["--listen", "127.0.0.1:0"], self.environment())
        self.addCleanup(hub.kill)
        hub.wait_for_log("/setup#token=")
        token = re.search(r"/setup#token=(dth_setup_\w+)", hub.log)[1]
        answer = hub.ask("mutation { createFirstAdministrator(input: {setupToken: \"%s\", name: \"Ann\", email: \"ann@example.org\", password: \"%s\"}) "
                         "{ userErrors { message } } }" % (token, PASSWORD), signed_in=False)
        self.assertEqual(answer["createFirstAdministrator"]["userErrors"], [])
        self.names["https://hub.example.org"] = hub.url
        return hub

    def translated(self, text, back=False):
        for name, meant in self.names.items():
            text = text.replace(meant, name) if back else text.replace(name, meant)
        return text

    def execute(self, name, given=""):
        path = DOCS / name
        found = [block for block in blocks(path) if block[0] in ("sh", "text", "json")]
        self.assertTrue(found, f"{path} has no example")
        output = None
        for kind, text, line in found:
            with self.subTest(f"{name}:{line}"):
                if kind == "sh":
                    script = "set -euo pipefail\n" + self.translated(text)
                    done = subprocess.run(["bash", "-c", script], cwd=self.directory, env={**self.environment(), **self.variables}, input=given,
                                          capture_output=True, text=True, timeout=120)
                    output = done.stdout
                    self.assertEqual(done.returncode, 0, f"{script}\n{done.stdout}\n{done.stderr}")
                    continue
                self.assertIsNotNone(output, "what is to be printed follows what prints it")
                if kind == "json":
                    self.assertTrue(fits_json(json.loads(text), json.loads(output)), f"expected\n{text}\nactual\n{output}")
                else:
                    actual = self.translated(output, back=True)
                    self.assertTrue(fits_text(text, actual), f"expected\n{text}\nactual\n{actual}")

    def test_the_command_line_as_a_client(self):
        self.with_hub()
        self.execute("client.md", f"ann@example.org\n{PASSWORD}\n")

    def test_the_api(self):
        hub = self.with_hub()
        database = ["--database", f"sqlite:{self.directory}/data/state.db"]
        keys = {f"DTH_{side}_{name}": value for side in ("SOURCE", "DESTINATION") for name, value in zip(("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"), self.key)}
        done = self.run_dth("copy", f"s3://{self.source}", f"s3://{self.destination}", *self.endpoints(), *database, "-q", environment={**self.environment(), **keys})
        self.assertEqual(done.code, 0, str(done))
        run = hub.ask("{ runs(first: 1) { nodes { id } } }")["runs"]["nodes"][0]["id"]
        self.variables.update(DTH_HUB=hub.url, DTH_HUB_TOKEN=hub.token, RUN=run)
        self.execute("api.md")

    def test_the_comparison_tells_differences(self):
        self.assertTrue(fits_text("a…z\n", "a b\nz"))
        self.assertFalse(fits_text("a…z\n", "a b"))
        self.assertTrue(fits_json({"a": [1, MANY], "b": MANY}, {"a": [1, 2], "b": None}))
        self.assertFalse(fits_json({"a": [1]}, {"a": [1, 2]}))
        self.assertFalse(fits_json({"a": 1}, {"a": 1, "b": 2}))
