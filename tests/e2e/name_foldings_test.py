"""Destinations of unknown kind that take two ordinary names for one: other characters, Unicode's normal forms, names cut at some length."""
import re
import unicodedata
import unittest
import urllib.parse

from hostile import HostileTest

LONG = "l" * 205


def cut(key):
    return b"/".join(name[:200] for name in key.split(b"/"))


def normalized(form):
    return lambda key: unicodedata.normalize(form, key.decode()).encode()


def replaced(old, new):
    return lambda key: key.replace(old, new)


# What each store makes of a key, and two names that are one there: the one that it keeps first.
FOLDINGS = {
    "backslash": (replaced(b"\\", b"/"), "p/q", "p\\q"),
    "colon": (replaced(b":", b"_"), "12_00", "12:00"),
    "wildcard": (replaced(b"?", b"_"), "k_v", "k?v"),
    "a character nobody expects": (replaced(b"|", b"$"), "k$v", "k|v"),
    "NFC": (normalized("NFC"), "caf\u00e9", "cafe\u0301"),
    "NFD": (normalized("NFD"), "\u304b\u3099\u304f", "\u304c\u304f"),
    "length": (cut, LONG + "/a", LONG + "x/a"),
    "decoded once more": (urllib.parse.unquote_to_bytes, "a b", "a%20b"),
    "plus": (replaced(b"+", b" "), "c d", "c+d"),
    "spaces": (lambda key: re.sub(b"  +", b" ", key), "e f", "e  f"),
}


class NameFoldingsTest(HostileTest):
    destination_profile = "gateway"

    def there(self):
        return {key.decode(): found.body for key, found in self.into.buckets[self.destination].objects.items()}

    def failures(self, outcome):
        return {line["key"]: line["error"] for line in self.ledger(outcome) if line["outcome"] == "failed"}

    def copied(self, outcome):
        return {line["key"] for line in self.ledger(outcome) if line["outcome"] == "copied"}

    def fold(self, how):
        self.into.profile = __import__("dataclasses").replace(self.into.profile, conditional_put="ignored")
        self.into.fail("names_changed", times=None, how=how)

    def each(self, act):
        """act(kept, changed), with new servers for each."""
        for number, (name, (self.how, kept, changed)) in enumerate(FOLDINGS.items()):
            with self.subTest(name):
                self.serve("aws", "gateway")
                self.state = self.directory / f"{number}.db"
                act(kept, changed)

    def assert_nothing_is_lost(self, outcome):
        """What counts as copied is there, with its own bytes."""
        there = self.there()
        for key in self.copied(outcome):
            made = self.how(key.encode()).decode()
            self.assertEqual(there.get(made), self.from_.bodies(self.source)[key], f"{key}\n{outcome}")

    def test_two_names_of_one_run(self):
        def act(kept, changed):
            self.fill({kept: b"the one", changed: b"the other"} | {f"a/{number:03}": b"a" for number in range(50)})
            self.fold(self.how)
            outcome = self.copy(expect=5)
            self.assert_nothing_is_lost(outcome)
            self.assertIn(len(self.failures(outcome)), (1, 2), str(outcome))
            self.assertTrue(set(self.failures(outcome)) <= {kept, changed}, str(outcome))
        self.each(act)

    def test_what_somebody_else_wrote(self):
        def act(kept, changed):
            self.into.add_object(self.destination, self.how(kept.encode()), b"somebody else's only copy")
            self.fill({changed: b"source's"} if changed.encode() != self.how(changed.encode()) else {kept: b"source's"})
            self.fold(self.how)
            outcome = self.copy(expect=5)
            self.assertEqual(set(self.there().values()), {b"somebody else's only copy"}, str(outcome))
        self.each(act)

    def test_many_of_one_name_space(self):
        """Where names are found to change, all that may change are written last, and each is seen to be another one."""
        def act(kept, changed):
            self.fill({f"{number}/{name}": f"{number}{name}".encode() for number in range(20) for name in (kept, changed)})
            self.fold(self.how)
            outcome = self.copy(expect=5)
            self.assert_nothing_is_lost(outcome)
        self.each(act)

    def test_names_that_are_kept(self):
        """A few requests for the run, whatever the number of objects, and no warning."""
        names = {name for _, kept, changed in FOLDINGS.values() for name in (kept, changed)}
        bodies = {f"{number:02}/{name}": b"b" for number in range(10) for name in names}
        self.fill({key: body for key, body in bodies.items()})
        self.into.profile = __import__("dataclasses").replace(self.into.profile, conditional_put="ignored")
        outcome = self.copy(expect=0)
        self.assertEqual(self.there(), bodies)
        self.assertLessEqual(outcome.summary["requests"]["look"], 24, str(outcome))
        # Where the source has both names nobody tries; the warning says why those come one at a time.
        for warning in outcome.summary.get("warnings", []):
            self.assertIn("could not be found out, since the source has objects under both names", warning)

    def test_names_that_are_kept_and_have_no_twin(self):
        names = {"12:00", "p\\q", "k?v", "caf\u00e9", LONG + "x"}
        bodies = {f"{number:03}/{name}": b"b" for number in range(40) for name in names}
        self.fill(bodies)
        self.into.profile = __import__("dataclasses").replace(self.into.profile, conditional_put="ignored")
        outcome = self.copy()
        self.assertEqual(self.there(), bodies)
        self.assertNotIn("warnings", outcome.summary)
        self.assertLessEqual(self.into.count("HeadObject"), 24)
        self.assertLessEqual(self.into.count("ListObjectsV2"), 12, "of each kind one")
        self.assertEqual(self.into.count("PutObject"), 200)


if __name__ == "__main__":
    unittest.main()
