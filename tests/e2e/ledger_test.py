"""The ledger as others see it: checked by the program in docs/ledger.md, by `dth ledger verify`, exported."""
import csv
import io
import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import unittest

from dth import EndToEndTest
from s3_client import content

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "docs/ledger.md"


class LedgerTest(EndToEndTest):
    OBJECTS = {f"dir/{number:03}": content(number, 100 + number) for number in range(60)} | {
        "=SUM(A1)": b"formula", "+plus": b"1", "quote\"d, and comma": b"2", "'apostrophe": b"3", "new\nline": b"4", "ü": b"5",
        "large": content("large", 9 << 20)}  # goes up in parts, so that its line is in a segment of its own
    IN_PARTS = ("--multipart-threshold", "8MiB", "--part-size", "5MiB")

    def setUp(self):
        super().setUp()
        self.fill(self.OBJECTS)
        self.run_directory = pathlib.Path(self.copy(None, None, *self.IN_PARTS).summary["ledger"])
        self.public_key = self.dth("key", "show").strip()

    def dth(self, *arguments, expect=0):
        outcome = self.run_dth(*arguments)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome.stdout

    def verify(self, *options, expect=0):
        return self.dth("ledger", "verify", self.run_directory, *options, expect=expect)

    def check(self, *key):
        """What the independent program says."""
        program = re.search(r"```python\n(.*?)```", DOCUMENT.read_text(), re.S).group(1)
        script = self.directory / "check.py"
        script.write_text(program)
        return subprocess.run([sys.executable, script, self.run_directory, *key], capture_output=True, text=True, timeout=120)

    def assert_good(self):
        for key in ([], [self.public_key]):
            checked = self.check(*key)
            self.assertEqual(checked.returncode, 0, checked.stderr)
            self.assertIn("good:", checked.stdout)
        self.assertIn("authentic", self.verify("--public-key", self.public_key))

    def manifest(self):
        return self.run_directory / "manifest.json"

    def segments_file(self):
        return next(self.run_directory.glob("*.ndjson.zst"))

    def alterations(self):
        """Names, and functions that alter the ledger."""
        def in_manifest(old, new):
            def alter():
                text = self.manifest().read_text()
                self.assertIn(old, text)
                self.manifest().write_text(text.replace(old, new, 1))
            return alter

        def flip(path, at):
            def alter():
                data = bytearray(path().read_bytes())
                data[at(data)] ^= 1
                path().write_bytes(data)
            return alter

        def segments(change):
            def alter():
                manifest = json.loads(self.manifest().read_text())
                change(manifest["segments"])
                self.manifest().write_text(json.dumps(manifest))
            return alter

        def digit_of_the_signature():
            text = self.manifest().read_text()
            at = text.index('"signature":"') + 20
            self.manifest().write_text(text[:at] + ("1" if text[at] == "0" else "0") + text[at + 1:])

        return {
            "a byte of the lines": flip(self.segments_file, lambda data: len(data) // 2),
            "the last byte of the lines": flip(self.segments_file, lambda data: -1),
            "a total": in_manifest('"copied":67', '"copied":66'),
            "how it ended": in_manifest('"succeeded"', '"failed"'),
            "the time": in_manifest('"ended_at":"2', '"ended_at":"3'),
            "a segment gone": segments(lambda segments: segments.pop()),
            "a segment twice": segments(lambda segments: segments.append(segments[0])),
            "the segments in another order": segments(lambda segments: segments.reverse()),
            "a digit of the signature": digit_of_the_signature,
        }

    def test_alterations_are_noticed(self):
        self.assert_good()
        self.assertGreater(len(json.loads(self.manifest().read_text())["segments"]), 1)
        kept = self.directory / "kept"
        shutil.copytree(self.run_directory, kept)
        for name, alter in self.alterations().items():
            with self.subTest(name):
                alter()
                checked = self.check(self.public_key)
                self.assertNotEqual(checked.returncode, 0, checked.stdout)
                self.assertIn("BAD", checked.stderr)
                for options in ([], ["--public-key", self.public_key]):
                    self.assertIn("bad: ", self.verify(*options, expect=1))
                told = json.loads(self.verify("--output", "json", expect=1))
                self.assertFalse(told["good"] or told["authentic"])
                self.assertTrue(all(problem["file"] and problem["what"] for problem in told["problems"]))
                shutil.rmtree(self.run_directory)
                shutil.copytree(kept, self.run_directory)
        self.assert_good()

    def test_another_signer(self):
        other = self.environment(XDG_STATE_HOME=str(self.directory / "another"))
        state = self.directory / "other.db"
        forged = self.copy(None, None, "--always", state=state, environment=other)
        self.run_directory = pathlib.Path(forged.summary["ledger"])
        told = self.verify()
        self.assertIn("only integrity", told)
        self.assertNotIn("own", told)
        self.assertIn("signed with another key", self.verify("--public-key", self.public_key, expect=1))
        self.assertEqual(self.check().returncode, 0)
        self.assertNotEqual(self.check(self.public_key).returncode, 0)

    def test_keys(self):
        self.assertRegex(self.public_key, r"\A[0-9a-f]{64}\Z")
        pem = self.directory / "signer.pem"
        pem.write_text(self.dth("key", "show", "--pem"))
        self.assertIn("authentic", self.verify("--public-key", pem))
        self.assertIn("this machine's own", self.verify())
        new = self.dth("key", "rotate").strip()
        self.assertNotEqual(new, self.public_key)
        self.assertEqual(self.dth("key", "show").strip(), new)
        self.assertIn("this machine's own", self.verify())
        self.assertIn("signed with another key", self.verify("--public-key", new, expect=1))
        self.verify("--public-key", "0123", expect=2)
        private = self.directory / ".local/state/dth/signing.key"
        self.assertEqual(stat.S_IMODE(private.stat().st_mode), 0o600)
        # Openssl knows it.
        public = subprocess.run(["openssl", "pkey", "-in", private, "-pubout"], capture_output=True, text=True, check=True).stdout
        self.assertEqual(public, self.dth("key", "show", "--pem"))

    def test_a_key_that_others_may_read(self):
        private = self.directory / ".local/state/dth/signing.key"
        os.chmod(private, 0o640)
        refused = self.copy(None, None, "--always", expect=1)
        self.assertIn(f"chmod 600 {private}", refused.stderr)

    def test_no_ledger(self):
        self.run_directory = self.directory / "nowhere"
        self.verify(expect=2)
        self.run_directory.mkdir()
        self.verify(expect=1)

    def test_a_directory_whose_name_begins_with_a_dot(self):
        hidden = self.run_directory.parent / ".kept"
        self.run_directory.rename(hidden)
        self.assertEqual(len(self.dth("ledger", "show", hidden).splitlines()), len(self.OBJECTS))
        self.assertEqual(len(self.dth("ledger", "export", "--format", "json", hidden).splitlines()), len(self.OBJECTS))
        self.dth("ledger", "verify", hidden)

    def test_export_to_what_is_no_file(self):
        """A link stays one, and what it leads to is written: a file, a pipe, a device."""
        self.fill({"k": b"x"})
        ledger = self.copy().summary["ledger"]
        target, link, pipe, full = (self.directory / name for name in ("target.csv", "link.csv", "pipe", "full"))
        target.write_text("old")
        link.symlink_to(target)
        self.dth("ledger", "export", ledger, "--format", "csv", "-o", link)
        self.assertTrue(link.is_symlink())
        self.assertIn("k,", target.read_text())
        os.mkfifo(pipe)
        reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE, text=True)
        self.dth("ledger", "export", ledger, "--format", "csv", "-o", pipe)
        self.assertEqual(reader.communicate(timeout=30)[0], target.read_text())
        full.symlink_to("/dev/full")
        self.assertIn("cannot be written", self.run_dth("ledger", "export", ledger, "--format", "csv", "-o", full).stderr)
        self.assertTrue(full.is_symlink())

    def test_export(self):
        rows = list(csv.DictReader(io.StringIO(self.dth("ledger", "export", self.run_directory), newline="")))
        def exact(field):
            return field[1:] if field.startswith("'") else field
        self.assertEqual({exact(row["key"]) for row in rows}, set(self.OBJECTS))
        for row in rows:
            self.assertNotIn(row["key"][0], "=+-@")
            self.assertEqual(int(row["size"]), len(self.OBJECTS[exact(row["key"])]))
        file = self.directory / "out.ndjson"
        file.write_text("old")
        self.dth("ledger", "export", self.run_directory, "--format", "json", "-o", file)
        self.assertEqual({json.loads(line)["key"] for line in file.read_text().splitlines()}, set(self.OBJECTS))
        self.assertEqual([path.name for path in self.directory.glob("out*")], ["out.ndjson"])

    def test_filters(self):
        def keys(*options):
            return [json.loads(line)["key"] for line in self.dth("ledger", "show", self.run_directory, *options).splitlines()]
        self.assertEqual(set(keys("--key-prefix", "dir/00")), {f"dir/{number:03}" for number in range(10)})
        self.assertEqual(len(keys("--limit", "7")), 7)
        self.assertEqual(keys("--outcome", "failed"), [])
        self.assertEqual(set(keys("--outcome", "copied", "--proof", "SOURCE_CHECKSUM")), set(self.OBJECTS) - {"large"})
        self.assertEqual(keys("--proof", "TRANSIT_CHECKSUM"), ["large"])
        self.assertEqual(keys("--proof", "NONE"), [])


if __name__ == "__main__":
    unittest.main()
