"""The protocol's Python client writes to the server at STREAMS_URL and reads from it."""

import json
import os
import time

from durable_streams import DurableStream, stream

url = f"{os.environ['STREAMS_URL']}/client/python-{time.time_ns()}"
written = [{"step": n, "text": "grün"} for n in range(50)]

with DurableStream.create(url, content_type="application/json") as handle:
    for value in written:
        handle.append(value)

with stream(url, offset="-1", live=False) as response:
    read = response.read_json()
assert read == written, f"read {json.dumps(read)[:200]}"
print(f"the Python client wrote and read {len(read)} values")
