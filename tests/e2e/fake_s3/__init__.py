from .service import FakeS3
