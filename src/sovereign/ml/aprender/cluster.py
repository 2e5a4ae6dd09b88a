"""Groups of rows: k-means around centres, DBSCAN by density.

Enters: `X (n, d)`, for both with weights of rows. Leaves: `labels_` (n,), the group of each row; of k-means also the
centres, by which new rows are told. One round of k-means is one native pass over the data
(`crates/train/src/means.rs`). Read `decomposition.py` next.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np  # noqa: TID253 - every estimator handles arrays

from sovereign.errors import ShapeError
from sovereign.ml.aprender import _kernels, validation
from sovereign.ml.aprender.base import Clusterer, Estimator, Transformer
from sovereign.ml.aprender.image import Family, Image
from sovereign.ml.aprender.parameters import require
from sovereign.ml.aprender.peer import no_convergence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

__all__ = ["DBSCAN", "KMeans"]

_SEEDINGS = ("k-means++", "random")
_RANDOM_STARTS = 10
# Rows whose distances are computed together, so that their matrix stays small.
_BLOCK_NUMBERS = 1 << 20
# Weights of groups below this share of all are what adding and taking away left of nothing.
_ROUNDING = 1e-12
# From here on, squared means in parts of variances, digits of distances would be lost to the means.
_FAR = 1e4
# How far rounding a row moves it at most, in parts of its length, with room for that of sums.
_DOUBT = 4 * float(np.finfo(np.float32).eps)
_NOISE = -1


class KMeans(Clusterer, Transformer, Estimator):
    """Groups around centres, such that rows are near the centre of their group.

    Shapes    X (n, d); cluster_centers_ (k, d), labels_ (n,), inertia_ and n_iter_ numbers.
    Errors    ParameterError  when n_clusters is more than n or a parameter makes no sense.
              ShapeError      when given centres have another shape than (n_clusters, d).
    Warnings  `peer.no_convergence()` when the rows have fewer distinct values than there are groups.
    Cost      2 * n * d * k for each round, of which there are up to max_iter; seeding costs about five.
    Source    Lloyd 1982, seeded as Arthur & Vassilvitskii 2007 with several candidates for each centre. Differs from
              scikit-learn: float64 data is grouped in float32 around its mean until nothing changes, then in float64.

    >>> model = KMeans(2, random_state=0).fit([[0.0], [0.2], [9.0], [9.4]])
    >>> sorted(model.cluster_centers_.ravel().round(6).tolist())
    [0.1, 9.2]
    """

    _keeps_dtype = True

    cluster_centers_: NDArray[Any]
    inertia_: float
    n_iter_: int

    def __init__(
        self,
        n_clusters: int = 8,
        *,
        init: Any = "k-means++",
        n_init: Any = "auto",
        max_iter: int = 300,
        tol: float = 1e-4,
        random_state: Any = None,
    ) -> None:
        """Only store.

        Parameters    n_clusters    how many groups.
                      init          "k-means++", "random", or centres (n_clusters, d).
                      n_init        how many starts, of which the best counts; "auto" is 10 for "random" and 1 else.
                      max_iter      rounds of each start at most.
                      tol           movement of centres at which to stop, in parts of the mean variance of columns.
                      random_state  seeds come from it.
        """
        self.n_clusters = n_clusters
        self.init = init
        self.n_init = n_init
        self.max_iter = max_iter
        self.tol = tol
        self.random_state = random_state

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Find the centres.

        Shapes    X (n, d), sample_weight (n,); y is not looked at.
        """
        del y
        starts = self._check_parameters()
        rows = self._check_input(X, reset=True)
        fits = len(rows) >= self.n_clusters
        require("n_clusters", self.n_clusters, f"at most the number of rows, {len(rows)}", makes_sense=fits)
        weights = validation.weights(sample_weight, len(rows), estimator=type(self).__name__)
        given = None if isinstance(self.init, str) else self._given_centers(rows)
        generator = validation.random_generator(self.random_state)
        mean, variance = _moments(rows)
        near = np.empty(rows.shape, dtype=np.float32)
        np.subtract(rows, mean.astype(rows.dtype), out=near, casting="same_kind")
        points = _Points(near, np.einsum("ij,ij->i", near, near), weights)
        tolerance = self.tol * variance
        best: _Grouping | None = None
        for _ in range(starts):
            seeds = given - mean if given is not None else self._seeds(points, generator).astype(np.float64)
            found = _lloyd(_begun(points, seeds), seeds, self.max_iter, tolerance)
            if best is None or found.inertia < best.inertia * (1 - 1e-6):
                best = found
        assert best is not None
        if rows.dtype == np.float64:
            best = _finished(rows, (mean, variance), points, best, (self.max_iter, tolerance))
        self.cluster_centers_ = (best.centers + mean).astype(rows.dtype)
        self.labels_, self.inertia_, self.n_iter_ = best.labels, best.inertia, best.rounds
        distinct = len(np.unique(best.labels))
        if distinct < self.n_clusters:
            message = (
                f"Number of distinct clusters ({distinct}) found smaller than n_clusters ({self.n_clusters}),"
                " perhaps rows are repeated"
            )
            warnings.warn(message, no_convergence(), stacklevel=2)
        return self

    def _check_parameters(self) -> int:
        """How many starts there are."""
        require("n_clusters", self.n_clusters, ">= 1", makes_sense=self.n_clusters >= 1)
        require("max_iter", self.max_iter, ">= 1", makes_sense=self.max_iter >= 1)
        require("tol", self.tol, ">= 0", makes_sense=self.tol >= 0)
        if isinstance(self.init, str):
            require("init", self.init, f"one of {_SEEDINGS} or centres", makes_sense=self.init in _SEEDINGS)
        if isinstance(self.n_init, str):
            require("n_init", self.n_init, '"auto" or >= 1', makes_sense=self.n_init == "auto")
            return _RANDOM_STARTS if isinstance(self.init, str) and self.init == "random" else 1
        require("n_init", self.n_init, '"auto" or >= 1', makes_sense=self.n_init >= 1)
        return int(self.n_init) if isinstance(self.init, str) else 1

    def _given_centers(self, rows: NDArray[Any]) -> NDArray[Any]:
        centers = validation.matrix(self.init, name="init", estimator="KMeans", dtypes=(rows.dtype,))
        if centers.shape != (self.n_clusters, rows.shape[1]):
            message = f"`init` should have the shape {(self.n_clusters, rows.shape[1])}, it has: `{centers.shape}`"
            raise ShapeError("aprender.shape", message, expected=(self.n_clusters, rows.shape[1]), got=centers.shape)
        return centers

    def _seeds(self, points: _Points, generator: np.random.Generator) -> NDArray[Any]:
        near, weights = points.rows, points.weights
        if self.init == "random":
            shares = None if weights is None else weights / weights.sum()
            # Rows without weight are drawn only where the others do not suffice.
            if shares is not None and np.count_nonzero(shares) < self.n_clusters:
                shares = None
            return near[generator.choice(len(near), self.n_clusters, replace=False, p=shares)]
        return near[_spread_rows(points, self.n_clusters, generator)]

    def predict(self, X: Any) -> NDArray[np.int32]:
        """The group of the nearest centre of each row (n,).

        Shapes    X (n, d).
        Errors    NotFittedError before `fit`; ShapeError, ParameterError, KindError as of `fit`.
        """
        return np.asarray(self._predictor().labels(self._check_rows(X)))

    def transform(self, X: Any) -> Any:
        """The distance of each row from each centre (n, k)."""
        return self._framed(np.asarray(self._predictor().scores(self._check_rows(X))), X)

    def score(self, X: Any, y: Any = None, sample_weight: Any = None) -> float:
        """Minus the sum of squared distances to the nearest centres."""
        del y
        nearest = np.asarray(self._predictor().scores(self._check_rows(X)), dtype=np.float64).min(axis=1)
        weights = validation.weights(sample_weight, len(nearest), estimator=type(self).__name__)
        return -float(np.sum(nearest**2 if weights is None else weights * nearest**2))

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[Any]:
        """The names of the distances: `kmeans0`, `kmeans1` and so on."""
        self._require_fitted()
        del input_features
        return np.array([f"kmeans{place}" for place in range(len(self.cluster_centers_))], dtype=object)

    def _image(self) -> Image:
        arrays = {"centroids": self.cluster_centers_}
        return Image.describe(Family.K_MEANS, n_features=self.n_features_in_, n_outputs=1, arrays=arrays)

    def _restore(self, image: Image) -> None:
        self.cluster_centers_ = image["centroids"]


