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


blocks = re.findall(r"^```python\n(.*?)^```", DOCS.read_text(), re.M | re.S)
script = next(block for block in blocks if "Stream-Schema" in block)
assert len(script.splitlines()) <= 22, "the script is to stay short"
said = subprocess.run(
    [sys.executable, "-c", script], env={**os.environ, "ASSAY_URL": ASSAY}, capture_output=True, text=True, check=True
).stdout
page = re.search(r"/runs/(\S+)", said)
run = page.group(1)

listed = json.loads(get("/api/runs?limit=20"))
assert any(item["run_id"] == run for item in listed["items"]), "the run is not in the list"
assert json.loads(get(f"/api/runs/{run}"))["status"] == "succeeded"
events = get(f"/api/runs/{run}/replay/stream")
frames = [json.loads(line[5:]) for line in events.splitlines() if line.startswith("data:")]
assert [frame["event_id"] for frame in frames] == list(range(1, len(frames) + 1))
assert frames[-1]["final"]["response_text"] == "Sales fell on Tuesdays.", frames[-1]
assert any(frame["kind"] == "tool.output" and frame["output"] == {"rows": 90} for frame in frames)
verified = json.loads(get(f"/api/runs/{run}/verify"))
assert verified["verified"], verified
if assay := os.environ.get("ASSAY_PROGRAM"):
    subprocess.run([assay, "run", "verify", run, "--data", os.environ["ASSAY_PROGRAM_DATA"]], check=True)
print(f"the session of docs/streams.md is a run of {len(frames)} frames")
