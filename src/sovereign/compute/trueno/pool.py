"""The memory that new arrays come from: aligned blocks, kept for the next result instead of given back to the system.

Enters: nothing; every function that makes an array takes a block. Leaves: facts about it, and the two ways to bound it.
"""

from __future__ import annotations

from sovereign.compute.trueno._kernels import pool_facts, pool_limit, pool_trim

__all__ = ["pool_facts", "pool_limit", "pool_trim"]