class _Points(NamedTuple):
    """Rows about zero (n, d), their squared lengths (n,), and their weights."""

    rows: NDArray[Any]
    lengths: NDArray[Any]
    weights: NDArray[np.float64] | None


class _Grouping(NamedTuple):
    """Centres (k, d) about the mean, the group of each row, the inertia, the rounds that it took, and bounds (n,)."""

    centers: NDArray[np.float64]
    labels: NDArray[np.int32]
    inertia: float
    rounds: int
    upper: NDArray[Any]
    lower: NDArray[Any]


def _moments(rows: NDArray[Any]) -> tuple[NDArray[np.float64], float]:
    """The means of columns (d,), and the mean of their variances."""
    total, mean, squares = np.empty(1), np.empty((1, rows.shape[1])), np.empty((1, rows.shape[1]))
    _kernels.column_moments(rows, None, None, total, mean, squares)
    return mean[0], float(squares.mean() / total[0])


def _spread_rows(points: _Points, count: int, generator: np.random.Generator) -> NDArray[np.int64]:
    """Rows far from each other (count,): each is the best of a few that are drawn by their squared distance."""
    near, lengths, weights = points
    trials = 2 + int(np.log(count))
    chances = np.ones(len(near)) if weights is None else weights
    chosen = [int(generator.choice(len(near), p=chances / chances.sum()))]
    closest, potential = np.empty((len(near), 1), dtype=near.dtype), np.empty(1)
    _kernels.seed_potentials(near, lengths, weights, np.array(chosen, dtype=np.int64), None, closest, potential)
    nearest, out, sums = closest[:, 0], np.empty((len(near), trials), dtype=near.dtype), np.empty(trials)
    for _ in range(1, count):
        running = np.cumsum(nearest if weights is None else weights * nearest, dtype=np.float64)
        drawn = np.searchsorted(running, generator.random(trials) * running[-1], side="right")
        candidates = np.minimum(drawn, len(near) - 1).astype(np.int64)
        _kernels.seed_potentials(near, lengths, weights, candidates, nearest, out, sums)
        best = int(sums.argmin())
        nearest = out[:, best].copy()
        chosen.append(int(candidates[best]))
    return np.array(chosen, dtype=np.int64)


