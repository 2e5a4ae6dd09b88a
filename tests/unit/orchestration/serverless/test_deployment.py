"""The texts that deploy a bundle say what the bundle is."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
import yaml

from sovereign.orchestration.serverless.bundle import Arch, Bundle, Order, Part, Style
from sovereign.orchestration.serverless.deployment import Deployment, cdk, manifest, sam


def made(style: Style, arch: Arch = Arch.X86_64, path: str = "out/f.zip") -> Deployment:
    order = Order(Path("my-shop/handler.py"), style=style, arch=arch)
    return Deployment(Bundle(Path(path), order, "ab" * 32, 1234, (Part("code", 10),)), 256, 9)


PYTHON = f"python3.{sys.version_info[1]}"
CASES = [(Style.NATIVE, "provided.al2023", "bootstrap"), (Style.PYTHON, PYTHON, "handler.handler")]


@pytest.mark.parametrize(("style", "runtime", "handler"), CASES)
def test_manifest_and_template_agree(style: Style, runtime: str, handler: str) -> None:
    deployment = made(style, Arch.ARM64)
    entry = manifest(deployment)["runtimes"][0]  # type: ignore[index]
    function = yaml.safe_load(sam(deployment))["Resources"]["MyShopFunction"]["Properties"]
    assert entry["name"] == "my-shop-arm64"
    assert (entry["runtime"], function["Runtime"]) == (runtime, runtime)
    assert (entry["handler"], function["Handler"]) == (handler, handler)
    assert (entry["architecture"], function["Architectures"]) == ("arm64", ["arm64"])
    assert (entry["memory"], function["MemorySize"]) == (256, 256)
    assert (entry["timeout"], function["Timeout"]) == (9, 9)
    assert function["CodeUri"] == "f.zip"
    assert entry["artifact"] == {"file": "f.zip", "sha256": "ab" * 32, "bytes": 1234}
    wanted = {"AWS_LAMBDA_EXEC_WRAPPER": "/var/task/start"} if style is Style.PYTHON else None
    assert entry.get("environment") == wanted
    assert function.get("Environment", {}).get("Variables") == wanted


@pytest.mark.parametrize(("style", "runtime", "handler"), CASES)
def test_stack_is_python_that_says_the_same(style: Style, runtime: str, handler: str) -> None:
    text = cdk(made(style))
    call = next(
        node
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and "Function(" in ast.unparse(node)[:20]
    )
    facts = {each.arg: ast.unparse(each.value) for each in call.keywords}
    name = "PROVIDED_AL2023" if style is Style.NATIVE else runtime.upper().replace(".", "_")
    assert facts["runtime"] == f"functions.Runtime.{name}"
    assert facts["architecture"] == "functions.Architecture.X86_64"
    assert facts["handler"] == repr(handler)
    assert facts["memory_size"] == "256"


def test_names_with_quotes_stay_texts() -> None:
    deployment = made(Style.NATIVE, path='o"u: t.zip')
    function = yaml.safe_load(sam(deployment))["Resources"]["MyShopFunction"]["Properties"]
    assert function["CodeUri"] == 'o"u: t.zip'
    ast.parse(cdk(deployment))
