"""Trees as arrays: the nodes of a forest in the form that the native core walks.

Enters: trees as anyone has them, arrays of features, thresholds and children. Leaves: `Trees`, from which an image of
the family `FOREST` is made and read back. `forest.rs` of `crates/predict` has the table of the arrays and walks them;
`walk` here is its slow plain twin. Read `tree.py` next.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import ParameterError
from sovereign.ml.aprender.image import Family, Image, Link

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LEAF", "Plain", "Trees", "depths"]

LEAF = -1
"""The feature of a node that is a leaf."""

COMPARES_DOUBLE = 1
"""Flag of an image whose features are compared in double precision."""

_TREES_PLACE, _AGGREGATION_PLACE, _BITS_PLACE = 7, 8, 10
_SIGN = np.uint32(1 << 31)
_LEAF_KEY = 0xFFC00000
_LONG_SIGN = np.uint64(1 << 63)
_LONG_LEAF_KEY = np.uint64(0xFFF8000000000000)
_MOST_LEAVES = 1 << 22
_FEATURE_BITS = (8, 12, 16)
_WORD = 32


@dataclass(frozen=True)
class Plain:
    """Trees node by node, one tree behind the other.

    Shapes    n nodes in t trees. All vectors but `starts` are (n,), `starts` is (t,): the first node of each tree.
    Order     a node stands before its children, and its right child right behind its left one; `left` counts from the
              root of the tree.
    """

    feature: NDArray[np.int64]
    """What is compared, `LEAF` where nothing is."""
    threshold: NDArray[np.float64]
    """Values up to it go left."""
    left: NDArray[np.int64]
    """The left child; of a leaf its place among the leaves of its tree."""
    missing_left: NDArray[np.bool_]
    """Whether NaN goes left."""
    starts: NDArray[np.int64]

    @classmethod
    def ordered(
        cls,
        feature: NDArray[Any],
        threshold: NDArray[Any],
        children: tuple[NDArray[Any], NDArray[Any]],
        missing_left: NDArray[Any],
    ) -> tuple[Self, NDArray[np.int64]]:
        """One tree whose nodes stand in another order; also the node that each leaf was, in the order of the leaves.

        `children` are the left and the right one of each node; a node is a leaf where the left one is negative.
        """
        order, left = _pairs(children[0], children[1])
        is_leaf = np.asarray(children[0])[order] < 0
        leaves = np.cumsum(is_leaf) - 1
        found = cls(
            feature=np.where(is_leaf, LEAF, np.asarray(feature)[order]).astype(np.int64),
            threshold=np.where(is_leaf, 0.0, np.asarray(threshold)[order]),
            left=np.where(is_leaf, leaves, left),
            missing_left=np.asarray(missing_left)[order].astype(bool),
            starts=np.zeros(1, dtype=np.int64),
        )
        return found, order[is_leaf]

    @classmethod
    def joined(cls, trees: list[Self]) -> Self:
        """Several as one."""
        sizes = [len(each.feature) for each in trees]
        first = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
        return cls(
            feature=np.concatenate([each.feature for each in trees]),
            threshold=np.concatenate([each.threshold for each in trees]),
            left=np.concatenate([each.left for each in trees]),
            missing_left=np.concatenate([each.missing_left for each in trees]),
            starts=np.concatenate([each.starts + start for each, start in zip(trees, first, strict=True)]),
        )

    @property
    def tree_of(self) -> NDArray[np.int64]:
        """The tree that each node belongs to (n,)."""
        return np.repeat(np.arange(len(self.starts)), np.diff(self.starts, append=len(self.feature)))


def _pairs(left: NDArray[Any], right: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Nodes level by level with children side by side: which node stands where, and where the left child of each is."""
    order, place = [0], 0
    found = np.zeros(len(left), dtype=np.int64)
    lefts, rights = np.asarray(left).tolist(), np.asarray(right).tolist()
    while place < len(order):
        node = order[place]
        if lefts[node] >= 0:
            found[place] = len(order)
            order += [lefts[node], rights[node]]
        place += 1
    return np.array(order, dtype=np.int64), found[: len(order)]


