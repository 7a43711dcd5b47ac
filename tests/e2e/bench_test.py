"""What bench/run measures counts only where every object is verified: its rows, with small work."""
import importlib.machinery
import importlib.util
import json
import pathlib
import shutil
import tempfile

from dth import BenchServer, EndToEndTest

ROOT = pathlib.Path(__file__).resolve().parents[2]
KEY = ("TESTACCESSKEY", "testsecretkey")


def load_bench():
    loader = importlib.machinery.SourceFileLoader("bench_run", str(ROOT / "bench/run"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("bench_run", loader))
    loader.exec_module(module)
    return module


class BenchTest(EndToEndTest):
    @classmethod
    def setUpClass(cls):
        cls.key = KEY

    def setUp(self):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="dth-bench-test."))
        self.addCleanup(shutil.rmtree, self.directory, ignore_errors=True)

    def tearDown(self):
        """The buckets go with their servers."""

    def test_every_object_of_every_row_is_verified(self):
        works = [work for work in load_bench().objects(quick=True, full=True) if not work.identical]
        self.assertGreater(len(works), 8)
        for number, work in enumerate(works):
            with self.subTest(work.title):
                self.check(number, work)

    def check(self, number, work):
        size = min(work.size_bytes, 72 << 20)  # more than the threshold for parts
        servers = []
        for content, options in ((["--synthetic", f"src:k/:1:{size}"], work.source_options),
                                 (["--bucket", "dst", "--discard"], work.destination_options)):
            options = [str(option) for option in options]
            if "--delay-ms" in options:
                options[options.index("--delay-ms") + 1] = "0"
            server = BenchServer(*content, *options)
            self.addCleanup(server.stop)
            servers.append(server)
        arguments = ["copy", "s3://src/k/", "s3://dst/k/", "--unsigned-payload", *work.options,
                     *self.database(self.directory / f"{number}.db"), "--output", "json"]
        for side, server in zip(("source", "destination"), servers):
            arguments += [f"--{side}-endpoint-url", server.endpoint, f"--{side}-addressing", "path"]
        outcome = self.run_dth(*arguments)
        self.assertEqual(outcome.code, 0, str(outcome))
        self.assertEqual(sum(json.loads(outcome.stdout)["proof"].values()), 1, str(outcome))
        self.assertEqual(json.loads(outcome.stdout)["proof"].get("none", 0), 0, str(outcome))
