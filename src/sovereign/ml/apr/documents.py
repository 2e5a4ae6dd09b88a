"""What each command prints under `--json`, by the name of its schema in the reference."""

from __future__ import annotations

from sovereign.ml.apr.budget import WcetDocument
from sovereign.ml.apr.bundling import BundleDocument, ExtractDocument
from sovereign.ml.apr.conversion import ConvertDocument
from sovereign.ml.apr.difference import DiffDocument
from sovereign.ml.apr.dump import HexDocument
from sovereign.ml.apr.encryption import DecryptDocument, EncryptDocument
from sovereign.ml.apr.inspection import InspectDocument
from sovereign.ml.apr.keys import KeygenDocument, TrustDocument, TrustListDocument
from sovereign.ml.apr.sections import TreeDocument
from sovereign.ml.apr.signing import SignDocument, VerifyDocument
from sovereign.ml.apr.tensors import TensorsDocument
from sovereign.ml.apr.validation import ValidateDocument

__all__ = ["DOCUMENTS"]

DOCUMENTS: dict[str, type] = {
    "apr-inspect": InspectDocument,
    "apr-validate": ValidateDocument,
    "apr-diff": DiffDocument,
    "apr-hex": HexDocument,
    "apr-tree": TreeDocument,
    "apr-tensors": TensorsDocument,
    "apr-convert": ConvertDocument,
    "apr-bundle-make": BundleDocument,
    "apr-bundle-list": BundleDocument,
    "apr-bundle-extract": ExtractDocument,
    "apr-sign": SignDocument,
    "apr-verify": VerifyDocument,
    "apr-encrypt": EncryptDocument,
    "apr-decrypt": DecryptDocument,
    "apr-keygen": KeygenDocument,
    "apr-trust-list": TrustListDocument,
    "apr-trust-add": TrustDocument,
    "apr-trust-remove": TrustDocument,
    "apr-wcet": WcetDocument,
}
