"""python3 -m fake_s3 PROFILE PORT BUCKET...: serves until it is killed."""
import signal
import sys

from . import FakeS3

fake = FakeS3(sys.argv[1], int(sys.argv[2]))
for bucket in sys.argv[3:]:
    fake.add_bucket(bucket)
print(f"serving {fake.endpoint}", flush=True)
signal.pause()
