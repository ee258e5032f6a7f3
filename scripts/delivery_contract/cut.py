"""A line between a client and the server that breaks in the middle of what is sent."""

import contextlib
import random
import socket
import threading
from urllib.parse import urlsplit


class Cut:
    """Passes each connection on and breaks it after some bytes of the answer; from the `cuts`-th on it lets all through."""

    def __init__(self, server, cuts, seed):
        self.server = urlsplit(server)
        self.left = cuts
        self.random = random.Random(seed)
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.accept, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        room = self.random.randrange(600, 6000) if self.left > 0 else float("inf")
        self.left -= 1
        server = socket.create_connection((self.server.hostname, self.server.port))
        threading.Thread(target=pass_on, args=(client, server, float("inf")), daemon=True).start()
        pass_on(server, client, room)
        for end in (client, server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def pass_on(source, target, room):
    with contextlib.suppress(OSError):
        while room > 0:
            piece = source.recv(int(min(room, 4096)))
            if not piece:
                return
            target.sendall(piece)
            room -= len(piece)