class Trees(NamedTuple):
    """Packed trees with what their leaves say; every array is read-only.

    Shapes    nodes (n, 2) int32, or (n, 4) where they are wide; table (t, 4) int32: first node, first row of `value`,
              first column, depth; value (leaves, v); init (m,), or (0,) where sums begin with zero.
    """

    nodes: NDArray[np.int32]
    table: NDArray[np.int32]
    value: NDArray[Any]
    init: NDArray[np.float64]
    feature_bits: int
    """Bits of a node that hold its feature, 0 where nodes are wide."""

    @classmethod
    def packed(
        cls,
        plain: Plain,
        value: NDArray[Any],
        *,
        n_features: int,
        columns: NDArray[Any] | None = None,
        init: NDArray[Any] | None = None,
        compares_double: bool = False,
    ) -> Self:
        """Pack trees; `columns` (t,) says into which column each tree adds, the first unless it is given.

        Shapes    value (leaves, v), those of one tree behind those of another.
        Errors    ParameterError  when a tree has more leaves than there are keys for.
        """
        is_leaf = plain.feature == LEAF
        tree_of, count = plain.tree_of, len(plain.starts)
        leaves = np.bincount(tree_of[is_leaf], minlength=count)
        sizes = np.diff(plain.starts, append=len(plain.feature))
        own = np.arange(len(plain.feature)) - plain.starts[tree_of]
        child = np.where(is_leaf, own, plain.left)
        bits = 0 if compares_double else _bits(n_features, int(sizes.max()))
        if bits and leaves.max() > _MOST_LEAVES:
            message = f"a tree should have at most {_MOST_LEAVES} leaves, one has: `{leaves.max()}`"
            raise ParameterError(
                "aprender.values", message, name="leaves", value=int(leaves.max()), allowed=_MOST_LEAVES
            )
        depth = depths(plain)
        table = np.stack(
            [
                plain.starts,
                np.cumsum(leaves) - leaves,
                np.zeros(count, dtype=np.int64) if columns is None else np.asarray(columns),
                np.maximum.reduceat(depth, plain.starts),
            ],
            axis=1,
        ).astype(np.int32)
        nodes = _words(plain, child, is_leaf=is_leaf, bits=bits)
        return cls._of(nodes, table, np.asarray(value), np.zeros(0) if init is None else np.asarray(init), bits)

    @classmethod
    def _of(
        cls,
        nodes: NDArray[np.int32],
        table: NDArray[np.int32],
        value: NDArray[Any],
        init: NDArray[Any],
        feature_bits: int,
    ) -> Self:
        arrays = [np.ascontiguousarray(each).view() for each in (nodes, table, value, init)]
        for each in arrays:
            each.flags.writeable = False
        return cls(arrays[0], arrays[1], arrays[2], arrays[3], feature_bits)

    @classmethod
    def of_image(cls, image: Image) -> Self:
        """The trees of an image of this family."""
        init = image.get("init")
        init = np.zeros(0) if init is None else init
        return cls._of(image["nodes"], image["trees"], image["value"], init, image.further(_BITS_PLACE))

    def image(
        self,
        *,
        n_features: int,
        n_outputs: int,
        n_classes: int = 0,
        link: Link = Link.IDENTITY,
        is_mean: bool = False,
        flags: int = 0,
    ) -> Image:
        """The image of these trees, whose leaves are averaged or added up."""
        arrays: dict[str, NDArray[Any]] = {"nodes": self.nodes, "trees": self.table, "value": self.value}
        if self.init.size:
            arrays["init"] = self.init
        extra = (len(self.table), 0 if is_mean else 1, int(self.table[:, 3].max()), self.feature_bits)
        return Image.describe(
            Family.FOREST,
            n_features=n_features,
            n_outputs=n_outputs,
            link=link,
            n_classes=n_classes,
            flags=flags,
            extra=extra,
            arrays=arrays,
        )

    def plain(self) -> Plain:
        """The trees node by node."""
        starts = self.table[:, 0].astype(np.int64)
        words = self.nodes.astype(np.int64) & ((1 << _WORD) - 1)
        if self.feature_bits:
            bits, key = self.feature_bits, words[:, 1].astype(np.uint32)
            is_leaf, leaf = words[:, 1] >= _LEAF_KEY, words[:, 1] - _LEAF_KEY
            numbers = np.where(key & _SIGN, key ^ _SIGN, ~key).view(np.float32).astype(np.float64)
            feature, missing = words[:, 0] & ((1 << bits) - 1), words[:, 0] >> bits & 1
            child = words[:, 0] >> (bits + 1)
        else:
            long = words[:, 3].astype(np.uint64) << np.uint64(_WORD) | words[:, 2].astype(np.uint64)
            is_leaf, leaf = long >= _LONG_LEAF_KEY, (long - _LONG_LEAF_KEY).astype(np.int64)
            numbers = np.where(long & _LONG_SIGN, long ^ _LONG_SIGN, ~long).view(np.float64)
            feature, missing = words[:, 0] & ((1 << (_WORD - 1)) - 1), words[:, 0] >> (_WORD - 1)
            child = words[:, 1]
        return Plain(
            feature=np.where(is_leaf, LEAF, feature),
            threshold=np.where(is_leaf, 0.0, numbers),
            left=np.where(is_leaf, leaf, child),
            missing_left=missing.astype(bool),
            starts=starts,
        )

    def walk(self, X: NDArray[np.float32]) -> NDArray[np.int64]:
        """The node in which each row ends in each tree (n, t), counted from the root of the tree.

        Shapes    X (n, d); of float64 where these trees compare in double precision.
        """
        plain = self.plain()
        rows = np.arange(len(X))
        found = np.empty((len(X), len(plain.starts)), dtype=np.int64)
        for tree, start in enumerate(plain.starts):
            place = np.full(len(X), start)
            while True:
                feature = plain.feature[place]
                open_rows = rows[feature != LEAF]
                if not len(open_rows):
                    break
                nodes = place[open_rows]
                values = X[open_rows, plain.feature[nodes]]
                goes_left = np.where(np.isnan(values), plain.missing_left[nodes], values <= plain.threshold[nodes])
                place[open_rows] = start + plain.left[nodes] + ~goes_left
            found[:, tree] = place - start
        return found


