"""Exports are read by the readers that they are for, and hold what the events hold."""

from __future__ import annotations

import csv
import io
import json
import sys
import threading
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from sovereign.errors import DeviceError, ParameterError
from sovereign.observability.renacer import record
from sovereign.observability.renacer.exports import Chrome, Csv, Otlp, Perfetto, parsed
from sovereign.observability.renacer.exports.span import nanoseconds

LINES = (Path(__file__).resolve().parents[3] / "data" / "events.jsonl").read_bytes()
START = 1795806888_000000001


def exported(export, lines=LINES):
    return b"".join([*map(export.take, parsed(lines)), export.end()])


def test_times_keep_their_nanoseconds():
    assert nanoseconds(Decimal("1795806888.100000007")) == 1795806888_100000007
    assert nanoseconds(Decimal("12.345"), 1000) == 12345


def test_a_table_has_a_line_for_each_call():
    rows = list(csv.DictReader(io.StringIO(exported(Csv()).decode())))
    assert [row["name"] for row in rows] == ["openat", "write"]
    assert json.loads(rows[0]["args"])["filename"] == 'a, "b"'
    assert [rows[0][name] for name in ("start", "errno", "result", "line")] == [
        "1795806888.100000007",
        "ENOENT",
        "",
        "3",
    ]


def test_a_trace_without_calls_is_a_table_without_lines():
    assert list(csv.DictReader(io.StringIO(exported(Csv(), b"").decode()))) == []
    assert exported(Csv(), b"").startswith(b"start,duration_us")


def test_a_timeline_has_a_box_for_each_call():
    shown = json.loads(exported(Chrome()), parse_float=Decimal)["traceEvents"]
    boxes = [each for each in shown if each["ph"] == "X"]
    assert [(each["name"], each["tid"]) for each in boxes] == [("openat", 10), ("write", 11)]
    assert [each["ts"] for each in boxes] == [Decimal("100000.006"), Decimal("300000.000")]
    assert sum(each["dur"] for each in boxes) == Decimal("1012.346")
    assert [each["name"] for each in shown if each["ph"] == "i"] == ["SIGTERM"]
    assert boxes[0]["args"]["errno"] == "ENOENT"


def test_a_timeline_of_nothing_is_still_a_document():
    assert json.loads(exported(Chrome(), b""))["traceEvents"] == []


@pytest.mark.requires("perfetto")
def test_perfetto_reads_its_packets():
    from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as messages

    trace = messages.Trace.FromString(exported(Perfetto()))
    tracks = {
        each.track_descriptor.uuid: each.track_descriptor for each in trace.packet if each.HasField("track_descriptor")
    }
    events = [each for each in trace.packet if each.HasField("track_event")]
    kinds = messages.TrackEvent
    begins = [each for each in events if each.track_event.type == kinds.TYPE_SLICE_BEGIN]
    ends = [each for each in events if each.track_event.type == kinds.TYPE_SLICE_END]
    assert [each.track_event.name for each in begins] == ["openat", "write"]
    assert [end.timestamp - begin.timestamp for begin, end in zip(begins, ends, strict=True)] == [12345, 1000001]
    assert begins[0].timestamp == 1795806888_100000007
    assert [tracks[each.track_event.track_uuid].thread.tid for each in begins] == [10, 11]
    assert {each.process.process_name for each in tracks.values() if each.HasField("process")} == {"sh"}
    notes = {each.name: each for each in begins[1].track_event.debug_annotations}
    assert notes["result"].int_value == 3
    assert json.loads(notes["buf"].string_value) == {"text": "hé", "length": 3}
    assert [each.track_event.name for each in events if each.track_event.type == kinds.TYPE_INSTANT] == ["SIGTERM"]
    assert all(each.trusted_packet_sequence_id for each in trace.packet)


