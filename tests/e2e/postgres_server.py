"""A PostgreSQL server of a test's own, by tests/servers/postgres.sh."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from dth import free_port

SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "servers" / "postgres.sh"
BINARIES = pathlib.Path(os.environ.get("DTH_POSTGRES_BIN", "/usr/lib/postgresql/15/bin"))


def require():
    if not (BINARIES / "postgres").exists():
        raise unittest.SkipTest(f"there is no PostgreSQL server in {BINARIES}: install postgresql-15")


class PostgresServer:
    def __init__(self, fsync=False, password="", connections_max=100, standby_of=None, port=None):
        """With `standby_of`, another server: its synchronous standby."""
        require()
        self.directory = tempfile.mkdtemp(prefix="dth-postgres.")
        os.chmod(self.directory, 0o711)  # the server's user has to reach it
        self.data = os.path.join(self.directory, "server")
        self.port = port or free_port()
        self.variables = {"FSYNC": "on" if fsync else "off", "PASSWORD": password, "MAX_CONNECTIONS": str(connections_max)}
        self.password = password
        self.url = f"postgresql://dth@127.0.0.1:{self.port}/dth"
        if standby_of:
            self.control("standby", str(standby_of.port))
        else:
            self.control("start")

    def control(self, command, *more):
        done = subprocess.run([SCRIPT, command, self.data, str(self.port), *more], env={**os.environ, **self.variables}, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"postgres.sh {command}: {done.stderr}")

    def restart(self):
        """As after a crash."""
        self.control("restart")

    def kill(self):
        self.control("kill")

    def promote(self):
        self.control("promote")

    def use_tls(self):
        """From now on it has a certificate for 127.0.0.1; the path of it."""
        place = os.path.join(self.data, "data")
        certificate, key = os.path.join(place, "server.crt"), os.path.join(place, "server.key")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        owner = os.stat(place)
        for path in (certificate, key):
            os.chown(path, owner.st_uid, owner.st_gid)
        os.chmod(key, 0o600)
        self.sql("alter system set ssl = on")
        self.restart()
        copy = os.path.join(self.directory, "root.crt")
        shutil.copyfile(certificate, copy)
        return copy

    def stop(self):
        self.control("stop")
        shutil.rmtree(self.directory, ignore_errors=True)

    def sql(self, text):
        """The rows, a list of texts each."""
        done = subprocess.run([BINARIES / "psql", "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", self.url, "-c", text],
                              env={**os.environ, "PGPASSWORD": self.password}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return [line.split("\t") for line in done.stdout.splitlines() if line]

    def value(self, text):
        return self.sql(text)[0][0]
