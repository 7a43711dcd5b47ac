"""A TCP proxy that does wrong on demand: between dth and a real server, from within a test.

    proxy = FaultProxy(self.a.endpoint)           # "http://host:port"; TLS passes too, as bytes
    self.addCleanup(proxy.close)
    proxy.add("reset", when=b"continuation-token=")            # the answer to a second page's request
    proxy.add("close", when=b"GET /bucket?", after_bytes=900)  # after 900 bytes of that answer
    proxy.add("stall", direction="up", when=b"PUT /", after_bytes=4096)
    proxy.add("corrupt", when=b"GET /bucket/key", after_bytes=2000, times=3)
    ... self.endpoints(proxy.endpoint) ...
    self.assertEqual(proxy.acted, 1)

cut_off() resets what is open and refuses what comes, until heal(). freeze(): nothing passes, and nobody is told, until thaw().
"""
import socket
import struct
import threading
import urllib.parse

ACTIONS = ("reset", "close", "stall", "corrupt", "delay")
RECEIVED_BYTES_MAX = 1 << 16


class Fault:
    """
    action      reset: both connections end with RST; close: both end with FIN, after what came before was passed on;
                stall: nothing more passes in that direction; corrupt: one bit of one byte is turned over;
                delay: the bytes wait for `seconds`
    direction   up: towards the server; down: from it
    when        begins to count where these bytes passed up, again each time they do; empty: where the connection opens
    after_bytes of that direction pass before it acts
    times       it acts; then never again
    """

    def __init__(self, action, direction="down", when=b"", after_bytes=0, times=1, seconds=0):
        assert action in ACTIONS and direction in ("up", "down"), (action, direction)
        self.action, self.direction, self.when = action, direction, when
        self.after_bytes, self.left, self.seconds = after_bytes, times, seconds


class Link:
    """One connection through the proxy: two sockets, and what each fault has counted on it."""

    def __init__(self, client, server):
        self.client, self.server = client, server
        self.tail = b""     # of what passed up, where a fault's `when` may have begun
        self.counted = {}   # fault: bytes of its direction since it began to count
        self.ended = threading.Event()

    def end(self, reset):
        for end in (self.client, self.server):
            try:
                if reset:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    end.shutdown(socket.SHUT_RD)  # wakes whoever reads it; RST is sent with the last close
                else:
                    end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.ended.set()


class FaultProxy:
    def __init__(self, endpoint):
        target = urllib.parse.urlsplit(endpoint)
        self.target = (target.hostname, target.port)
        self.lock = threading.Lock()
        self.faults, self.links, self.acted, self.refusing = [], set(), 0, False
        self.flows = threading.Event()
        self.flows.set()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.endpoint = f"{target.scheme}://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def add(self, action, **options):
        """See Fault. Faults act in the order in which they were added."""
        fault = Fault(action, **options)
        with self.lock:
            self.faults.append(fault)
        return fault

    def clear(self):
        with self.lock:
            self.faults.clear()

    def cut_off(self):
        with self.lock:
            self.refusing = True
            links = list(self.links)
        for link in links:
            link.end(reset=True)

    def heal(self):
        with self.lock:
            self.refusing = False

    def freeze(self):
        self.flows.clear()

    def thaw(self):
        self.flows.set()

    def close(self):
        self.cut_off()
        self.thaw()
        try:
            self.listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.listener.close()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.open, args=(client,), daemon=True).start()

    def open(self, client):
        try:
            server = socket.create_connection(self.target)
        except OSError:
            client.close()
            return
        link = Link(client, server)
        with self.lock:
            self.links.add(link)
            refusing = self.refusing
            link.counted = {fault: 0 for fault in self.faults if not fault.when}
        if refusing:
            link.end(reset=True)
        other = threading.Thread(target=self.pass_on, args=(link, "up", client, server), daemon=True)
        other.start()
        self.pass_on(link, "down", server, client)
        other.join()
        with self.lock:
            self.links.discard(link)
        client.close()
        server.close()

    def pass_on(self, link, direction, source, target):
        try:
            while data := source.recv(RECEIVED_BYTES_MAX):
                self.flows.wait()
                for piece, fault in self.split(link, direction, data):
                    if fault is None:
                        target.sendall(piece)
                    elif fault.action == "corrupt":
                        target.sendall(bytes([piece[0] ^ 1]) + piece[1:])
                    elif fault.action == "delay":
                        link.ended.wait(fault.seconds)
                        target.sendall(piece)
                    elif fault.action == "stall":
                        link.ended.wait()
                        return
                    else:
                        link.end(reset=fault.action == "reset")
                        return
            target.shutdown(socket.SHUT_WR)
        except OSError:
            link.end(reset=True)  # one side is gone: the other must not wait for it

    def split(self, link, direction, data):
        """[(bytes, the fault that acts on them or None)], in order."""
        pieces = []
        with self.lock:
            if direction == "up":
                seen = link.tail + data
                for fault in self.faults:
                    found = seen.find(fault.when) if fault.when else -1
                    if found >= 0:
                        behind = len(seen) - found - len(fault.when)
                        # What of this data lies behind the match counts for a fault of this direction, all else does not.
                        link.counted[fault] = -max(0, len(data) - behind) if fault.direction == "up" else 0
                longest = max((len(fault.when) for fault in self.faults), default=1)
                link.tail = seen[-(longest - 1):] if longest > 1 else b""
            start = 0
            for fault, counted in list(link.counted.items()):
                if fault.direction != direction:
                    continue
                link.counted[fault] = counted + len(data)
                at = fault.after_bytes - counted
                if fault.left <= 0 or not start <= at < len(data):
                    continue
                fault.left -= 1
                self.acted += 1
                del link.counted[fault]
                pieces += [(data[start:at], None), (data[at:at + 1], fault)]
                start = at + 1
            pieces.append((data[start:], None))
        return [piece for piece in pieces if piece[0]]