class Collector:
    """A collector that keeps what it is sent, and answers with a status."""

    def __init__(self, status=200):
        self.requests = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.requests.append((self.path, self.headers["Content-Type"], body))
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_):
                """Say nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def spans(collector):
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    found = []
    for path, kind, body in collector.requests:
        assert (path, kind) == ("/v1/traces", "application/x-protobuf")
        for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
            assert {each.key: each.value.string_value for each in resource.resource.attributes}["service.name"] == "sh"
            found += [span for scope in resource.scope_spans for span in scope.spans]
    return found


@pytest.mark.requires("opentelemetry")
def test_a_collector_gets_one_trace_with_true_times_and_parents():
    with Collector() as collector:
        assert exported(Otlp(collector.url, parent="")) == b""
    found = spans(collector)
    assert len({span.trace_id for span in found}) == 1
    assert len({span.span_id for span in found}) == len(found) == 5
    by_name = {span.name: span for span in found}
    root, write, opened = by_name["sh -c x"], by_name["write"], by_name["openat"]
    first, second = [span for span in found if span.name == "sh"][::-1]
    assert root.parent_span_id == b""
    assert (first.parent_span_id, second.parent_span_id) == (root.span_id, first.span_id)
    assert (opened.parent_span_id, write.parent_span_id) == (first.span_id, second.span_id)
    assert opened.start_time_unix_nano == 1795806888_100000007
    assert opened.end_time_unix_nano - opened.start_time_unix_nano == 12345
    assert (root.start_time_unix_nano, root.end_time_unix_nano) == (START, 1795806888_700000000)
    assert [event.name for event in second.events] == ["SIGTERM"]
    facts = {each.key: each.value for each in opened.attributes}
    assert facts["error.type"].string_value == "ENOENT"
    assert facts["code.line.number"].int_value == 3
    assert facts["syscall.args.filename"].string_value == 'a, "b"'


@pytest.mark.requires("opentelemetry")
def test_a_trace_joins_the_one_that_the_environment_names(monkeypatch):
    monkeypatch.setenv("TRACEPARENT", f"00-{'ab' * 16}-{'cd' * 8}-01")
    with Collector() as collector:
        exported(Otlp(collector.url))
    found = spans(collector)
    assert {span.trace_id for span in found} == {b"\xab" * 16}
    assert [span.parent_span_id for span in found if span.name == "sh -c x"] == [b"\xcd" * 8]


@pytest.mark.requires("opentelemetry")
def test_what_is_open_when_the_events_end_is_closed():
    with Collector() as collector:
        exported(Otlp(collector.url), b"".join(LINES.splitlines(keepends=True)[:4]))
    assert {span.name for span in spans(collector)} == {"sh -c x", "sh", "openat"}


@pytest.mark.requires("opentelemetry")
def test_a_collector_that_refuses_is_an_error():
    with Collector(status=503) as collector, pytest.raises(DeviceError, match="status 503") as caught:
        exported(Otlp(collector.url))
    assert caught.value.code == "renacer.collector"


@pytest.mark.requires("opentelemetry")
def test_a_collector_that_is_not_there_is_an_error():
    with Collector() as collector:
        url = collector.url
    with pytest.raises(DeviceError, match="refused"):
        exported(Otlp(url))


@pytest.mark.requires("opentelemetry")
def test_an_address_that_is_none_of_http_is_refused():
    with pytest.raises(ParameterError, match="an endpoint begins with") as caught:
        Otlp("file:///etc/passwd")
    assert caught.value.code == "renacer.endpoint"


@pytest.mark.requires("opentelemetry", "perfetto", "ptrace")
def test_a_real_trace_arrives_whole(tmp_path):
    from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as messages

    lines = b""
    command = ["sh", "-c", "echo a | cat; exit 3"]
    with (tmp_path / "out").open("w") as stdout, record(command, stdout=stdout) as recording:
        while recording.outcome is None:
            try:
                lines += recording.batch()
            except StopIteration:
                break
    events = list(parsed(lines))
    calls = [event for event in events if event["event"] == "call"]
    tasks = [event for event in events if event["event"] == "process"]
    with Collector() as collector:
        exported(Otlp(collector.url, parent=""), lines)
    found = spans(collector)
    assert len(found) == len(calls) + len(tasks) + 1
    known = {span.span_id: span for span in found}
    for span in found:
        above = known.get(span.parent_span_id)
        assert (above is None) == (span.parent_span_id == b"")
        assert above is None or above.start_time_unix_nano <= span.start_time_unix_nano
    trace = messages.Trace.FromString(exported(Perfetto(), lines))
    kinds = [packet.track_event.type for packet in trace.packet if packet.HasField("track_event")]
    assert kinds.count(1) == kinds.count(2) == len(calls)
    assert len(list(csv.DictReader(io.StringIO(exported(Csv(), lines).decode())))) == len(calls)


def test_without_the_package_its_name_and_the_command_are_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    monkeypatch.setitem(sys.modules, "opentelemetry.proto.collector.trace.v1.trace_service_pb2", None)
    with pytest.raises(DeviceError, match=r"sovereign-stack\[otlp\]") as caught:
        Otlp("http://127.0.0.1:9")
    assert caught.value.code == "renacer.library"
