"""Clients of server-sent events that others wrote read a run over a line that keeps breaking, and see every stored byte once.

RUN_URL is the address of the run's event stream, and the file RECORD has its frames, one a line."""

import asyncio
import os
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp
import httpx
import httpx_sse
import ld_eventsource
import requests
import requests_sse
import sseclient
from aiohttp_sse_client2 import client as aiohttp_sse

from cut import Cut

CUTS = 20
TRIES = 400
MOMENT = timedelta(milliseconds=1)


def of_sseclient_py(url, headers, end):
    with requests.get(url, headers=headers, stream=True, timeout=20) as response:
        for event in sseclient.SSEClient(response).events():
            yield event.id, event.data


def of_httpx_sse(url, headers, end):
    with httpx.Client(timeout=20) as client, httpx_sse.connect_sse(client, "GET", url, headers=headers) as source:
        for event in source.iter_sse():
            yield event.id, event.data


def of_requests_sse(url, headers, end):
    with requests_sse.EventSource(url, headers=headers, max_connect_retry=0, reconnection_time=MOMENT, timeout=20) as source:
        for event in source:
            yield event.last_event_id, event.data


def of_aiohttp_sse(url, headers, end):
    async def read():
        async with aiohttp.ClientSession() as session, aiohttp_sse.EventSource(
            url, session=session, headers=headers, max_connect_retry=0, reconnection_time=MOMENT
        ) as source:
            async for event in source:
                seen.append((event.last_event_id, event.data))
                if event.last_event_id == end:
                    return

    seen = []
    try:
        asyncio.run(asyncio.wait_for(read(), 20))
    finally:
        yield from seen


def of_launchdarkly(url, headers, end):
    strategy = ld_eventsource.config.ErrorStrategy.always_fail()
    connect = ld_eventsource.config.ConnectStrategy.http(url, headers=headers)
    with ld_eventsource.SSEClient(connect, error_strategy=strategy) as client:
        for event in client.events:
            yield event.last_event_id, event.data


READERS = {
    "sseclient-py": of_sseclient_py,
    "httpx-sse": of_httpx_sse,
    "requests-sse": of_requests_sse,
    "aiohttp-sse-client2": of_aiohttp_sse,
    "launchdarkly-eventsource": of_launchdarkly,
}


def follow(reader, url, n_frames):
    """All events, with a new connection after each break that says where it goes on."""
    seen, breaks = [], 0
    for _ in range(TRIES):
        if len(seen) >= n_frames:
            break
        headers = {"Last-Event-ID": seen[-1][0]} if seen else {}
        try:
            for event in reader(url, headers, str(n_frames)):
                seen.append(event)
        except Exception as error:  # Each has exceptions of its own for a line that breaks.
            breaks += 1
            last = error
    else:
        raise SystemExit(f"only {len(seen)} of {n_frames} frames came: {last!r}")
    return seen, breaks


def main():
    server = urlsplit(os.environ["RUN_URL"])
    record = open(os.environ["RECORD"], encoding="utf-8").read().splitlines()
    expected = [(str(seq), frame) for seq, frame in enumerate(record, 1)]
    for seed, (name, reader) in enumerate(READERS.items()):
        line = Cut(f"http://{server.netloc}", CUTS, seed)
        seen, breaks = follow(reader, line.url + server.path, len(expected))
        if seen != expected:
            at = next(n for n, (a, b) in enumerate(zip(seen, expected)) if a != b)
            sys.exit(f"{name}: event {at + 1} is {seen[at]}, not {expected[at]}")
        print(f"{name} read {len(seen)} frames over {breaks} breaks")
    gone = requests.get(os.environ["RUN_URL"], headers={"Last-Event-ID": str(len(record))}, timeout=20)
    assert gone.status_code == 204, gone.status_code


main()
