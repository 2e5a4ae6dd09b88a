"""What each command prints under `--json`, by the name of its schema in the reference."""

from __future__ import annotations

from sovereign.orchestration.batuta.agreement import AgreementDocument
from sovereign.orchestration.batuta.analysis import AnalyzeDocument
from sovereign.orchestration.batuta.building import BuildDocument
from sovereign.orchestration.batuta.demo import DemoDocument
from sovereign.orchestration.batuta.starting import NewDocument
from sovereign.orchestration.batuta.transpilation import TranspileDocument

__all__ = ["DOCUMENTS"]

DOCUMENTS: dict[str, type] = {
    "batuta-new": NewDocument,
    "batuta-analyze": AnalyzeDocument,
    "batuta-transpile": TranspileDocument,
    "batuta-validate-projects": AgreementDocument,
    "batuta-build": BuildDocument,
    "batuta-demo": DemoDocument,
}
