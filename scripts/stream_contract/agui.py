"""Events made by the library of AG-UI itself become a run, every type of them."""

import json
import os
import time
import urllib.request

import httpx
from ag_ui import core
from durable_streams import DurableStream

STREAMS = os.environ["STREAMS_URL"]
ASSAY = STREAMS.removesuffix("/api/streams")
HEADERS = {"Stream-Schema": "ag-ui"}


def events():
    """A run with every type of event that the library has, but for the error that ends another one."""
    yield core.RunStartedEvent(thread_id="t", run_id="r")
    yield core.StepStartedEvent(step_name="look")
    yield core.ReasoningStartEvent(message_id="why")
    yield core.ReasoningMessageStartEvent(message_id="why-1")
    yield core.ReasoningMessageContentEvent(message_id="why-1", delta="ninety days will do")
    yield core.ReasoningMessageEndEvent(message_id="why-1")
    yield core.ReasoningEndEvent(message_id="why")
    yield core.ReasoningEncryptedValueEvent(subtype="message", entity_id="why", encrypted_value="AAAA")
    yield core.ReasoningMessageChunkEvent(message_id="why-2", delta="or so")
    yield core.ToolCallStartEvent(tool_call_id="call", tool_call_name="query")
    yield core.ToolCallArgsEvent(tool_call_id="call", delta='{"days": 90}')
    yield core.ToolCallEndEvent(tool_call_id="call")
    yield core.StateSnapshotEvent(snapshot={"rows": 0})
    yield core.StateDeltaEvent(delta=[{"op": "replace", "path": "/rows", "value": 90}])
    yield core.ToolCallResultEvent(message_id="rows", tool_call_id="call", content='{"rows": 90}')
    yield core.ToolCallChunkEvent(tool_call_id="chunks", tool_call_name="plot", delta="{}")
    yield core.SubagentStartedEvent(subagent_run_id="scout", name="Scout", parent_tool_call_id="chunks")
    yield core.TextMessageChunkEvent(message_id="found", delta="a dip", subagent_run_id="scout")
    yield core.SubagentFinishedEvent(subagent_run_id="scout")
    yield core.SubagentStartedEvent(subagent_run_id="lost", name="Lost")
    yield core.SubagentErrorEvent(subagent_run_id="lost", message="no way")
    yield core.StepFinishedEvent(step_name="look")
    yield core.MessagesSnapshotEvent(messages=[core.UserMessage(id="u", content="how are sales?")])
    yield core.ActivitySnapshotEvent(message_id="a", activity_type="plan", content={"steps": 1})
    yield core.ActivityDeltaEvent(message_id="a", activity_type="plan", patch=[])
    yield core.RawEvent(event={"any": "thing"})
    yield core.CustomEvent(name="mine", value=1)
    yield core.TextMessageStartEvent(message_id="answer", role="assistant")
    yield core.TextMessageContentEvent(message_id="answer", delta="Sales fell.")
    yield core.TextMessageEndEvent(message_id="answer")
    yield core.RunFinishedEvent(thread_id="t", run_id="r", result={"fell": True})


def stream_run(name, made):
    url = f"{STREAMS}/agui/{name}-{time.time_ns()}"
    with DurableStream.create(url, content_type="application/json", headers=HEADERS) as handle:
        for event in made:
            handle.append(json.loads(event.model_dump_json(by_alias=True, exclude_none=True)))
    head = httpx.head(url).headers
    assert head["Stream-Closed"] == "true" and head["Stream-Schema"] == "ag-ui"
    with urllib.request.urlopen(f"{ASSAY}{head['Stream-Run']}/replay/events?limit=500") as answer:
        return [event for event in json.loads(answer.read())["items"]]


made = list(events())
every = {str(kind.value) for kind in core.EventType}
said = {str(event.type.value) for event in made} | {"RUN_ERROR"}
assert said == every, f"not tried: {every - said}"
frames = stream_run("all", made)
kinds = [frame["kind"] for frame in frames]
for kind in ("message.delta", "tool.arguments.done", "tool.output", "reasoning_summary.part.done", "final"):
    assert kind in kinds, f"{kind} is not in {kinds}"
final = frames[-1]["final"]
assert final["response_text"] == "Sales fell." and final["structured_output"] == {"fell": True}, final
noticed = {notice["path"] for frame in frames for notice in frame.get("notices") or []}
for unsaid in ("STATE_SNAPSHOT", "STATE_DELTA", "MESSAGES_SNAPSHOT", "ACTIVITY_SNAPSHOT", "ACTIVITY_DELTA", "RAW", "CUSTOM"):
    assert f"ag_ui.{unsaid}" in noticed, f"{unsaid} is lost: {noticed}"
failed = stream_run("failed", [core.RunStartedEvent(thread_id="t", run_id="r"), core.RunErrorEvent(message="no", code="E")])
assert failed[-1]["error"]["code"] == "E"

url = f"{STREAMS}/agui/unknown-{time.time_ns()}"
DurableStream.create(url, content_type="application/json", headers=HEADERS)
refused = httpx.post(url, json=[{"type": "TEXT_MESSAGE_BEGIN"}])
assert refused.status_code == 422 and "TEXT_MESSAGE_BEGIN" in refused.json()["detail"], refused.text
print(f"{len(made)} events of {len(every)} types by the library of AG-UI became {len(frames)} frames")