def depths(plain: Plain) -> NDArray[np.int64]:
    """How many splits lie above each node (n,)."""
    depth = np.zeros(len(plain.feature), dtype=np.int64)
    level = plain.starts
    place = 0
    while level.size:
        depth[level] = place
        split = level[plain.feature[level] != LEAF]
        roots = plain.starts[np.searchsorted(plain.starts, split, side="right") - 1]
        left = roots + plain.left[split]
        level = np.concatenate([left, left + 1])
        place += 1
    return depth


def _bits(n_features: int, most_nodes: int) -> int:
    """The bits of a feature with which a node fits into 64; 0 where none do."""
    for bits in _FEATURE_BITS:
        if n_features <= 1 << bits and most_nodes <= 1 << (_WORD - 1 - bits):
            return bits
    return 0


def _words(plain: Plain, child: NDArray[Any], *, is_leaf: NDArray[np.bool_], bits: int) -> NDArray[np.int32]:
    """The nodes as words of 32 bits."""
    feature = np.where(is_leaf, 0, plain.feature).astype(np.uint32)
    missing = np.where(is_leaf, 1, plain.missing_left).astype(np.uint32)
    children = child.astype(np.uint32)
    # Adding zero makes one of both zeros.
    if bits:
        number = (plain.threshold.astype(np.float32) + np.float32(0)).view(np.uint32)
        key = np.where(number & _SIGN, ~number, number ^ _SIGN)
        key = np.where(is_leaf, np.uint32(_LEAF_KEY) + plain.left.astype(np.uint32), key)
        low = feature | missing << np.uint32(bits) | children << np.uint32(bits + 1)
        return np.stack([low, key], axis=1).astype(np.uint32).view(np.int32)
    long = (plain.threshold.astype(np.float64) + 0.0).view(np.uint64)
    key64 = np.where(long & _LONG_SIGN, ~long, long ^ _LONG_SIGN)
    key64 = np.where(is_leaf, _LONG_LEAF_KEY + plain.left.astype(np.uint64), key64)
    halves = [key64 & np.uint64((1 << _WORD) - 1), key64 >> np.uint64(_WORD)]
    words = [feature | missing << np.uint32(_WORD - 1), children, *(half.astype(np.uint32) for half in halves)]
    return np.stack(words, axis=1).astype(np.uint32).view(np.int32)
