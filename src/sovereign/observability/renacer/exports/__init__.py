"""A trace in the formats of other tools: a table, timelines, spans for a collector.

Enters: events, one by one. Leaves: bytes of a file, or requests to a collector. Each format is one small file with one
class: `csv.py`, `chrome.py` (Chrome's JSON, which speedscope and Perfetto read), `perfetto.py` (its own protobuf),
`otlp.py` (OpenTelemetry). `span.py` says what they share: times without rounding, and the names of tasks.
"""

from __future__ import annotations

from sovereign.observability.renacer.exports.chrome import Chrome
from sovereign.observability.renacer.exports.csv import Csv
from sovereign.observability.renacer.exports.otlp import Otlp
from sovereign.observability.renacer.exports.perfetto import Perfetto
from sovereign.observability.renacer.exports.span import Export, parsed

__all__ = ["Chrome", "Csv", "Export", "Otlp", "Perfetto", "parsed"]
