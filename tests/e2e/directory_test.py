"""A directory as source and as destination, by the real program, against a real S3 server."""
import os
import pathlib
import random
import time

from dth import EndToEndTest
from s3_client import AWKWARD_KEYS, content

MIB = 1 << 20
IN_PARTS = ("--multipart-threshold", "8MiB", "--part-size", "5MiB")
PUT_TIME = "1500000000.123456789"


def is_path(key):
    """Can a file beneath a directory have this path? Written again here: the program is not asked."""
    names = key.rstrip("/").split("/") if key.endswith("/") and not key.endswith("//") else key.split("/")
    return all(name not in ("", ".", "..") and len(name.encode()) <= 255 for name in names)


class DirectoryCase(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.place = self.directory / "place"
        self.place.mkdir()

    def to_directory(self, *options, expect=0, place=None, state="down.db"):
        arguments = ["copy", f"s3://{self.source}", f"{place or self.place}/", "--source-endpoint-url", self.a.endpoint,
                     "--source-addressing", "path", *self.database(self.directory / state), "--output", "json", *options]
        outcome = self.run_dth(*arguments)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def from_directory(self, *options, expect=0, place=None, state="up.db"):
        arguments = ["copy", f"{place or self.place}/", f"s3://{self.destination}", "--destination-endpoint-url", self.b.endpoint,
                     "--destination-addressing", "path", *self.database(self.directory / state), "--output", "json", *options]
        outcome = self.run_dth(*arguments)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def files(self):
        """{path: bytes} of all files beneath the place, our own temporary ones too."""
        return {str(path.relative_to(self.place)): path.read_bytes() for path in self.place.rglob("*") if path.is_file()}

    def failures(self, outcome):
        return {line["key"]: line["error"] for line in self.ledger(outcome) if line["outcome"] == "failed"}


class RoundTripTest(DirectoryCase):
    def test_there_and_back_and_both_again_skip_everything(self):
        objects = {key: b"of " + key.encode() for key in AWKWARD_KEYS}
        objects["a/"] = objects["dir/"] = b""
        objects |= {"empty": b"", "large.bin": content("large", 12 * MIB + 17), "medium.html": content("medium", 3 * MIB)}
        self.fill(objects)
        self.a.put(self.source, "told", b"told", {"Content-Type": "text/x-told", "x-amz-meta-mtime": PUT_TIME, "x-amz-meta-other": "kept",
                                                  "Cache-Control": "no-cache", "Content-Language": "de"})
        objects["told"] = b"told"
        # "a" and what would have to lie in it: the first one becomes the file.
        expected = {key for key in objects if is_path(key) and not key.startswith("a/")}
        refused = set(objects) - expected

        down = self.to_directory(*IN_PARTS, expect=5)
        self.assert_counts_add_up(down.summary)
        self.assertEqual(down.summary["copied"], len(expected), str(down))
        failures = self.failures(down)
        self.assertEqual(set(failures), refused)
        self.assertTrue(all("cannot be the name of a file" in text or "a file and a directory at once" in text for text in failures.values()), failures)
        self.assertEqual(down.summary["proof"].get("NONE", 0), 0)
        files = {key for key in expected if not key.endswith("/")}
        self.assertEqual(self.files(), {key: objects[key] for key in files})
        self.assertTrue((self.place / "dir").is_dir())
        self.assertEqual((self.place / "told").stat().st_mtime_ns, 1_500_000_000_123_456_789)

        again = self.to_directory(*IN_PARTS, expect=5)
        self.assertEqual((again.summary["copied"], again.summary["unchanged"]), (0, len(expected)), str(again))

        up = self.from_directory(*IN_PARTS)
        self.assert_counts_add_up(up.summary)
        self.assertEqual(up.summary["copied"], len(expected), str(up))
        listed = self.b.list(self.destination)
        self.assertEqual(set(listed), expected)
        for key in expected:
            self.assertTrue(self.b.get(self.destination, key)[1] == objects[key], key)
        headers = self.b.head(self.destination, "told")
        for name, value in {"Content-Type": "text/x-told", "x-amz-meta-mtime": PUT_TIME, "x-amz-meta-other": "kept", "Cache-Control": "no-cache",
                            "Content-Language": "de"}.items():
            self.assertEqual(headers[name], value, name)
        again = self.from_directory(*IN_PARTS)
        self.assertEqual((again.summary["copied"], again.summary["unchanged"]), (0, len(expected)), str(again))

    def test_a_directory_to_a_directory(self):
        (self.place / "sub").mkdir()
        (self.place / "sub" / "f.txt").write_bytes(b"text")
        (self.place / "empty").mkdir()
        os.utime(self.place / "sub" / "f.txt", ns=(1, 1_234_567_890_987_654_321))
        other = self.directory / "other"  # is made; its parent is there
        arguments = ["copy", f"{self.place}/", f"{other}/", *self.database(self.state), "--output", "json"]
        outcome = self.run_dth(*arguments)
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertEqual((other / "sub" / "f.txt").read_bytes(), b"text")
        self.assertEqual((other / "sub" / "f.txt").stat().st_mtime_ns, 1_234_567_890_987_654_321)
        self.assertEqual([path.name for path in other.iterdir()], ["sub"])
        self.assertEqual(self.run_dth(*arguments).summary["unchanged"], 1)
        # A same-size edit whose time is set back to what it was is copied all the same.
        (self.place / "sub" / "f.txt").write_bytes(b"TEXT")
        os.utime(self.place / "sub" / "f.txt", ns=(1, 1_234_567_890_987_654_321))
        self.assertEqual(self.run_dth(*arguments).summary["copied"], 1)
        self.assertEqual((other / "sub" / "f.txt").read_bytes(), b"TEXT")

    def test_one_file(self):
        (self.place / "f").write_bytes(b"text")
        outcome = self.run_dth("copy", f"{self.place}/f", f"{self.place}/g", *self.database(self.state))
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertEqual(self.files(), {"f": b"text", "g": b"text"})
        outcome = self.run_dth("copy", str(self.place), f"{self.directory}/other/", *self.database(self.directory / "other.db"))
        self.assertEqual(outcome.code, 1, str(outcome))
        self.assertIn("it is a directory", outcome.stdout)
        self.assertIn("end the source with a slash", outcome.stdout)

    def test_relative_paths_are_seen_from_where_the_command_is_given(self):
        (self.place / "f").write_bytes(b"text")
        before = os.getcwd()
        os.chdir(self.place)
        try:
            outcome = self.run_dth("copy", ".", "../other/", *self.database(self.state))
        finally:
            os.chdir(before)
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertEqual((self.directory / "other" / "f").read_bytes(), b"text")


class SourceTest(DirectoryCase):
    def test_links_and_pipes_are_failures_with_their_reason(self):
        (self.place / "f.txt").write_bytes(b"x")
        (self.place / "link").symlink_to("f.txt")
        (self.place / "loop").symlink_to(".")
        os.mkfifo(self.place / "pipe")
        outcome = self.from_directory(expect=5)
        self.assert_counts_add_up(outcome.summary)
        failures = self.failures(outcome)
        self.assertEqual(set(failures), {"link", "loop", "pipe"})
        self.assertIn("symbolic link", failures["loop"])
        self.assertIn("pipe", failures["pipe"])
        self.assertEqual(set(self.b.list(self.destination)), {"f.txt"})
        self.assertEqual(self.b.head(self.destination, "f.txt")["Content-Type"], "text/plain")

    def test_a_source_that_is_not_there_is_an_error(self):
        outcome = self.from_directory(place=self.directory / "none", expect=1)
        self.assertIn("cannot be opened", outcome.stderr)


class DestinationTest(DirectoryCase):
    def test_links_in_the_way_stay_as_they_are(self):
        outside = self.directory / "outside"
        outside.mkdir()
        (self.place / "way").symlink_to(outside)
        (self.place / "f").symlink_to(outside / "f")
        self.fill({"f": b"x", "way/f": b"x", "g": b"x"})
        outcome = self.to_directory(expect=5)
        self.assertEqual(set(self.failures(outcome)), {"f", "way/f"})
        self.assertEqual(list(outside.iterdir()), [])
        self.assertTrue((self.place / "f").is_symlink())

    def test_a_directory_whose_parent_is_missing_is_not_made(self):
        self.fill({"f": b"x"})
        outcome = self.to_directory(place=self.directory / "none" / "new", expect=1)
        self.assertIn("make the parent first", outcome.stderr)
        self.assertFalse((self.directory / "none").exists())

    def test_a_dry_run_makes_nothing(self):
        self.fill({"f": b"x"})
        place = self.directory / "new"
        outcome = self.to_directory("--dry-run", place=place)
        self.assertEqual(outcome.summary["selected"], 1)
        self.assertFalse(place.exists())

    def test_what_lies_within_the_other_is_refused(self):
        (self.place / "sub").mkdir()
        (self.place / "f").write_bytes(b"x")
        link = self.directory / "link"
        link.symlink_to(self.place)
        for source, destination in ((self.place, self.place), (self.place, self.place / "sub"), (self.place / "sub", link), (link, self.place / "new")):
            outcome = self.run_dth("copy", f"{source}/", f"{destination}/", *self.database(self.state))
            self.assertEqual(outcome.code, 2, str(outcome))
        self.assertEqual(self.files(), {"f": b"x"})

    def test_options_of_servers_are_refused(self):
        outcome = self.run_dth("copy", f"{self.place}/", f"s3://{self.destination}", "--source-region", "eu-west-1", *self.database(self.state))
        self.assertEqual(outcome.code, 2, str(outcome))
        self.assertIn("--source-region means nothing", outcome.stderr)


class KillTest(DirectoryCase):
    def test_kill_9_leaves_no_half_file_and_no_junk(self):
        objects = {f"d{number % 7}/{number:04}": content(number, (number % 5) * 20_000) for number in range(800)}
        objects |= {f"large/{number}": content(f"large {number}", 9 * MIB + number) for number in range(4)}
        self.fill(objects)
        chance = random.Random(5)
        kills = 0
        arguments = ["copy", f"s3://{self.source}", f"{self.place}/", "--source-endpoint-url", self.a.endpoint, "--source-addressing", "path",
                     *self.database(self.state), "--output", "json", *IN_PARTS]
        for _ in range(200):
            running = self.start(arguments)
            deadline = time.monotonic() + 0.1 + chance.random()
            while time.monotonic() < deadline and running.process.poll() is None:
                time.sleep(0.005)
            if running.process.poll() is not None or kills >= 12:
                outcome = running.wait()
                break
            running.kill()
            kills += 1
            for path, body in self.files().items():
                if ".dth~" not in path:
                    self.assertTrue(body == objects[path], f"{path} is seen though it is not whole")
        self.assertGreater(kills, 0)
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assert_counts_add_up(outcome.summary)
        self.assertEqual(outcome.summary["copied"], len(objects), str(outcome))
        again = self.run_dth(*arguments)
        self.assertEqual((again.summary["copied"], again.summary["unchanged"]), (0, len(objects)), str(again))
        self.assertEqual(self.files(), objects)
        self.assertEqual([path for path in pathlib.Path(self.place).rglob(".dth~*")], [])
