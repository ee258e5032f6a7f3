"""A WebSocket client that others wrote says all sorts of things to a run's socket: pings, pieces, what breaks the protocol.

SOCKET_URL is the address of the run's socket, and the file RECORD has its frames, one a line."""

import json
import os
import random
import struct

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

URL = os.environ["SOCKET_URL"]
RECORD = open(os.environ["RECORD"], encoding="utf-8").read().splitlines()
# A socket that stays open: its frames take their time.
SLOW = f"{URL}?speed=0.1x"

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def opened(url=SLOW):
    return connect(url, compression=None, max_size=None, ping_interval=None, close_timeout=5)


def frame(opcode, payload=b"", fin=True, reserved=0, masked=True):
    """A frame as it goes over the line, right or wrong."""
    head = bytes([fin << 7 | reserved << 4 | opcode])
    size = len(payload)
    mask = masked << 7
    if size < 126:
        head += bytes([mask | size])
    elif size < 65536:
        head += struct.pack("!BH", mask | 126, size)
    else:
        head += struct.pack("!BQ", mask | 127, size)
    if not masked:
        return head + payload
    key = random.randbytes(4)
    return head + key + bytes(byte ^ key[at % 4] for at, byte in enumerate(payload))


def resume(after):
    return json.dumps({"type": "resume", "after": after}).encode()


def answered(socket):
    """The next message that is no frame of the run."""
    while "type" not in (said := json.loads(socket.recv(timeout=10))):
        pass
    return said


def closed_with(*frames):
    with opened() as socket:
        socket.socket.sendall(b"".join(frames))
        try:
            while True:
                socket.recv(timeout=10)
        except ConnectionClosed as closed:
            return closed.rcvd and closed.rcvd.code


def the_bytes_are_those_of_the_record():
    with opened(URL) as socket:
        assert [*socket] == RECORD
        assert socket.close_code == 1000


def a_viewer_goes_anywhere():
    with opened() as socket:
        for _ in range(30):
            after = random.randrange(len(RECORD) - 1)
            socket.send(resume(after).decode())
            assert answered(socket) == {"type": "resumed", "after": after}
            assert socket.recv(timeout=10) == RECORD[after]


def pings_are_answered_in_their_order():
    with opened() as socket:
        for payload in [b"", b"hello", bytes(range(125)), b"\xff" * 125]:
            assert socket.ping(payload).wait(5)
        socket.socket.sendall(b"".join(frame(PING, bytes([n])) for n in range(10)))
        # One that nobody asked for means nothing.
        socket.pong(b"unasked")
        assert socket.ping(b"last").wait(5)


def a_message_may_come_in_pieces():
    with opened() as socket:
        pieces = [bytes([byte]) for byte in resume(3)]
        for at, piece in enumerate(pieces):
            last = at == len(pieces) - 1
            socket.socket.sendall(frame(TEXT if at == 0 else 0, piece, fin=last) + frame(PING, b"between" if not last else b"last"))
        assert answered(socket) == {"type": "resumed", "after": 3}


def text_may_be_cut_within_a_letter():
    with opened() as socket:
        text = '{"type": "grün"}'.encode()
        cut = text.index(b"\xbc")
        socket.socket.sendall(frame(TEXT, text[:cut], fin=False) + frame(0, text[cut:]))
        said = answered(socket)
        assert (said["type"], said["code"]) == ("refused", "VALIDATION_ERROR"), said


def what_breaks_the_protocol_is_told():
    cases = {
        "a reserved bit": (1002, frame(TEXT, b"x", reserved=4)),
        "a reserved bit of a ping": (1002, frame(PING, b"x", reserved=1)),
        "a reserved kind of data": (1002, frame(3, b"x")),
        "a reserved kind of control": (1002, frame(11, b"x")),
        "a frame without a mask": (1002, frame(TEXT, b"x", masked=False)),
        "a ping in pieces": (1002, frame(PING, b"x", fin=False)),
        "a ping that is too long": (1002, frame(PING, b"x" * 126)),
        "a piece of nothing": (1002, frame(0, b"x")),
        "a message within another": (1002, frame(TEXT, b"x", fin=False) + frame(TEXT, b"y")),
        "text that is none": (1007, frame(TEXT, b"\xce\xba\xff")),
        "text that is none in pieces": (1007, frame(TEXT, b"\xce", fin=False) + frame(0, b"\xff")),
        "a surrogate": (1007, frame(TEXT, b"\xed\xa0\x80")),
        "text that ends within a letter": (1007, frame(TEXT, b"\xce")),
        "bytes": (1003, frame(BINARY, b"x")),
        "a message that is too long": (1009, frame(TEXT, b"x" * (64 * 1024 + 1))),
        "pieces that are too long together": (1009, frame(TEXT, b"x" * 40000, fin=False) + frame(0, b"x" * 40000)),
        "a hundred and one that mean nothing": (1008, frame(TEXT, b"hello") * 101),
    }
    for name, (code, sent) in cases.items():
        found = closed_with(sent)
        assert found == code, f"{name}: closed with {found}, not {code}"


def a_close_is_answered():
    for code in [1000, 1001, 1003, 1007, 1011, 3000, 4999]:
        found = closed_with(frame(CLOSE, struct.pack("!H", code) + b"why"))
        assert found == code, f"close {code} is answered with {found}"
    for code in [0, 999, 1004, 1005, 1006, 1016, 2999, 5000]:
        found = closed_with(frame(CLOSE, struct.pack("!H", code)))
        assert found == 1002, f"close {code} is answered with {found}"
    assert closed_with(frame(CLOSE)) == 1005
    assert closed_with(frame(CLOSE, b"\x03")) == 1002
    # What follows a close is not read.
    assert closed_with(frame(CLOSE, struct.pack("!H", 1000)) + frame(TEXT, b"\xff")) == 1000


def what_was_begun_and_left_harms_nobody():
    for _ in range(20):
        socket = opened()
        whole = frame(TEXT, resume(1))
        socket.socket.sendall(whole[: random.randrange(len(whole))])
        socket.socket.close()
    the_bytes_are_those_of_the_record()


random.seed(13)
for check in [
    the_bytes_are_those_of_the_record,
    a_viewer_goes_anywhere,
    pings_are_answered_in_their_order,
    a_message_may_come_in_pieces,
    text_may_be_cut_within_a_letter,
    what_breaks_the_protocol_is_told,
    a_close_is_answered,
    what_was_begun_and_left_harms_nobody,
]:
    check()
    print(check.__name__.replace("_", " "))
