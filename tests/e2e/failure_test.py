"""An object that cannot be copied is a recorded failure; all others are copied."""
import json
import unittest

from dth import EndToEndTest
from s3_client import content

MIB = 1 << 20
IN_PARTS = ("--multipart-threshold", "8MiB", "--part-size", "5MiB")


def denial(bucket, actions, *keys):
    resources = [f"arn:aws:s3:::{bucket}/{key}" for key in keys]
    statement = {"Effect": "Deny", "Principal": "*", "Action": actions, "Resource": resources}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}).encode()


class FailureTest(EndToEndTest):
    def setUp(self):
        super().setUp()
        self.objects = {f"good/{number:03}": content(number, 500) for number in range(40)}
        self.objects |= {"bad/small": b"secret", "bad/large": content("large", 9 * MIB), "good/large": content("good", 9 * MIB)}
        self.fill(self.objects)

    def check_failures(self, outcome, failed, copied, *words):
        summary = outcome.summary
        self.assertEqual((summary["failed"], summary["copied"]), (len(failed), copied), str(outcome))
        self.assertEqual(summary["state"], "completed_with_failures")
        self.assert_counts_add_up(summary)
        lines = {line["key"]: line for line in self.ledger(outcome) if line["outcome"] == "failed"}
        self.assertEqual(set(lines), failed)
        for key, line in lines.items():
            self.assertIn(key, outcome.stderr)
            for word in words:
                self.assertIn(word, line["error"])
                self.assertIn(word, outcome.stderr)

    def test_source_that_may_not_be_read(self):
        self.a.request("PUT", f"/{self.source}", {"policy": ""}, denial(self.source, ["s3:GetObject"], "bad/*"))
        outcome = self.copy(None, None, *IN_PARTS, expect=5)
        self.check_failures(outcome, {"bad/small", "bad/large"}, 41)
        self.assertIn("AccessDenied", outcome.stderr)
        self.assertEqual(set(self.b.list(self.destination)), {key for key in self.objects if key.startswith("good/")})
        self.assertEqual(self.b.uploads(self.destination), [])
        # When it may be read, the same command copies what is missing, and nothing else.
        self.a.request("DELETE", f"/{self.source}", {"policy": ""})
        summary = self.copy(None, None, *IN_PARTS).summary
        self.assertEqual((summary["copied"], summary["unchanged"], summary["failed"]), (2, 41, 0))
        self.assert_same_objects()

    def test_destination_that_may_not_be_written(self):
        self.b.request("PUT", f"/{self.destination}", {"policy": ""}, denial(self.destination, ["s3:PutObject"], "bad/*"))
        outcome = self.copy(None, None, *IN_PARTS, expect=5)
        self.check_failures(outcome, {"bad/small", "bad/large"}, 41, "AccessDenied")
        self.assertEqual(self.b.uploads(self.destination), [])
        self.b.request("DELETE", f"/{self.destination}", {"policy": ""})
        self.assertEqual(self.copy(None, None, *IN_PARTS).summary["copied"], 2)
        self.assert_same_objects()

    def test_key_that_grows_too_long(self):
        long = "x" * 1020
        self.a.put(self.source, long, b"long")
        outcome = self.copy(f"s3://{self.source}", f"s3://{self.destination}/prefix/", expect=5)
        self.check_failures(outcome, {long}, len(self.objects), "1027 bytes", "1024")
        self.assertEqual(set(self.b.list(self.destination)), {"prefix/" + key for key in self.objects})

    def test_key_of_which_nothing_is_left(self):
        self.a.put(self.source, "good/", b"a marker")
        outcome = self.copy(f"s3://{self.source}/good/", expect=5)
        self.check_failures(outcome, {"good/"}, 41, "nothing is left", "prefix")

    def test_many_failures_are_counted_on_standard_error(self):
        self.a.request("PUT", f"/{self.source}", {"policy": ""}, denial(self.source, ["s3:GetObject"], "good/0*"))
        outcome = self.copy(expect=5)
        self.assertEqual(outcome.summary["failed"], 40)
        self.assertEqual(outcome.stderr.count("dth: failed: good/"), 10, str(outcome))
        self.assertIn("30 more", outcome.stderr)


if __name__ == "__main__":
    unittest.main()
