"""Directories that cannot be read or written whole: the rest is copied, what could not be is a recorded failure, and nothing is lost."""
import os
import pathlib
import resource
import stat
import subprocess
import unittest

from dth import Outcome, setting
from hostile import MIB, HostileTest
from s3_client import content

NOBODY = 65_534


class FaultsCase(HostileTest):
    """self.place: a directory; the bucket of self.into beside it."""

    def setUp(self):
        super().setUp()
        self.place = self.directory / "place"
        self.place.mkdir()

    def write(self, files, place=None):
        for name, body in files.items():
            path = (place or self.place) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body)

    def files(self, place):
        return {str(path.relative_to(place)): path.read_bytes() for path in pathlib.Path(place).rglob("*") if path.is_file()}

    def endpoint_of(self, side):
        fake = self.into if side == "destination" else self.from_
        return [f"--{side}-endpoint-url", fake.endpoint, f"--{side}-addressing", "path", f"--{side}-vendor", fake.profile.name]

    def to_bucket(self, *options, mode="copy", **more):
        return self.dth(mode, f"{self.place}/", f"s3://{self.destination}", *self.endpoint_of("destination"), *options, **more)

    def from_bucket(self, *options, mode="copy", **more):
        return self.dth(mode, f"s3://{self.source}", f"{self.place}/", *self.endpoint_of("source"), *options, **more)

    def dth(self, *arguments, expect=0, state=None, **more):
        arguments = [str(argument) for argument in (*arguments, *self.database(state or self.state), "--output", "json")]
        outcome = self.run_as(arguments, **more)
        self.assertEqual(outcome.code, expect, str(outcome))
        return outcome

    def run_as(self, arguments, user=None, **more):
        """As another user, where that is asked for: root may read everything."""
        if user is None and not more:
            return self.run_dth(*arguments)
        done = subprocess.run([setting("DTH_TEST_BINARY"), *arguments], env=self.environment(), stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=120, user=user, group=user, extra_groups=None if user is None else [], **more)
        return Outcome(arguments, done.returncode, done.stdout, done.stderr)

    def failures(self, outcome):
        return {line["key"]: line["error"] for line in self.ledger(outcome) if line["outcome"] in ("failed", "DIFFERS", "MISSING")}

    def bucket_keys(self):
        return set(self.into.bodies(self.destination))

    def lock(self, path, mode=0):
        """Nobody but root can read it until the test's end. Returns who runs dth then: not root."""
        before = stat.S_IMODE(path.stat().st_mode)
        self.addCleanup(os.chmod, path, before)
        if os.getuid() == 0:
            for one in (self.directory, *self.directory.rglob("*")):
                os.lchown(one, NOBODY, NOBODY) if one.is_symlink() else os.chown(one, NOBODY, NOBODY)
        os.chmod(path, mode)
        return NOBODY if os.getuid() == 0 else None


class UnreadableTest(FaultsCase):
    def setUp(self):
        super().setUp()
        self.write({"a": b"a", "locked/inside": b"inside", "locked/sub/deep": b"deep", "z/last": b"last"})

    def test_the_rest_is_copied_and_the_directory_is_a_failure(self):
        outcome = self.to_bucket(user=self.lock(self.place / "locked"), expect=5)
        self.assertEqual(self.bucket_keys(), {"a", "z/last"})
        self.assert_counts_add_up(outcome.summary)
        failures = self.failures(outcome)
        self.assertEqual(set(failures), {"locked/"})
        self.assertIn("Permission denied", failures["locked/"])
        self.assertIn("locked/: the directory cannot be read", outcome.stderr)

    def test_one_that_lies_too_deep(self):
        at = os.open(self.place, os.O_RDONLY)
        for _ in range(20):
            os.mkdir("d" * 250, dir_fd=at)
            inner = os.open("d" * 250, os.O_RDONLY, dir_fd=at)
            os.close(at)
            at = inner
        os.close(at)
        self.addCleanup(subprocess.run, ["rm", "-rf", str(self.place)], check=True)
        outcome = self.to_bucket(expect=5)
        self.assertEqual(self.bucket_keys(), {"a", "locked/inside", "locked/sub/deep", "z/last"})
        (reason,) = self.failures(outcome).values()
        self.assertIn("too deep", reason)

    def test_what_is_excluded_is_not_opened(self):
        user = self.lock(self.place / "locked")
        for number, rule in enumerate((["--exclude", "locked/"], ["--exclude-regex", "^locked/"], ["--include", "a", "--include", "z/**"])):
            with self.subTest(rule=rule):
                self.to_bucket(*rule, user=user, state=self.directory / f"{number}.db", expect=5 if rule[:2] == ["--include", "a"] else 0)

    def test_a_mirror_deletes_nothing_in_it(self):
        self.to_bucket()
        for key in ("locked/extra", "outside"):
            self.into.add_object(self.destination, key, b"only there")
        user = self.lock(self.place / "locked")
        outcome = self.to_bucket(mode="sync", user=user, state=self.directory / "2.db", expect=5)
        self.assertEqual(self.bucket_keys(), {"a", "z/last", "locked/inside", "locked/sub/deep", "locked/extra"}, str(outcome))

    def test_at_the_destination_nothing_in_it_is_taken_for_missing_or_extra(self):
        mirror = self.directory / "mirror"
        self.write({"a": b"a", "locked/inside": b"inside", "locked/extra": b"extra", "extra": b"extra"}, mirror)
        user = self.lock(mirror / "locked", 0o311)
        arguments = ("sync", f"{self.place}/", f"{mirror}/", "--delete-despite-failures")
        outcome = self.dth(*arguments, user=user, expect=5)
        os.chmod(mirror / "locked", 0o755)
        self.assertEqual(self.files(mirror), {"a": b"a", "z/last": b"last", "locked/inside": b"inside", "locked/extra": b"extra"}, str(outcome))
        failures = self.failures(outcome)
        self.assertEqual(set(failures), {"locked/", "locked/inside", "locked/sub/deep"})
        self.assertIn("nobody knows what is there", failures["locked/inside"])

    def test_verify_says_so_too(self):
        self.to_bucket()
        outcome = self.to_bucket(mode="verify", user=self.lock(self.place / "locked"), state=self.directory / "2.db", expect=5)
        self.assertEqual(set(self.failures(outcome)), {"locked/"})
        self.assertEqual(outcome.summary["matched"], 2, str(outcome))

    def test_a_retry_lists_it_again(self):
        outcome = self.to_bucket(user=self.lock(self.place / "locked"), expect=5)
        os.chmod(self.place / "locked", 0o755)
        retried = self.run_dth("run", "retry", outcome.summary["run"], *self.database(self.state))
        self.assertEqual(retried.code, 0, str(retried))
        self.assertEqual(self.bucket_keys(), {"a", "z/last", "locked/inside", "locked/sub/deep"})


