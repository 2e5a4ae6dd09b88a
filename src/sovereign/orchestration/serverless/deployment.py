"""The texts that deploy a bundle: the manifest, a SAM template, a CDK stack.

Enters: a `Bundle`, memory and time limit. Leaves: text. They say the same: which runtime, which machine, which limits,
which environment. Read `bundle.py` first.

Source    `../spec/ruchy-lambda-spec.md` appendix D for the manifest.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sovereign.orchestration.serverless.bundle import WRAPPER, Arch, Style

if TYPE_CHECKING:
    from sovereign.orchestration.serverless.bundle import Bundle

__all__ = ["Deployment", "cdk", "manifest", "sam"]

_CDK_RUNTIMES = {"provided.al2023": "PROVIDED_AL2023"}


@dataclass(frozen=True, slots=True)
class Deployment:
    """A bundle and how it is to run: memory in MiB, seconds that an invocation may take."""

    bundle: Bundle
    memory_mb: int = 128
    timeout_s: int = 3

    @property
    def runtime(self) -> str:
        """The service's runtime: its bare one, or the Python of the version that bundled."""
        is_native = self.bundle.order.style is Style.NATIVE
        return "provided.al2023" if is_native else f"python3.{sys.version_info[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """Variables that the function needs."""
        is_native = self.bundle.order.style is Style.NATIVE
        return {} if is_native else {"AWS_LAMBDA_EXEC_WRAPPER": f"/var/task/{WRAPPER}"}

    @property
    def logical_name(self) -> str:
        """The name inside of a template: letters and digits."""
        words = "".join(each if each.isalnum() and each.isascii() else " " for each in self.bundle.order.name).split()
        return "".join(word[0].upper() + word[1:] for word in words) + "Function"


def manifest(deployment: Deployment) -> dict[str, object]:
    """The manifest of a bundle, as a JSON object."""
    made = deployment.bundle
    order = made.order
    entry: dict[str, object] = {
        "name": f"{order.name}-{'arm64' if order.arch is Arch.ARM64 else 'x86'}",
        "runtime": deployment.runtime,
        "architecture": str(order.arch),
        "memory": deployment.memory_mb,
        "handler": order.handler_name,
        "timeout": deployment.timeout_s,
        "artifact": {"file": made.path.name, "sha256": made.sha256, "bytes": made.packed_bytes},
    }
    if deployment.environment:
        entry["environment"] = deployment.environment
    return {"runtimes": [entry]}


def sam(deployment: Deployment) -> str:
    """A template of AWS's Serverless Application Model with the function behind an HTTP address."""
    made = deployment.bundle
    lines = [
        "AWSTemplateFormatVersion: '2010-09-09'",
        "Transform: AWS::Serverless-2016-10-31",
        "Resources:",
        f"  {deployment.logical_name}:",
        "    Type: AWS::Serverless::Function",
        "    Properties:",
        # A string of JSON is a string of YAML.
        f"      CodeUri: {json.dumps(made.path.name)}",
        f"      Handler: {json.dumps(made.order.handler_name)}",
        f"      Runtime: {deployment.runtime}",
        f"      Architectures: [{made.order.arch}]",
        f"      MemorySize: {deployment.memory_mb}",
        f"      Timeout: {deployment.timeout_s}",
    ]
    if deployment.environment:
        lines += ["      Environment:", "        Variables:"]
        lines += [f"          {name}: {json.dumps(value)}" for name, value in deployment.environment.items()]
    lines += ["      Events:", "        Http:", "          Type: HttpApi"]
    return "\n".join(lines) + "\n"


def cdk(deployment: Deployment) -> str:
    """A stack of AWS's Cloud Development Kit, in Python."""
    made = deployment.bundle
    runtime = _CDK_RUNTIMES.get(deployment.runtime) or deployment.runtime.upper().replace(".", "_")
    machine = "ARM_64" if made.order.arch is Arch.ARM64 else "X86_64"
    return f'''"""Deploy {made.path.name}: `cdk deploy`."""

from aws_cdk import App, Duration, Stack
from aws_cdk import aws_lambda as functions

app = App()
stack = Stack(app, {json.dumps(deployment.logical_name + "Stack")})
functions.Function(
    stack,
    {json.dumps(deployment.logical_name)},
    runtime=functions.Runtime.{runtime},
    architecture=functions.Architecture.{machine},
    handler={json.dumps(made.order.handler_name)},
    code=functions.Code.from_asset({json.dumps(made.path.name)}),
    memory_size={deployment.memory_mb},
    timeout=Duration.seconds({deployment.timeout_s}),
    environment={json.dumps(deployment.environment)},
)
app.synth()
'''
