"""One row of the table: what is copied between which servers, and how the result is told."""
import statistics
import sys

from .copiers import COPIERS, is_there
from .measure import Failed
from .server import Server

GIB = 1 << 30


class Work:
    """`floor`: the hash that the bare loop computes besides ("" for none); None where a bare loop has nothing to say.
    `once`: those copiers that are run but once, since a run takes long."""

    def __init__(self, title, prefix, count, size_bytes, unit, goal, *, floor="", copiers=("floor", "ours"), once=(), options=(),
                 source_options=(), destination_options=(), identical=False, tls=False, timeout=900):
        self.title, self.prefix, self.count, self.size_bytes = title, prefix, count, size_bytes
        self.unit, self.goal, self.floor, self.copiers, self.once = unit, goal, floor, copiers, once
        self.options, self.source_options, self.destination_options = options, source_options, destination_options
        self.identical, self.tls, self.timeout = identical, tls, timeout
        self.certificate = self.directory = self.source = self.destination = None

    def start(self, directory, certificate):
        self.directory = directory
        self.certificate = certificate if self.tls else None
        self.source = Server("--synthetic", "src:" + self.synthetic(), *self.source_options, certificate=self.certificate)
        self.source.get("/src?list-type=2&max-keys=1")  # hashes the contents once, before anything is measured
        self.start_destination()

    def synthetic(self):
        return f"{self.prefix}:{self.count}:{self.size_bytes}"

    def start_destination(self):
        content = ["--synthetic", "dst:" + self.synthetic()] if self.identical else ["--bucket", "dst", "--discard"]
        self.destination = Server(*content, *self.destination_options, certificate=self.certificate)
        if self.identical:
            self.destination.get("/dst?list-type=2&max-keys=1")

    def fresh_destination(self):
        """What was copied before is forgotten, so that every repetition copies all."""
        if self.identical:
            self.destination.reset()
        else:
            self.destination.stop()
            self.start_destination()
        self.source.reset()

    def stop(self):
        self.source.stop()
        self.destination.stop()

    def per_unit(self, cpu):
        if self.unit == "s/GiB":
            return cpu / (self.count * self.size_bytes / GIB)
        return cpu / self.count * 1e6 if self.unit == "us/object" else cpu

    def requests(self):
        total = dict(self.source.counts())
        for operation, number in self.destination.counts().items():
            total[operation] = total.get(operation, 0) + number
        return total

    def run(self, copier):
        self.fresh_destination()
        result = COPIERS[copier](self)
        if result is None:
            return None
        result["requests"] = self.requests()
        if copier != "floor" and not self.identical and not any(
                result["requests"].get(name, 0) for name in ("PutObject", "UploadPart")):
            raise Failed("ended well but wrote nothing")
        print(f"  {copier}: {result['cpu']:.2f} CPU-s, {result['wall']:.2f} s, {result['rss_bytes'] >> 20} MiB", file=sys.stderr)
        return result

    def run_all(self, repetitions, failures):
        """{copier: medians}. The copiers take turns, so that a machine that grows slower does so for all of them."""
        results = {copier: [] for copier in self.copiers if is_there(copier)}
        for repetition in range(repetitions):
            for copier, found in results.items():
                if repetition > 0 and (copier in self.once or not found):
                    continue
                try:
                    result = self.run(copier)
                except (Failed, AssertionError) as failure:
                    failures.append(f"{self.title}: {copier}: {failure}")
                    continue
                if result:
                    found.append(result)
        return {copier: median(found) for copier, found in results.items() if found}


def median(results):
    middle = {key: statistics.median(result[key] for result in results) for key in ("cpu", "wall", "rss_bytes")}
    return results[-1] | middle
