"""Reads every run of a server back with libraries of the standards that it is exported in.

CloudEvents by `cloudevents`, OpenLineage by the classes of `openlineage-python`, spans by the protobuf messages of
`opentelemetry-proto`. What they read is compared with the run's own pages.
"""

import base64
import importlib
import json
import os
import re
import sys
from urllib.request import urlopen

from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from google.protobuf.json_format import ParseDict
from openlineage.client import event_v2
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Status

API = os.environ["EXPORT_URL"]
# Where each facet's class lives; a facet without one here is an error.
FACETS = {
    "processing_engine": "processing_engine_run.ProcessingEngineRunFacet",
    "parent": "parent_run.ParentRunFacet",
    "errorMessage": "error_message_run.ErrorMessageRunFacet",
    "jobType": "job_type_job.JobTypeJobFacet",
    "version": "dataset_version_dataset.DatasetVersionDatasetFacet",
    "documentation": "documentation_dataset.DocumentationDatasetFacet",
    "lifecycleStateChange": "lifecycle_state_change_dataset.LifecycleStateChangeDatasetFacet",
    "outputStatistics": "output_statistics_output_dataset.OutputStatisticsOutputDatasetFacet",
}


def get(path):
    with urlopen(f"{API}{path}") as answer:
        return answer.headers.get_content_type(), answer.read()


def page(path):
    return json.loads(get(path)[1])


def cloud_events(run):
    media_type, body = get(f"/runs/{run['run_id']}/export?format=cloudevents")
    assert media_type == "application/cloudevents-batch+json", media_type
    read = [JSONFormat().read(CloudEvent, json.dumps(event)) for event in json.loads(body)]
    assert len(read) == run["frames"], (len(read), run["frames"])
    sequences = [event.get_extension("sequence") for event in read]
    assert sequences == sorted(sequences)
    assert [event.get_id() for event in read] == [str(seq) for seq in range(1, len(read) + 1)]
    assert {event.get_source() for event in read} <= {f"urn:uuid:{run['run_id']}"}
    for event in read:
        kind = event.get_type().removeprefix("assay.frame.")
        if kind == "removed":
            assert re.fullmatch("[0-9a-f]{64}", event.get_data()["digest"])
        else:
            assert event.get_data()["kind"] == kind and event.get_time() is not None
    return read


def facet(name, fields):
    module, kind = FACETS[name].split(".")
    module = importlib.import_module(f"openlineage.client.generated.{module}")
    fields = dict(fields)
    producer, schema = fields.pop("_producer"), fields.pop("_schemaURL")
    if name == "parent":
        fields = {"run": module.Run(**fields["run"]), "job": module.Job(**fields["job"])}
    made = getattr(module, kind)(**fields, producer=producer)
    assert schema == made._get_schema(), (schema, made._get_schema())
    return made


def facets(fields):
    return {name: facet(name, value) for name, value in fields.items()}


def dataset(fields):
    kept = {"namespace": fields["namespace"], "name": fields["name"], "facets": facets(fields["facets"])}
    if "outputFacets" in fields:
        return event_v2.OutputDataset(**kept, outputFacets=facets(fields["outputFacets"]))
    return event_v2.InputDataset(**kept)


def lineage(run):
    media_type, body = get(f"/runs/{run['run_id']}/export?format=openlineage")
    assert media_type == "application/x-ndjson", media_type
    events = []
    for line in body.splitlines():
        fields = json.loads(line)
        job, of_run = fields["job"], fields["run"]
        event = event_v2.RunEvent(
            eventType=event_v2.RunState[fields["eventType"]],
            eventTime=fields["eventTime"],
            run=event_v2.Run(runId=of_run["runId"], facets=facets(of_run["facets"])),
            job=event_v2.Job(namespace=job["namespace"], name=job["name"], facets=facets(job["facets"])),
            inputs=[dataset(one) for one in fields["inputs"]],
            outputs=[dataset(one) for one in fields["outputs"]],
            producer=fields["producer"],
        )
        assert fields["schemaURL"] == event._get_schema()
        events.append(event)
    ending = {"succeeded": "COMPLETE", "failed": "FAIL", "cancelled": "ABORT"}[run["status"]]
    assert [event.eventType.name for event in events] == ["START", ending]
    parents = [event.run.facets["parent"].run.runId for event in events if "parent" in event.run.facets]
    assert parents == ([run["parent_run_id"]] * 2 if run["parent_run_id"] else [])
    return events


def in_protobuf(value):
    """OpenTelemetry's JSON has ids as hex digits, where JSON of protobuf has base64."""
    if isinstance(value, list):
        return [in_protobuf(one) for one in value]
    if not isinstance(value, dict):
        return value
    ids = ("traceId", "spanId", "parentSpanId")
    coded = lambda text: base64.b64encode(bytes.fromhex(text)).decode()
    return {key: coded(one) if key in ids else in_protobuf(one) for key, one in value.items()}


def spans(run):
    media_type, body = get(f"/runs/{run['run_id']}/export?format=otlp")
    assert media_type == "application/json", media_type
    request = ParseDict(in_protobuf(json.loads(body)), ExportTraceServiceRequest())
    assert ExportTraceServiceRequest.FromString(request.SerializeToString()) == request
    (of_program,) = request.resource_spans
    found = list(of_program.scope_spans[0].spans)
    ids = {span.span_id for span in found}
    assert len(ids) == len(found) and all(len(span) == 8 for span in ids)
    assert {len(span.trace_id) for span in found} == {16}
    assert all(span.end_time_unix_nano >= span.start_time_unix_nano > 0 for span in found)
    *parts, whole = found
    assert all(part.parent_span_id in ids for part in parts)
    expected = {"succeeded": Status.STATUS_CODE_OK, "failed": Status.STATUS_CODE_ERROR}
    assert whole.status.code == expected.get(run["status"], Status.STATUS_CODE_UNSET)
    return found


def main():
    runs, cursor = [], ""
    while cursor is not None:
        listed = page(f"/runs?limit=200{cursor}")
        runs += listed["items"]
        cursor = listed["next_cursor"] and f"&cursor={listed['next_cursor']}"
    traces, seen = {}, {"removed": 0, "parents": 0, "steps": 0, "datasets": set()}
    for run in runs:
        events, told, found = cloud_events(run), lineage(run), spans(run)
        seen["removed"] += sum(event.get_type() == "assay.frame.removed" for event in events)
        seen["parents"] += bool(run["parent_run_id"])
        seen["steps"] += sum(span.name.startswith(("step ", "tool ")) for span in found)
        seen["datasets"] |= {one.name for event in told for one in event.inputs + event.outputs}
        for span in found:
            traces.setdefault(span.trace_id, {})[span.span_id] = span
    for spans_of_trace in traces.values():
        tops = [span for span in spans_of_trace.values() if not span.parent_span_id]
        assert len(tops) == 1, "a family has one span at its top"
        assert all(span.parent_span_id in spans_of_trace for span in spans_of_trace.values() if span not in tops)
    assert all(seen.values()), f"there was nothing of a sort to look at: {seen}"
    print(f"{len(runs)} runs in {len(traces)} traces, {len(seen['datasets'])} data sets")


sys.exit(main())
