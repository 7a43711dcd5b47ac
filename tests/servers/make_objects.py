#!/usr/bin/env python3
"""Fills a bucket for demonstrations and tests: awkward keys, empty objects, many small ones, a very large one.

usage: make_objects.py ENDPOINT BUCKET [--count N] [--large-bytes N] [--only-bucket]
Keys come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (TESTACCESSKEY, testsecretkey). Python's own library only.
"""
import argparse
import concurrent.futures
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
from s3_client import AWKWARD_KEYS, Client, content  # noqa: E402

PART_BYTES = 64 << 20


def put(client, bucket, key, size):
    headers = {"content-type": "text/plain" if size < 100 else "application/octet-stream", "x-amz-meta-seed": "made"}
    client.put(bucket, key, content(key, size), headers)


def put_large(client, bucket, key, size):
    part = content(key, PART_BYTES)
    client.put_in_parts(bucket, key, (part[: size - offset] for offset in range(0, size, PART_BYTES)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("endpoint")
    parser.add_argument("bucket")
    parser.add_argument("--count", type=int, default=3000, help="small objects, besides the awkward ones")
    parser.add_argument("--large-bytes", type=int, default=1_181_116_006, help="size of the one large object; 0: none")
    parser.add_argument("--only-bucket", action="store_true", help="make the bucket and nothing in it")
    options = parser.parse_args()
    client = Client(options.endpoint, os.environ.get("AWS_ACCESS_KEY_ID", "TESTACCESSKEY"),
                    os.environ.get("AWS_SECRET_ACCESS_KEY", "testsecretkey"))
    client.make_bucket(options.bucket)
    if options.only_bucket:
        return
    sizes = [0, 1, 100, 1000, 4096, 10_000, 65_536]
    wanted = [(key, 0 if key.endswith("/") else 100 + len(key)) for key in AWKWARD_KEYS]
    wanted.append(("markers/with-content/", 17))
    wanted += [(f"small/{number % 20:02}/{number:06}", sizes[number % len(sizes)]) for number in range(options.count)]
    wanted += [(f"medium/{number:03}", 5_000_000 + number) for number in range(10)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for _ in pool.map(lambda item: put(client, options.bucket, *item), wanted):
            pass
    if options.large_bytes > 0:
        put_large(client, options.bucket, "large/one", options.large_bytes)
    print(f"{options.bucket}: {len(wanted) + (options.large_bytes > 0)} objects")


if __name__ == "__main__":
    main()
