"""--concurrency over several lanes; what a run that is tried again does not need."""
import threading
import unittest

from hostile import HostileTest

SECONDS_MAX = 5


class LanesTest(HostileTest):
    def copy_with(self, concurrency, lanes):
        """How many reads had come when `concurrency` of them were under way at once; None: so many never were."""
        self.serve("aws", "aws")
        self.state = self.directory / f"{concurrency}-{lanes}.db"
        self.fill({f"k/{number:03}": b"body" for number in range(200)})
        arrived, seen = [], []
        meeting = threading.Barrier(concurrency, lambda: seen.append(len(arrived)), timeout=SECONDS_MAX)

        def meet(request):
            if request.method != "GET" or b"/k/" not in request.path:
                return
            arrived.append(request)
            try:
                if not seen:
                    meeting.wait()
            except threading.BrokenBarrierError:
                seen.append(None)
        self.from_.on_request = meet
        self.assert_copied(self.copy(None, None, "--concurrency", str(concurrency), "--lanes", str(lanes)), copied=200)
        return seen[0]

    def test_as_many_as_asked_for_are_under_way_however_many_lanes_there_are(self):
        for concurrency, lanes in ((7, 3), (8, 4), (5, 5), (7, 1), (2, 4)):
            with self.subTest(concurrency=concurrency, lanes=lanes):
                self.assertEqual(self.copy_with(concurrency, lanes), concurrency)


class RetryTest(HostileTest):
    def test_what_failed_of_a_list_is_tried_again_without_the_list(self):
        self.fill({"a": b"a", "b": b"b", "c": b"c"})
        names = self.directory / "names"
        names.write_text("a\nb\n")
        self.into.fail("refused", "PutObject", key="b", times=None, status=403, code="AccessDenied")
        self.copy(None, None, "--object-list", names, expect=5)
        self.into.heal()
        names.unlink()
        again = self.run_dth("run", "retry", "latest", *self.database(self.state), "--output", "json")
        self.assertEqual(again.code, 0, str(again))
        self.assertEqual(again.summary["copied"], 1, str(again))
        self.assertEqual(self.into.bodies(self.destination), {"a": b"a", "b": b"b"})


if __name__ == "__main__":
    unittest.main()