class _Rounds:
    """Rounds over the same rows, with what is known of each from the round before."""

    def __init__(self, points: _Points, count: int) -> None:
        rows = points.rows
        self.points = points
        self.labels = np.full(len(rows), -1, dtype=np.int32)
        self.upper, self.lower = np.zeros(len(rows), dtype=rows.dtype), np.zeros(len(rows), dtype=rows.dtype)
        self.sums, self.totals = np.zeros((count, rows.shape[1])), np.zeros(count)

    def assign(self, centers: NDArray[Any], shifts: NDArray[np.float64] | None) -> int:
        """Send rows to their nearest centres; how many moved."""
        known = (self.labels, self.upper, self.lower, self.sums, self.totals)
        moved, _ = _kernels.assign_means(*self.points, centers, shifts, *known)
        return moved

    def resume(self, found: _Grouping, narrow: _Points, offset: NDArray[np.float64]) -> None:
        """Take over what is known of the rows in single precision, `offset` away, and let no row move by that."""
        groups, columns = found.centers.shape
        mean, squares = np.empty((groups, columns)), np.empty((groups, columns))
        _kernels.column_moments(self.points.rows, found.labels, self.points.weights, self.totals, mean, squares)
        self.sums = self.totals[:, None] * mean
        # Each row was rounded, and so may be nearer to or farther from a centre than the bounds say.
        doubt = _DOUBT * np.sqrt(narrow.lengths.astype(np.float64))
        self.labels = found.labels
        self.upper, self.lower = found.upper + doubt, found.lower - doubt
        before = found.centers.astype(np.float32).astype(np.float64) + offset
        self.assign(found.centers + offset, np.linalg.norm(found.centers + offset - before, axis=1))

    def inertia(self, centers: NDArray[np.float64]) -> float:
        """The sum of squared distances to the centres, without another look at the rows."""
        lengths, weights = self.points.lengths, self.points.weights
        whole = lengths.sum(dtype=np.float64) if weights is None else weights @ lengths
        found = whole - 2 * np.vdot(self.sums, centers) + self.totals @ np.square(centers).sum(axis=1)
        return max(0.0, float(found))

    def means(self, centers: NDArray[np.float64]) -> NDArray[np.float64]:
        """The means of the groups; a group without rows gets the row that is farthest from its own centre."""
        sums, totals = self.sums, self.totals
        empty = np.flatnonzero(totals <= _ROUNDING * totals.sum())
        if empty.size:
            sums, totals = self._relocated(centers, empty)
        known = totals > 0
        return np.where(known[:, None], sums / np.where(known, totals, 1.0)[:, None], centers)

    def _relocated(
        self, centers: NDArray[np.float64], empty: NDArray[np.int64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        rows, _, weights = self.points
        sums, totals = self.sums.copy(), self.totals.copy()
        totals[empty] = 0.0
        distances = ((rows - centers[self.labels]) ** 2).sum(axis=1)
        if weights is not None:
            distances[weights == 0] = -1.0
        for group, row in zip(empty, np.argsort(-distances, kind="stable"), strict=False):
            weight = 1.0 if weights is None else weights[row]
            if distances[row] <= 0:
                # Every row is at its centre: there is nothing to give.
                break
            left = self.labels[row]
            sums[left] -= weight * rows[row]
            totals[left] -= weight
            sums[group] = weight * rows[row]
            totals[group] = weight
        return sums, totals


def _begun(points: _Points, centers: NDArray[np.float64]) -> _Rounds:
    """Rounds of which the first is over."""
    rounds = _Rounds(points, len(centers))
    rounds.assign(centers.astype(points.rows.dtype), None)
    return rounds


def _lloyd(rounds: _Rounds, centers: NDArray[np.float64], most: int, tolerance: float) -> _Grouping:
    """More rounds from these centres, until no row moves or centres move no more than the tolerance."""
    dtype = rounds.points.rows.dtype
    narrow = centers.astype(dtype)
    count, is_done = 0, False
    while not is_done:
        count += 1
        centers = rounds.means(centers)
        before, narrow = narrow, centers.astype(dtype)
        shifts = np.linalg.norm(narrow.astype(np.float64) - before, axis=1)
        is_still = rounds.assign(narrow, shifts) == 0 or float(shifts @ shifts) <= tolerance
        is_done = is_still or count >= most
    return _Grouping(centers, rounds.labels, rounds.inertia(centers), count, rounds.upper, rounds.lower)


def _finished(
    rows: NDArray[np.float64],
    moments: tuple[NDArray[np.float64], float],
    narrow: _Points,
    found: _Grouping,
    limits: tuple[int, float],
) -> _Grouping:
    """The same grouping in double precision: a few more rounds, from where single precision came to rest."""
    (mean, variance), (most, tolerance) = moments, limits
    shift = mean if mean @ mean > _FAR * variance * len(mean) else np.zeros_like(mean)
    near = rows - shift if shift.any() else rows
    rounds = _Rounds(_Points(near, np.einsum("ij,ij->i", near, near), narrow.weights), len(found.centers))
    rounds.resume(found, narrow, mean - shift)
    left = max(1, most - found.rounds)
    again = _lloyd(rounds, found.centers + (mean - shift), left, tolerance)
    return again._replace(centers=again.centers + (shift - mean), rounds=min(most, found.rounds + again.rounds - 1))


class DBSCAN(Clusterer, Estimator):
    """Groups of rows that lie densely.

    A row with enough others within reach is a core, and cores within reach of each other are of one group.

    Shapes    X (n, d); labels_ (n,), -1 for rows in no group, core_sample_indices_ (c,), components_ (c, d).
    Errors    ParameterError  when eps is not above 0 or min_samples below 1.
    Cost      2 * d for each pair of rows that are within reach along the column of largest spread.
    Source    Ester et al. 1996, exact. A row in reach of several groups is of the one whose first core comes first.
    """

    core_sample_indices_: NDArray[np.int64]
    components_: NDArray[Any]

    def __init__(self, eps: float = 0.5, *, min_samples: int = 5) -> None:
        """Only store.

        Parameters    eps          the reach: the largest Euclidean distance of neighbours.
                      min_samples  rows, or weight of rows, within reach that make a core, itself among them.
        """
        self.eps = eps
        self.min_samples = min_samples

    def fit(self, X: Any, y: Any = None, sample_weight: Any = None) -> Self:
        """Find the groups.

        Shapes    X (n, d), sample_weight (n,); y is not looked at.
        """
        del y
        require("eps", self.eps, "above 0", makes_sense=self.eps > 0)
        require("min_samples", self.min_samples, ">= 1", makes_sense=self.min_samples >= 1)
        rows = self._check_input(X, reset=True)
        weights = validation.weights(sample_weight, len(rows), estimator=type(self).__name__)
        starts, others = _in_reach(rows.astype(np.float64), float(self.eps))
        near = np.diff(starts) if weights is None else np.add.reduceat(weights[others], starts[:-1])
        is_core = near >= self.min_samples
        self.labels_ = _grouped(starts, others, is_core)
        self.core_sample_indices_ = np.flatnonzero(is_core)
        self.components_ = rows[is_core]
        return self

    def _image(self) -> Image:
        arrays = {"labels": self.labels_}
        return Image.describe(Family.CLUSTERS, n_features=self.n_features_in_, n_outputs=1, arrays=arrays)

    def _restore(self, image: Image) -> None:
        self.labels_ = image["labels"]


def _in_reach(rows: NDArray[np.float64], reach: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows within reach of each row, itself among them, as one list and its borders (n + 1,)."""
    n = len(rows)
    pairs = [np.stack(each) for each in _pairs(rows, reach)]
    first, second = np.concatenate(pairs, axis=1) if pairs else np.empty((2, 0), dtype=np.int64)
    order = np.lexsort((second, first))
    return np.concatenate([[0], np.cumsum(np.bincount(first, minlength=n))]), second[order]


def _pairs(rows: NDArray[np.float64], reach: float) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Rows in reach of each other, block by block.

    Rows are sorted along the column of largest spread; beyond the reach along it nobody is looked at. Products of
    matrices tell most distances, and those too near the reach for their rounding are computed again from differences.
    """
    widest = int(rows.var(axis=0).argmax())
    order = np.argsort(rows[:, widest], kind="stable")
    plain, rows = rows[order], (rows - rows.mean(axis=0))[order]
    places, lengths = rows[:, widest], np.einsum("ij,ij->i", rows, rows)
    doubt = 8 * rows.shape[1] * np.finfo(np.float64).eps * (2 * float(lengths.max(initial=0.0)) + reach**2)
    begin = 0
    while begin < len(rows):
        low = int(np.searchsorted(places, places[begin] - reach * (1 + 1e-12), side="left"))
        high = int(np.searchsorted(places, places[begin] + reach, side="right"))
        end = min(len(rows), begin + max(1, _BLOCK_NUMBERS // max(1, 2 * (high - low))))
        high = int(np.searchsorted(places, places[end - 1] + reach * (1 + 1e-12), side="right"))
        squares = lengths[begin:end, None] + lengths[low:high] - 2 * rows[begin:end] @ rows[low:high].T
        i, j = np.nonzero(squares <= reach**2 + doubt)
        unsure = squares[i, j] >= reach**2 - doubt
        exact = ((plain[begin + i[unsure]] - plain[low + j[unsure]]) ** 2).sum(axis=1)
        keep = np.ones(len(i), dtype=bool)
        keep[unsure] = np.sqrt(exact) <= reach
        yield order[begin + i[keep]], order[low + j[keep]]
        begin = end


def _grouped(starts: NDArray[np.int64], others: NDArray[np.int64], is_core: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Groups of rows (n,): cores that are in reach of each other, then those in reach of a core."""
    n = len(is_core)
    owner = np.repeat(np.arange(n), np.diff(starts))
    links = is_core[owner] & is_core[others]
    root = _components(n, owner[links], others[links])
    cores = np.flatnonzero(is_core)
    _, numbers = np.unique(root[cores], return_inverse=True)
    labels = np.full(n, _NOISE, dtype=np.int64)
    labels[cores] = numbers
    touched = ~is_core[owner] & is_core[others]
    least = np.full(n, n, dtype=np.int64)
    np.minimum.at(least, owner[touched], labels[others[touched]])
    labels = np.where(least < n, least, labels)
    return labels.astype(np.int32)


def _components(n: int, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
    """The least row of each row's component (n,): every row takes the least root in reach, and roots take roots."""
    root = np.arange(n)
    while True:
        least = root.copy()
        np.minimum.at(least, root[a], root[b])
        least = least[least]
        while (least != least[least]).any():
            least = least[least]
        new = least[root]
        if (new == root).all():
            return root
        root = new
