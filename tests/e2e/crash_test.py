"""kill -9 at random instants, again and again: the same command always goes on, and in the end all is exact.

DTH_CRASH_RUNS: how many kills (12). DTH_CRASH_OBJECTS: how many small objects (1000); fewer, and fewer large ones with them,
make more kills a minute. DTH_CRASH_SEED: the seed that a failure printed, to have the same instants again.
"""
import json
import os
import pathlib
import random
import sys
import time
import unittest

from dth import EndToEndTest
from s3_client import content

MIB = 1 << 20
SMALL = int(os.environ.get("DTH_CRASH_OBJECTS", "1000"))
LARGE = min(6, max(2, SMALL // 500))
IN_PARTS = ("--multipart-threshold", "8MiB", "--part-size", "5MiB")
PART_BYTES = 5 * MIB
KILLS_PER_ROUND_MAX = 10  # then it may end


class CrashTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.kills_wanted = int(os.environ.get("DTH_CRASH_RUNS", "12"))
        self.seed = int(os.environ.get("DTH_CRASH_SEED", random.SystemRandom().randrange(1 << 32)))
        print(f"crash_test: DTH_CRASH_SEED={self.seed} DTH_CRASH_RUNS={self.kills_wanted}", file=sys.stderr, flush=True)
        self.random = random.Random(self.seed)
        sizes = [0, 1, 100, 4096, 20_000]
        self.objects = {f"small/{number % 13}/{number:05}": content(number, sizes[number % len(sizes)]) for number in range(SMALL)}
        self.objects |= {f"medium/{number}": content(f"medium {number}", 3 * MIB + number) for number in range(LARGE)}
        self.large = {f"large/{number}": content(f"large {number}", (9 + 5 * number) * MIB + number) for number in range(LARGE)}
        self.objects |= self.large
        self.fill(self.objects)
        self.bytes = sum(map(len, self.objects.values()))
        # How long a run lives that nobody kills: the kills come at any time of that.
        began = time.monotonic()
        self.new_destination("measured")
        self.assertEqual(self.copy(None, None, *IN_PARTS).summary["copied"], len(self.objects))
        self.seconds = time.monotonic() - began
        self.b.remove_bucket(self.destination)

    def new_destination(self, name):
        self.destination = f"{self.name}-{name}"
        self.b.make_bucket(self.destination)
        self.state = self.directory / f"{name}.db"

    def crash(self, times_before):
        """Starts the command and kills it at a random instant: True; or it ended before that: its outcome. What was killed
        before has less left to do."""
        running = self.start(self.copy_arguments(None, None, *IN_PARTS))
        # Every other one near the end, where batches are recorded, uploads completed and the run settled.
        earliest = self.random.choice((0, 0.7))
        began = time.monotonic()
        deadline = began + self.random.uniform(earliest, 1.1) * self.seconds * 0.8 ** times_before
        while time.monotonic() < deadline and running.process.poll() is None:
            time.sleep(0.002)
        if running.process.poll() is None:
            running.kill()
            return True
        if times_before == 0:
            self.seconds = time.monotonic() - began  # the machine is faster now than when it was measured
        return running.wait()

    def runs(self):
        ledger = pathlib.Path(f"{self.state}.ledger")
        return sorted(ledger.iterdir()) if ledger.exists() else []

    def ledger_lines(self):
        lines = []
        for run in self.runs():
            shown = self.run_dth("ledger", "show", run)
            self.assertEqual(shown.code, 0, str(shown))
            lines += [json.loads(line) for line in shown.stdout.splitlines()]
        return lines

    def check_all(self, outcome, foreign):
        self.assertEqual(outcome.code, 0, str(outcome))
        summary = outcome.summary
        self.assert_counts_add_up(summary)
        self.assertEqual((summary["scanned"], summary["state"]), (len(self.objects), "succeeded"))
        lines = self.ledger_lines()
        keys = [line["key"] for line in lines]
        self.assertEqual((len(keys), set(keys)), (len(self.objects), set(self.objects)), "each key once in the ledger")
        self.assertEqual({(line["outcome"], line["proof"] in ("SOURCE_CHECKSUM", "TRANSIT_CHECKSUM")) for line in lines}, {("copied", True)})
        self.assertEqual(sum(line["size"] for line in lines), self.bytes)
        if len(self.runs()) == 1:
            self.assertEqual((summary["copied"], summary["bytes"], summary["unchanged"]), (len(self.objects), self.bytes, 0))
        else:
            # The kill came between the run's end and the last word of it: the next one found nothing to do.
            self.assertEqual((summary["copied"], summary["unchanged"]), (0, len(self.objects)))
        there, here = self.a.list(self.source), self.b.list(self.destination)
        self.assertEqual({key: found[0] for key, found in here.items()}, {key: found[0] for key, found in there.items()})
        for key in self.objects:
            if key not in self.large:  # the source's ETag is the MD5 of the content
                self.assertEqual(here[key][1], there[key][1], key)
        sample = self.random.sample(sorted(self.objects), min(100, len(self.objects)))
        for key in sample + list(self.large):
            self.assertTrue(self.b.get(self.destination, key)[1] == self.objects[key], f"{key} differs")
        self.assertEqual(self.b.uploads(self.destination), [foreign])

    def test_everything_is_exact_after_many_kills(self):
        kills = rounds = 0
        while kills < self.kills_wanted:
            rounds += 1
            self.assertLessEqual(rounds, 10 + 2 * self.kills_wanted, "hardly a run was killed before it had ended")
            self.new_destination(f"state-{rounds}")
            # Somebody else's upload, older than ours, beneath the same key, with a part of the size of ours.
            key = self.random.choice(sorted(self.large))
            upload_id = self.b.begin_upload(self.destination, key)
            self.b.put_part(self.destination, key, upload_id, 1, content("foreign", PART_BYTES))
            before = kills
            while True:
                more = kills < self.kills_wanted and kills - before < KILLS_PER_ROUND_MAX
                outcome = self.crash(kills - before) if more else self.run_dth(*self.copy_arguments(None, None, *IN_PARTS))
                if outcome is not True:
                    break
                kills += 1
            self.check_all(outcome, (key, upload_id))
            self.b.remove_bucket(self.destination)  # the server's store is small, the rounds are many
            print(f"crash_test: round {rounds}: {kills} kills, all exact", file=sys.stderr, flush=True)
        print(f"crash_test: {kills} kills in {rounds} rounds of {self.seconds:.1f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    unittest.main()
