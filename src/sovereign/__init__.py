"""Sovereign: Python models and code, delivered small, fast and proved, without a cloud.

This front door names what a user needs and loads each name when it is first used, so that `import sovereign`
costs one module. Nothing inside the package imports it. Read `ARCHITECTURE.md` for the layers.
"""

from __future__ import annotations

TYPE_CHECKING = False  # the name is what type checkers look for; importing `typing` would be half of our start-up
if TYPE_CHECKING:
    from sovereign.diagnostic import Diagnostic
    from sovereign.errors import SovereignError, catalogue
    from sovereign.ml.aprender import load, save
    from sovereign.persistence.container import open_file as open  # noqa: A004 - as a user says it
else:
    _HOMES = {
        "Diagnostic": "sovereign.diagnostic",
        "SovereignError": "sovereign.errors",
        "catalogue": "sovereign.errors",
        "load": "sovereign.ml.aprender",
        "open": "sovereign.persistence.container",
        "save": "sovereign.ml.aprender",
    }
    _NAMES_AT_HOME = {"open": "open_file"}

    def __getattr__(name: str) -> object:
        if name == "__version__":
            from importlib.metadata import version

            return version("sovereign-stack")
        home = _HOMES.get(name)
        if home is None:
            message = f"module `sovereign` has no attribute: `{name}`"
            raise AttributeError(message)
        import importlib

        value = getattr(importlib.import_module(home), _NAMES_AT_HOME.get(name, name))
        globals()[name] = value
        return value


__all__ = ["Diagnostic", "SovereignError", "catalogue", "load", "open", "save"]