class ReservedNameTest(FaultsCase):
    MINE = {".dth~notes.txt": b"mine", ".dth~0123456789abcdef.0": b"mine", ".dth~uploads/note": b"mine"}

    def test_a_users_own_files_are_copied_like_any_others(self):
        self.write({"b": b"b", **self.MINE})
        self.to_bucket()
        self.assertEqual(self.into.bodies(self.destination), {"b": b"b", **self.MINE})

    def test_and_left_alone_at_a_destination(self):
        self.write(self.MINE)
        self.fill({"b": b"b"})
        self.from_bucket()
        self.assertEqual(self.files(self.place), {"b": b"b", **self.MINE})


class SizeTest(FaultsCase):
    def test_a_file_of_unknown_size_is_copied_whole(self):
        outcome = self.dth("copy", "/proc/sys/kernel/ostype", f"s3://{self.destination}/ostype", *self.endpoint_of("destination"))
        self.assertEqual(self.into.bodies(self.destination), {"ostype": b"Linux\n"}, str(outcome))

    def test_reading_back_compares_what_is_in_it(self):
        self.into.add_object(self.destination, "ostype", b"")
        arguments = ("verify", "/proc/sys/kernel/ostype", f"s3://{self.destination}/ostype", *self.endpoint_of("destination"), "--method", "read-back")
        outcome = self.dth(*arguments, expect=5)
        self.assertEqual(outcome.summary["matched"], 0, str(outcome))

    def test_a_limit_of_file_sizes_is_a_failure_of_that_object(self):
        self.fill({"small": b"small", "large": content("large", 6 * MIB)})
        limit = 4 * MIB
        outcome = self.from_bucket(expect=5, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        self.assertEqual(self.files(self.place), {"small": b"small"})
        self.assertIn("File too large", self.failures(outcome)["large"])


class HashedTest(FaultsCase):
    FILES = {"a": b"bytes of a", "dir/b": content("b", 3 * MIB), "empty": b"", "large": content("large", 12 * MIB)}
    PARTS = ("--multipart-threshold", "8MiB", "--part-size", "5MiB")

    def check(self, profile):
        self.serve(profile, profile)
        self.write(self.FILES)
        self.to_bucket(*self.PARTS, state=self.directory / "1.db")
        again = self.to_bucket(*self.PARTS, "--compare", "checksum", state=self.directory / "2.db")
        self.assertEqual((again.summary["copied"], again.summary["unchanged"]), (0, 4), str(again))
        verified = self.to_bucket(*self.PARTS, mode="verify", state=self.directory / "3.db")
        self.assertEqual((verified.summary["matched"], verified.summary["undetermined"]), (4, 0), str(verified))
        # An edit that keeps size and time is found.
        before = (self.place / "a").stat()
        (self.place / "a").write_bytes(b"bytes of A")
        os.utime(self.place / "a", ns=(before.st_atime_ns, before.st_mtime_ns))
        verified = self.to_bucket(*self.PARTS, mode="verify", state=self.directory / "4.db", expect=5)
        self.assertEqual(set(self.failures(verified)), {"a"})
        again = self.to_bucket(*self.PARTS, "--compare", "checksum", state=self.directory / "5.db")
        self.assertEqual((again.summary["copied"], again.summary["unchanged"]), (1, 3), str(again))

    def test_against_a_bucket_that_states_checksums(self):
        self.check("aws")

    def test_against_a_bucket_that_states_md5s(self):
        self.check("ceph")

    def test_from_a_bucket_and_between_directories(self):
        self.fill(self.FILES)
        self.from_bucket(*self.PARTS, state=self.directory / "1.db")
        again = self.from_bucket(*self.PARTS, "--compare", "checksum", state=self.directory / "2.db")
        self.assertEqual((again.summary["copied"], again.summary["unchanged"]), (0, 4), str(again))
        other = self.directory / "other"
        for number, mode in enumerate(("copy", "verify")):
            outcome = self.dth(mode, f"{self.place}/", f"{other}/", state=self.directory / f"{mode}.db")
        self.assertEqual((outcome.summary["matched"], outcome.summary["undetermined"]), (4, 0), str(outcome))


class RefusedTest(FaultsCase):
    def test_what_a_directory_cannot_do_is_refused_before_anything_is_read(self):
        self.fill({"a": b"a"})
        for option in (["--storage-class", "GLACIER"], ["--storage-class", "preserve"], ["--encryption", "sse-s3"], ["--encryption", "sse-kms"]):
            with self.subTest(option=option):
                outcome = self.run_dth("copy", f"s3://{self.source}", f"{self.place}/", *self.endpoint_of("source"), *self.database(self.state), *option)
                self.assertIn(outcome.code, (1, 2), str(outcome))
                self.assertIn(option[0], outcome.stderr)
        self.assertEqual(self.from_.count("GetObject"), 0)
        self.assertEqual(self.files(self.place), {})


class DryRunTest(FaultsCase):
    def test_names_the_first_failures(self):
        self.fill({"good": b"good"} | {f"a//{number:02}": b"bad" for number in range(12)})
        outcome = self.from_bucket("--dry-run", expect=5)
        self.assertEqual(outcome.summary["failed"], 12, str(outcome))
        told = [line for line in outcome.stderr.splitlines() if line.startswith("dth: failed: a//")]
        self.assertEqual(len(told), 10, str(outcome))
        self.assertIn('the key contains "//"', told[0])
        self.assertIn("dth: … and 2 more\n", outcome.stderr)


class FullTest(FaultsCase):
    def test_a_bucket_without_quota_stops_the_run_which_goes_on_later(self):
        objects = {f"k{number:03}": b"bytes" for number in range(300)}
        self.fill(objects)
        full = self.into.fail("refused", "PutObject", times=None, after=20, status=403, code="QuotaExceeded", message="the quota is used up")
        stopped = self.copy(None, None, "--concurrency", "8", expect=3)
        self.assertIn("the same command", stopped.stderr)
        self.assertIn("QuotaExceeded", stopped.summary["stopped_because"])
        self.assertEqual((stopped.summary["interrupted"], stopped.summary["failed"]), (True, 0), str(stopped))
        self.assertLess(full.acted, 280, "not each object was tried in vain")
        full.left = 0
        outcome = self.copy(None, None, "--concurrency", "8")
        self.assertEqual((outcome.summary["copied"], outcome.summary["failed"]), (300, 0), str(outcome))
        self.assertEqual(self.into.bodies(self.destination), objects)

    def test_of_a_full_destination_each_command_tells_in_json(self):
        objects = {f"k{number}": b"bytes" for number in range(20)}
        self.fill(objects)
        self.into.fail("refused", "PutObject", times=None, status=507, code="QuotaExceeded", message="no")
        for mode in (["copy"], ["sync"], ["verify", "--repair"]):
            with self.subTest(mode=mode):
                arguments = self.copy_arguments(None, None, *mode[1:], state=self.directory / f"{mode[0]}.db")
                stopped = self.run_dth(mode[0], *arguments[1:])
                self.assertEqual(stopped.code, 3, str(stopped))
                self.assertIn("QuotaExceeded", stopped.summary["stopped_because"])
                self.assertNotIn("nothing was verified", stopped.stderr)
        self.assertIn("or the destination is full", self.run_dth("copy", "--help").stdout)

    def test_a_file_system_without_space_stops_the_run_which_goes_on_later(self):
        if os.getuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", self.place], capture_output=True).returncode != 0:
            self.skipTest("nothing can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.place])
        objects = {f"k{number:03}": content(number, 64 << 10) for number in range(60)}
        self.fill(objects)
        (self.place / "ballast").write_bytes(b"x" * MIB)
        stopped = self.from_bucket(expect=3)
        self.assertIn("No space left on device", stopped.stderr)
        self.assertIn("No space left on device", stopped.summary["stopped_because"])
        self.assertIn("free some space", stopped.stderr)
        (self.place / "ballast").unlink()
        subprocess.run(["mount", "-o", "remount,size=16m", self.place], check=True)
        outcome = self.from_bucket()
        self.assertEqual((outcome.summary["copied"], outcome.summary["failed"]), (60, 0), str(outcome))
        self.assertEqual(self.files(self.place), objects)


if __name__ == "__main__":
    unittest.main()
