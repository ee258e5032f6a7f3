"""The session of docs/streams.md is streamed as it stands there, and is then a run like any other."""

import json
import os
import pathlib
import re
import subprocess
import sys
import urllib.request


ASSAY = os.environ["STREAMS_URL"].removesuffix("/api/streams")
DOCS = pathlib.Path(__file__).parents[2] / "docs" / "streams.md"


def get(path):
    with urllib.request.urlopen(ASSAY + path) as answer:
        return answer.read().decode()


def data(events):
    return [line[5:] for line in events.splitlines() if line.startswith("data:")]


blocks = re.findall(r"^```python\n(.*?)^```", DOCS.read_text(), re.M | re.S)
script = next(block for block in blocks if "Stream-Schema" in block)
assert len(script.splitlines()) <= 22, "the script is to stay short"
session = subprocess.Popen(
    [sys.executable, "-u", "-c", script], env={**os.environ, "ASSAY_URL": ASSAY}, stdout=subprocess.PIPE, text=True
)
run = re.search(r"/runs/(\S+)", session.stdout.readline()).group(1)
# Watched while it goes on, up to its end.
watched = data(get(f"/api/runs/{run}/replay/stream"))
assert session.wait() == 0

listed = json.loads(get("/api/runs?limit=20"))
assert any(item["run_id"] == run for item in listed["items"]), "the run is not in the list"
assert json.loads(get(f"/api/runs/{run}"))["status"] == "succeeded"
replayed = data(get(f"/api/runs/{run}/replay/stream"))
assert watched == replayed, "what was watched is not what is replayed"
frames = [json.loads(frame) for frame in replayed]
assert [frame["event_id"] for frame in frames] == list(range(1, len(frames) + 1))
assert frames[-1]["final"]["response_text"] == "Sales fell on Tuesdays.", frames[-1]
assert any(frame["kind"] == "tool.output" and frame["output"] == {"rows": 90} for frame in frames)
verified = json.loads(get(f"/api/runs/{run}/verify"))
assert verified["verified"], verified
if assay := os.environ.get("ASSAY_PROGRAM"):
    subprocess.run([assay, "run", "verify", run, "--data", os.environ["ASSAY_PROGRAM_DATA"]], check=True)
print(f"the session of docs/streams.md is a run of {len(frames)} frames")
