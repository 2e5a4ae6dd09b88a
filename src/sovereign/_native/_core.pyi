# ruff: noqa: PYI021, TID253 - the compiled functions have no other source to read, and a stub is never imported
"""The Rust core, module `_core`: what each class and function takes and gives.

Arrays are `Vector`, `Matrix`, and any object that exports a buffer of one or two dimensions: NumPy arrays,
`array.array`, `memoryview`. Strided and misaligned ones are packed into scratch memory of the pool first; element
types are never converted. Where several arrays meet, their shapes and element types must be equal; numbers stand for an
array full of them, rounded to its element type. Every function that makes an array takes `out`, which may be an input
itself but must not share a part of one; without it a new `Vector` or `Matrix` comes from the pool.

`backend` names an instruction set (`Backend`). With `explain=True` the answer is the pair of the result and what was
chosen: `backend`, `threads` as many as took part, `reason`. Calls on 65536 elements and more, or as much work, let
other Python threads run meanwhile.

Errors are those of `sovereign.errors`, each with its code: ShapeError when shapes do not fit; ParameterError when an
element type is not one of the operation's, `out` cannot be written or overlaps, an array is closed, or a value makes no
sense; DeviceError when this machine lacks `backend`. A defect inside is `InternalError` with the code `native.panic`,
never an abort.

What gives an array is `Any` here, because it may be `out`, a new array, or the pair with its explanation.
"""

from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, Literal, Self, SupportsIndex, TypeAlias, TypedDict, final, overload, type_check_only

from numpy import dtype, generic
from numpy.typing import NDArray
from typing_extensions import Buffer, CapsuleType, disjoint_base

_Array: TypeAlias = Array | Buffer | NDArray[Any]
_Read: TypeAlias = Callable[[int, int], bytes]
_Operand: TypeAlias = float | _Array
_Dtype: TypeAlias = str | type[generic] | dtype[Any]
_Explained: TypeAlias = tuple[Any, Any]
_Index: TypeAlias = SupportsIndex | slice | tuple[SupportsIndex | slice, SupportsIndex | slice]

@final
@type_check_only
class HeaderFields(TypedDict):
    """The fields of an `.apr` header, codes as numbers."""

    version_major: int
    version_minor: int
    model_type: int
    metadata_size: int
    payload_size: int
    uncompressed_size: int
    compression: int
    flags: int
    quality_score: int
    cipher_suite: int
    cipher_mode: int

@final
@type_check_only
class OutlineFields(TypedDict):
    """What is where in a file."""

    layout: str
    version: tuple[int, int]
    flags: int
    size: int
    sections: list[tuple[str, int, int]]
    tensors: list[tuple[str, str, tuple[int, ...], int, int]]
    entries: list[tuple[str, int, int]]
    cover: tuple[int, int, int] | None

@final
@type_check_only
class BuildFacts(TypedDict):
    """What the core was built of, and by what."""

    version: str
    compiler: str
    target: str
    profile: str
    sources: str
    source_digest: str
    avx512_compiled: bool

@final
@type_check_only
class PoolFacts(TypedDict):
    """How much memory the pool has handed out and keeps, and how often it had what was asked for."""

    used_bytes: int
    kept_bytes: int
    limit_bytes: int
    hits: int
    misses: int

@disjoint_base
class Array:
    """What `Vector` and `Matrix` share; there are no objects of this class itself.

    An array owns memory of the pool, aligned to 64 bytes, or it borrows a buffer or DLPack tensor, or it views another
    array. It offers its memory by the buffer protocol and by DLPack, both without copying. Operators make a lazy
    `Expression` once `sovereign.compute.trueno` is imported.
    """

    @property
    def dtype(self) -> str:
        """The element type: `float32`, `float64`, `int8`, `uint8`, `int32` or `int64`."""

    @property
    def is_closed(self) -> bool:
        """Whether the memory was given up."""

    @property
    def is_owner(self) -> bool:
        """Whether the memory is the array's own."""

    @property
    def nbytes(self) -> int:
        """The size of all elements in bytes."""

    @property
    def readonly(self) -> bool:
        """Whether the elements must not be written."""

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each dimension."""

    @property
    def size(self) -> int:
        """The number of elements."""

    @property
    def strides(self) -> tuple[int, ...]:
        """From one element to the next in each dimension, in bytes."""

    @property
    def __array_priority__(self) -> float:
        """A high one: NumPy leaves operators between its arrays and ours to us."""

    def close(self) -> None:
        """Give up the memory now; every later use is refused. Closing again does nothing.

        Errors    ParameterError  when a view or an export of the array still lives.
        """

    def copy(self) -> Self:
        """A new array of the pool with the same elements."""

    def numpy(self) -> NDArray[Any]:
        """The same memory as a NumPy array."""

    def reshape(self, first: int, second: int | None = None, /) -> Any:
        """A view of the same elements in another shape: a `Vector` of one length, a `Matrix` of two.

        One length may be -1, which stands for what is left. The array must be contiguous.
        """

    def tolist(self) -> list[Any]:
        """The elements as Python numbers; of a matrix, a list of rows."""

    def __array__(self, dtype: Any = None, /, *, copy: bool | None = None) -> NDArray[Any]:
        """The same memory as a NumPy array, or a copy where element type or `copy` call for one."""

    def __dlpack__(
        self,
        *,
        stream: None = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[int, int] | None = None,
        copy: bool | None = None,
    ) -> CapsuleType:
        """The array as a DLPack tensor in a capsule, without copying unless `copy` is true."""

    def __dlpack_device__(self) -> tuple[int, int]:
        """Where the memory is: kind 1, the processor, number 0."""

    def __enter__(self) -> Self:
        """The array itself; it is closed at the end of the block."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> None:
        """Close the array."""

    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __getitem__(self, index: _Index, /) -> Any: ...
    def __setitem__(self, index: _Index, value: _Operand, /) -> None: ...
    def __delitem__(self, index: _Index, /) -> None: ...
    def __buffer__(self, flags: int, /) -> memoryview:
        """The same memory as a `memoryview`."""

    def __add__(self, other: Any, /) -> Any: ...
    def __radd__(self, other: Any, /) -> Any: ...
    def __sub__(self, other: Any, /) -> Any: ...
    def __rsub__(self, other: Any, /) -> Any: ...
    def __mul__(self, other: Any, /) -> Any: ...
    def __rmul__(self, other: Any, /) -> Any: ...
    def __truediv__(self, other: Any, /) -> Any: ...
    def __rtruediv__(self, other: Any, /) -> Any: ...
    def __pow__(self, other: Any, modulus: None = None, /) -> Any: ...
    def __rpow__(self, other: Any, modulus: None = None, /) -> Any: ...
    def __neg__(self) -> Any: ...
    def __abs__(self) -> Any: ...

@final
class Vector(Array):
    """Numbers in a row.

    Copies a buffer of one dimension or a sequence of numbers. Without `dtype`, a buffer keeps its element type, and
    numbers of a sequence become float32. Floats are rounded to `dtype`, which may also be NumPy's; they do not become
    integers, and what is finite must fit.

    >>> Vector([1, 2, 3])
    Vector([1.0, 2.0, 3.0], shape=(3,), dtype=float32)
    >>> Vector(range(100), dtype="int64")[::-10].tolist()
    [99, 89, 79, 69, 59, 49, 39, 29, 19, 9]
    """

    def __new__(cls, values: _Array | Sequence[float], dtype: _Dtype | None = None) -> Self: ...
    @classmethod
    def borrow(cls, buffer: _Array, /) -> Self:
        """A vector over the memory of a buffer of one dimension, which stays alive as long as it is used.

        >>> from array import array
        >>> memory = array("d", [1, 2, 3])
        >>> vector = Vector.borrow(memory)
        >>> vector[0] = 7
        >>> memory[0]
        7.0
        """

    @classmethod
    def empty(cls, length: int, /, *, dtype: _Dtype = "float32") -> Self:
        """A vector of this length with anything in it."""

    @classmethod
    def zeros(cls, length: int, /, *, dtype: _Dtype = "float32") -> Self:
        """A vector of zeros."""

@final
class Matrix(Array):
    """Numbers in rows and columns, row after row.

    Copies a buffer of two dimensions or a sequence of rows, as `Vector` does.

    >>> a = Matrix([[1, 2], [3, 4], [5, 6]])
    >>> a
    Matrix([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], shape=(3, 2), dtype=float32)
    >>> a[1], a[2, 0], a[1:, 0]
    (Vector([3.0, 4.0], shape=(2,), dtype=float32), 5.0, Vector([3.0, 5.0], shape=(2,), dtype=float32))
    """

    def __new__(cls, values: _Array | Sequence[Sequence[float]], dtype: _Dtype | None = None) -> Self: ...
    @property
    def T(self) -> Matrix:  # noqa: N802 - as NumPy names it
        """The transposed matrix, a view of the same elements."""

    @classmethod
    def borrow(cls, buffer: _Array, /) -> Self:
        """A matrix over the memory of a buffer of two dimensions, which stays alive as long as it is used."""

    @classmethod
    def empty(cls, rows: int, columns: int, /, *, dtype: _Dtype = "float32") -> Self:
        """A matrix of this shape with anything in it."""

    @classmethod
    def zeros(cls, rows: int, columns: int, /, *, dtype: _Dtype = "float32") -> Self:
        """A matrix of zeros."""

@final
class PackedMatrix:
    """A matrix as `pack` lays it out for products, in the order of one backend."""

    @property
    def backend(self) -> str:
        """The backend whose order it is; products with it use no other."""

    @property
    def dtype(self) -> str:
        """The element type: `float32` or `float64`."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the matrix that was packed."""

@final
@type_check_only
class TraceRequest(TypedDict):
    """What is to be traced, how, and where the events go."""

    command: list[bytes]
    """The words of a program to start; none where `pids` are given."""
    pids: list[int]
    environment: list[bytes] | None
    """Each as `NAME=value`; None stands for the caller's own."""
    folder: bytes | None
    streams: tuple[int | None, int | None, int | None]
    """Descriptors that become standard input, output and error; None leaves the caller's."""
    follow: bool
    chosen: list[tuple[int, int]] | None
    """The calls to be seen, each as its table and number in `system_calls`; None for all."""
    filter: bool
    limits: tuple[int, int, int]
    """Bytes kept of a text, of a buffer, and elements of a list."""
    hash: bool
    """Give the SHA-256 of each whole buffer, however little of it is kept."""
    python: bool
    """Find the line of Python that made each call."""
    form: Literal["events", "lines", "text", "summary"]
    facts: str
    """A JSON object for the first line: what was asked for."""
    output: int
    """A descriptor to write to, which is copied; -1 for `events`."""
    order: str
    durations: bool
    times: bool
    numbers: bool
    is_prompt: bool

@final
@type_check_only
class TraceOutcome(TypedDict):
    """What became of a trace."""

    calls: int
    status: int | None
    signal: int | None
    is_detached: bool

@final
class Trace:
    """A program, or processes, followed by a thread of their own; what it sees comes in batches of JSON lines.

    The thread waits where nobody takes the batches, and the traced tasks wait with it. When the object goes, the trace
    ends and the tasks run on.
    """

    @classmethod
    def start(cls, request: TraceRequest, /) -> Self:
        """Begin; what cannot be done is told by the first `read`."""

    def read(self, seconds: float, /) -> bytes | None:
        """The next JSON lines, empty where none came in this time, None at the end.

        TraceError where the trace cannot be made or written.
        """

    def stop(self) -> None:
        """Leave the traced tasks; the end comes by `read`. A program behind a filter is asked to end by `SIGTERM`."""

    def close(self) -> None:
        """Leave the traced tasks at once, and forget what was not read. Behind a filter they go on unwatched."""

    @property
    def outcome(self) -> TraceOutcome | None:
        """What became of it, once `read` has given None."""

@final
class Predictor:
    """A model ready to predict, over the bytes of an image: a file of layout A2 that holds the model's arrays.

    Rows are arrays of float32 or float64, (n, d), or (d,) for a single one. Where all arrays of the model and the rows
    are float32, so are results; else they are float64. A row's result does not depend on the rows beside it, nor on
    `threads`, which are chosen by how much there is to do unless they are named. NaN goes through as arithmetic has
    it. Models of texts take a list of them instead. Results are arrays of NumPy where it is loaded, else a `Vector` or
    `Matrix`.
    """

    @classmethod
    def of(cls, image: Buffer, /, *, verify: bool = True) -> Self:
        """The model in these bytes, which are kept and not copied; without `verify` their checksum is not compared."""

    def predict(self, X: Any, /, *, out: _Array | None = None, threads: int | None = None) -> Any:
        """What the model predicts: (n, n_outputs), or (n,) where that is one column; of a single row (n_outputs,)."""

    def scores(self, X: Any, /, *, out: _Array | None = None, threads: int | None = None) -> Any:
        """What predictions are made of: decision values, logarithms of joint probabilities, distances (n, n_scores)."""

    def labels(self, X: Any, /, *, out: _Array | None = None, threads: int | None = None) -> Any:
        """The index of the class, or of the nearest centre, of each row: int32 (n,)."""

    @property
    def dtype(self) -> str:
        """The element type of results for rows of float32."""

    @property
    def family(self) -> str:
        """Which computation the arrays are for."""

    @property
    def n_classes(self) -> int:
        """How many classes the model tells apart; 0 where it is no classifier."""

    @property
    def n_features(self) -> int:
        """Columns of a row; 0 where the model reads texts."""

    @property
    def n_outputs(self) -> int:
        """Columns of a prediction."""

    @property
    def n_scores(self) -> int:
        """Columns of scores."""

    @property
    def nbytes(self) -> int:
        """Bytes of the image."""

def add(
    a: _Operand,
    b: _Operand,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """`a[i] + b[i]`.

    >>> add(Vector([1, 2]), 0.5).tolist()
    [1.5, 2.5]
    """

def sub(
    a: _Operand,
    b: _Operand,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """`a[i] - b[i]`."""

def mul(
    a: _Operand,
    b: _Operand,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """`a[i] * b[i]`."""

def div(
    a: _Operand,
    b: _Operand,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """`a[i] / b[i]`, as IEEE 754 divides: infinities and NaN instead of errors."""

def minimum(
    a: _Operand,
    b: _Operand,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """The smaller of `a[i]` and `b[i]`; NaN where either is NaN."""

def maximum(
    a: _Operand,
    b: _Operand,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """The larger of `a[i]` and `b[i]`; NaN where either is NaN."""

def pow(  # noqa: A001 - as NumPy names it
    a: _Operand,
    b: _Operand,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """`a[i]` to the power `b[i]`."""

def scale(
    x: _Operand,
    factor: _Operand,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """`x[i] * factor`."""

def fma(
    a: _Operand,
    b: _Operand,
    c: _Operand,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """`a[i] * b[i] + c[i]`, rounded once where the backend can."""

def lerp(
    a: _Operand,
    b: _Operand,
    t: _Operand,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """`a[i] + (b[i] - a[i]) * t[i]`: from a where t is 0 to b where it is 1.

    >>> lerp(Vector([0, 10]), Vector([10, 20]), 0.25).tolist()
    [2.5, 12.5]
    """

@overload
def axpy(a: float, x: _Array, y: _Array, /, *, backend: str | None = None, explain: Literal[True]) -> _Explained: ...
@overload
def axpy(a: float, x: _Array, y: _Array, /, *, backend: str | None = None, explain: Literal[False] = False) -> None:
    """Add `a * x[i]` to each `y[i]`, in place.

    Shapes    x and y of one shape; y is written. x may be y itself, or lie apart from it.
    Errors    as all, and ParameterError when y is read-only or shares a part of x; y is unchanged then.
    Bound     each element has at most two roundings; a is rounded to the element type first.

    >>> from array import array
    >>> y = array("f", [1, 1])
    >>> axpy(2.0, array("f", [3, 4]), y)
    >>> y.tolist()
    [7.0, 9.0]
    """

def abs(  # noqa: A001 - as NumPy names it
    x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False
) -> Any:
    """The amount of each element."""

def neg(x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """Each element with the other sign."""

def sqrt(x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """The square root of each element; NaN below zero."""

def square(x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """Each element times itself."""

def reciprocal(x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """1 divided by each element."""

def exp(x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """Euler's number to the power of each element."""

def log(x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """The natural logarithm of each element; minus infinity at zero, NaN below."""

def clip(
    x: _Array,
    low: float | None,
    high: float | None,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """Each element, not below `low` and not above `high`; None stands for no limit.

    >>> clip(Vector([-2, 0.5, 7]), 0, 1).tolist()
    [0.0, 0.5, 1.0]
    """

def relu(x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """Each element above zero, else zero."""

def leaky_relu(
    x: _Array,
    /,
    *,
    slope: float = 0.01,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """Each element above zero, else `slope` times it."""

def gelu(
    x: _Array,
    /,
    *,
    approximate: bool = False,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """`x * Phi(x)` with the normal distribution Phi; by a hyperbolic tangent if `approximate`."""

def silu(x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """`x * sigmoid(x)`."""

def sigmoid(x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """`1 / (1 + exp(-x))`."""

def tanh(x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """The hyperbolic tangent of each element."""

@overload
def dot(a: _Array, b: _Array, /, *, backend: str | None = None, explain: Literal[True]) -> _Explained: ...
@overload
def dot(a: _Array, b: _Array, /, *, backend: str | None = None, explain: Literal[False] = False) -> float:
    """The sum of the products `a[i] * b[i]`.

    Shapes    a (n,), b (n,) float32, float64 or int8; of int8 the answer is exact.
    Errors    ShapeError      when lengths differ or a vector has not one dimension.
              ParameterError  when element types differ, or the sum of int8 products does not fit into 32 bits.
              DeviceError     when this machine lacks `backend`.
    Cost      n multiply-adds on one thread; from 65536 elements on, other Python threads run meanwhile.
    Bound     |result - exact| <= (ceil(min(n, 8192) / 16) + 8) * 2**-24 * sum(|a[i] * b[i]|) + n * 2**-149 for float32.

    >>> from array import array
    >>> dot(array("f", [1, 2, 3]), array("f", [4, 5, 6]))
    32.0
    """

@overload
def sum(  # noqa: A001 - as NumPy names it
    x: _Array, /, *, backend: str | None = None, explain: Literal[True]
) -> _Explained: ...
@overload
def sum(  # noqa: A001 - as NumPy names it
    x: _Array, /, *, backend: str | None = None, explain: Literal[False] = False
) -> float:
    """The sum of all elements; the sum of nothing is 0.

    Bound     |result - exact| <= (ceil(min(n, 8192) / 16) + 8) * 2**-24 * sum(|x[i]|) for float32.

    >>> from array import array
    >>> sum(array("f", [0.5, 0.25]))
    0.75
    """

@overload
def mean(x: _Array, /, *, backend: str | None = None, explain: Literal[True]) -> _Explained: ...
@overload
def mean(x: _Array, /, *, backend: str | None = None, explain: Literal[False] = False) -> float:
    """The arithmetic mean of all elements, of which there must be one."""

@overload
def var(x: _Array, /, *, ddof: int = 0, backend: str | None = None, explain: Literal[True]) -> _Explained: ...
@overload
def var(x: _Array, /, *, ddof: int = 0, backend: str | None = None, explain: Literal[False] = False) -> float:
    """The mean of the squared distances from the mean, over `n - ddof`.

    Errors    ParameterError  when there are not more than `ddof` elements.

    >>> var(Vector([1, 2, 3, 4])), var(Vector([1, 2, 3, 4], dtype="float64"), ddof=1)
    (1.25, 1.6666666666666667)
    """

@overload
def min(  # noqa: A001 - as NumPy names it
    x: _Array, /, *, backend: str | None = None, explain: Literal[True]
) -> _Explained: ...
@overload
def min(  # noqa: A001 - as NumPy names it
    x: _Array, /, *, backend: str | None = None, explain: Literal[False] = False
) -> float:
    """The smallest element, of which there must be one; NaN where one is NaN."""

@overload
def max(  # noqa: A001 - as NumPy names it
    x: _Array, /, *, backend: str | None = None, explain: Literal[True]
) -> _Explained: ...
@overload
def max(  # noqa: A001 - as NumPy names it
    x: _Array, /, *, backend: str | None = None, explain: Literal[False] = False
) -> float:
    """The largest element, of which there must be one; NaN where one is NaN."""

@overload
def argmin(x: _Array, /, *, backend: str | None = None, explain: Literal[True]) -> _Explained: ...
@overload
def argmin(x: _Array, /, *, backend: str | None = None, explain: Literal[False] = False) -> int:
    """The place of the first smallest element, or of the first NaN; a matrix is counted row after row."""

@overload
def argmax(x: _Array, /, *, backend: str | None = None, explain: Literal[True]) -> _Explained: ...
@overload
def argmax(x: _Array, /, *, backend: str | None = None, explain: Literal[False] = False) -> int:
    """The place of the first largest element, or of the first NaN; a matrix is counted row after row."""

@overload
def norm_l1(x: _Array, /, *, backend: str | None = None, explain: Literal[True]) -> _Explained: ...
@overload
def norm_l1(x: _Array, /, *, backend: str | None = None, explain: Literal[False] = False) -> float:
    """The sum of the amounts of all elements."""

@overload
def norm_l2(x: _Array, /, *, backend: str | None = None, explain: Literal[True]) -> _Explained: ...
@overload
def norm_l2(x: _Array, /, *, backend: str | None = None, explain: Literal[False] = False) -> float:
    """The square root of the sum of squares of all elements, without overflow between."""

@overload
def norm_linf(x: _Array, /, *, backend: str | None = None, explain: Literal[True]) -> _Explained: ...
@overload
def norm_linf(x: _Array, /, *, backend: str | None = None, explain: Literal[False] = False) -> float:
    """The largest amount of all elements; 0 of nothing."""

def normalize(x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """The vector, or each row of a matrix, divided by its `norm_l2`; zeros stay zeros.

    >>> normalize(Vector([3, 4])).tolist()
    [0.6000000238418579, 0.800000011920929]
    """

def softmax(x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """`exp(x[i])` divided by the sum of them, of a vector or of each row of a matrix.

    >>> softmax(Vector([0, 0])).tolist()
    [0.5, 0.5]
    """

def log_softmax(x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """The natural logarithm of `softmax`, computed without its underflow."""

def layer_norm(
    x: _Array,
    /,
    *,
    weight: _Array | None = None,
    bias: _Array | None = None,
    epsilon: float = 1e-5,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """`(x - mean) / sqrt(var + epsilon) * weight + bias`, of a vector or of each row of a matrix.

    Shapes    x (n,) or (m, n), weight (n,), bias (n,).
    """

def rms_norm(
    x: _Array,
    /,
    *,
    weight: _Array | None = None,
    epsilon: float = 1e-6,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """`x / sqrt(mean of squares + epsilon) * weight`, of a vector or of each row of a matrix.

    Shapes    x (n,) or (m, n), weight (n,).
    """

def prefix_sum(x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """The sum of the elements up to each place, of a vector or of each row of a matrix.

    >>> prefix_sum(Vector([1, 2, 3])).tolist()
    [1.0, 3.0, 6.0]
    """

def gather(
    x: _Array,
    indices: _Array,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """`x[indices[i]]`; a negative index counts from the end.

    Shapes    x (n,) of any element type, indices (k,) int64 or int32; gives (k,).
    Errors    ParameterError  when an index is outside, with its position; nothing is written then.

    >>> gather(Vector([10, 20, 30]), Vector([2, -3], dtype="int64")).tolist()
    [30.0, 10.0]
    """

def scatter(
    values: _Array, indices: _Array, /, *, out: _Array, backend: str | None = None, explain: bool = False
) -> Any:
    """Write `values[i]` to `out[indices[i]]`, in this order, and give `out`.

    Shapes    values (k,), indices (k,) int64 or int32, out (n,) of the type of values.
    Errors    ParameterError  when an index is outside, with its position; nothing is written then.
    """

def top_k(
    x: _Array,
    k: int,
    /,
    *,
    out: tuple[_Array, _Array] | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """The k largest elements in descending order, and their places.

    Shapes    x (n,); gives values (k,) and places (k,) int64. Equal elements come in the order of their places.
    Errors    ParameterError  when k > n.

    >>> values, places = top_k(Vector([3, 9, 4]), 2)
    >>> values.tolist(), places.tolist()
    ([9.0, 4.0], [1, 2])
    """

def quantize(
    x: _Array,
    scale: float,
    /,
    *,
    zero_point: int = 0,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """`x[i] / scale + zero_point` rounded to the nearest int8 that there is; x is float32."""

def dequantize(
    x: _Array,
    scale: float,
    /,
    *,
    zero_point: int = 0,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """`(x[i] - zero_point) * scale` in float32; x is int8."""

def evaluate(
    program: Buffer,
    inputs: tuple[_Array, ...],
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """Run a fused expression, as `Expression` encodes it, in one pass over memory.

    Shapes    inputs of one shape and element type; gives that shape, or a number if the program reduces.
    Errors    ParameterError  when the bytes are no program for so many inputs.
    """

def matmul(
    a: _Array,
    b: _Array | PackedMatrix,
    /,
    *,
    bias: _Array | None = None,
    activation: str | None = None,
    out: _Array | None = None,
    backend: str | None = None,
    threads: int | None = None,
    explain: bool = False,
) -> Any:
    """The product of two matrices, plus `bias` to each row, and `activation` of each element, in one pass.

    Shapes    a (m, p), b (p, n), bias (n,); gives (m, n). Any strides; a transposed view costs no copy.
    Cost      2 * m * p * n flops. Without `threads`, as many as `set_threads` allows and the work repays.
    Bound     |result - exact| <= (p + 2) * u * sum(|a[i, k] * b[k, j]|), u half the distance from 1 to the next number.
    Activation is `gelu`, `leaky_relu`, `relu`, `sigmoid`, `silu` or `tanh`.

    >>> matmul(Matrix([[1, 2], [3, 4]]), Matrix([[1, 0], [0, -1]]), activation="relu").tolist()
    [[1.0, 0.0], [3.0, 0.0]]
    """

def matvec(
    a: _Array,
    x: _Array,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    threads: int | None = None,
    explain: bool = False,
) -> Any:
    """The product of a matrix (m, n) and a vector (n,): a vector (m,). For a row vector from the left, give `a.T`."""

def outer(
    a: _Array,
    b: _Array,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """The matrix of all products `a[i] * b[j]`."""

def transpose(a: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """The transposed matrix as a copy whose rows are contiguous; `a.T` is the view. Any element type."""

def pack(b: _Array, /, *, backend: str | None = None) -> PackedMatrix:
    """Lay a matrix out for many products with it on the right side.

    >>> b = pack(Matrix([[1, 2], [3, 4]]))
    >>> matmul(Matrix([[1, 1]]), b).tolist()
    [[4.0, 6.0]]
    """

def pairwise_l2_squared(
    x: _Array,
    y: _Array,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    threads: int | None = None,
    explain: bool = False,
) -> Any:
    """The squared Euclidean distance of each row of x from each row of y.

    Shapes    x (m, d), y (n, d); gives (m, n). At least 0, and exactly 0 for equal rows of finite length.
    Cost      2 * m * n * d flops, by a product of matrices.
    Bound     about d * u * (|x|**2 + |y|**2), u half the distance from 1 to the next number: subtract the mean first
              where rows lie far from the origin.
    """

def conv2d(
    images: _Array,
    filters: _Array,
    /,
    *,
    bias: _Array | None = None,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    groups: int = 1,
    out: _Array | None = None,
    backend: str | None = None,
    threads: int | None = None,
    explain: bool = False,
) -> Any:
    """The convolution of images with filters, which are not turned around, as in neural networks.

    Shapes    images (n, c, h, w), filters (k, c / groups, y, x), bias (k,), all contiguous; out (n, k, h', w') with
              h' = (h + 2 * padding - y) // stride + 1. Without `out` a Matrix (n * k, h' * w') of the same elements.
    Errors    ParameterError  when channels, groups, stride and padding do not go together.
    """

def cholesky(
    a: _Array,
    /,
    *,
    out: _Array | None = None,
    backend: str | None = None,
    threads: int | None = None,
    explain: bool = False,
) -> Any:
    """The lower triangular matrix whose product with its own transpose is a.

    Shapes    a (n, n); gives (n, n). Only the lower half of a is read.
    Errors    ParameterError  when a is not positive definite, by `trueno.not_positive_definite`; out is as it was then.

    >>> cholesky(Matrix([[4, 0], [2, 2]])).tolist()
    [[2.0, 0.0], [1.0, 1.0]]
    """

def solve_triangular(
    a: _Array,
    b: _Array,
    /,
    *,
    lower: bool = True,
    transposed: bool = False,
    unit_diagonal: bool = False,
    out: _Array | None = None,
    backend: str | None = None,
    threads: int | None = None,
    explain: bool = False,
) -> Any:
    """The x with `a * x = b`, or with the transpose of a; only the lower, or upper, half of a is read.

    Shapes    a (n, n), b (n,) or (n, k); gives the shape of b. `out` may be b itself.
    Errors    ParameterError  when a zero stands on the diagonal, `trueno.singular`.

    >>> solve_triangular(Matrix([[2, 0], [1, 4]]), Vector([2, 9])).tolist()
    [1.0, 2.0]
    """

def qr(
    a: _Array,
    /,
    *,
    out: tuple[_Array, _Array] | None = None,
    backend: str | None = None,
    explain: bool = False,
) -> Any:
    """The pair q, r whose product is a: columns of q are orthogonal and of length 1, r is upper triangular.

    Shapes    a (m, n), k = min(m, n); gives q (m, k) and r (k, n).
    """

def argmin_axis1(x: _Array, /, *, out: _Array | None = None, backend: str | None = None, explain: bool = False) -> Any:
    """The place of the first smallest element of each row, or of its first NaN.

    Shapes    x (m, n); gives (m,) int64. Rows need one element at least.
    """

def backends() -> tuple[str, ...]:
    """Names of the backends that this machine has, slowest first."""

def active_backend() -> str:
    """Name of the backend in use."""

def threads() -> int:
    """The most threads that a call takes unasked: this process's processors unless `set_threads` was called."""

def set_threads(count: int, /) -> None:
    """Let calls take no more threads than these unasked, and no more than four for each processor."""

def set_rates(*, peak_gflops: float | None = None, read_gb_s: float | None = None, is_calibrated: bool = False) -> None:
    """What one thread does in a second, for the choice of threads; None stands for what is assumed unmeasured."""

def fma_loop(iterations: int, /, *, backend: str | None = None) -> int:
    """Multiply and add float32 in registers; the number of additions and multiplications that were done.

    Cost      nothing but arithmetic, while other Python threads run: who takes the time knows the peak rate.
    """

def read_loop(x: _Array, passes: int, /, *, backend: str | None = None) -> int:
    """Read a contiguous float32 array so many times; the number of bytes that were read.

    Cost      nothing but reading, while other Python threads run: who takes the time knows the read rate.
    """

def register_choice(choice: Callable[..., object] | None, /) -> Callable[..., object] | None:
    """Let `choice(backend=..., threads=..., reason=...)` make what `explain=True` tells; a dict otherwise.

    Gives what was registered before.
    """

def from_dlpack(x: Any, /) -> Any:
    """The memory of any object with `__dlpack__` as a `Vector` or `Matrix`, without copying.

    Errors    DeviceError     when the memory is another device's.
              ShapeError      when there are not one or two dimensions.
              ParameterError  when the element type is none of ours.
    """

def register_operators(build: Callable[..., object] | None, /) -> Callable[..., object] | None:
    """Let `build(name, *operands)` answer the operators of arrays.

    Names are `add`, `sub`, `mul`, `div`, `pow`, `neg` and `abs`; operands come in the order in which they were written.
    Gives what was registered before.
    """

def pool_facts() -> PoolFacts:
    """What the pool of memory has handed out and keeps."""

def pool_limit(size_bytes: int, /) -> None:
    """Let the pool keep no more than so many bytes of free memory; 256 MiB at first."""

def pool_trim() -> None:
    """Give all free memory of the pool back to the system."""

def crc32(data: Buffer, /, *, start: int = 0) -> int:
    """CRC-32 of the bytes, going on from `start`."""

def parse_header(data: Buffer, /, *, size_bytes: int | None = None) -> HeaderFields:
    """The checked header of an `.apr` file of that size."""

def verify_trailer(data: Buffer, /) -> HeaderFields:
    """The header of a whole `.apr` file whose lengths and checksum hold."""

def identify(start: Buffer, /) -> str:
    """The layout of a file that begins with these bytes; 16 are enough."""

def outline(
    source: Buffer | _Read, /, *, size_bytes: int | None = None, limits: tuple[int, int, int, int] | None = None
) -> OutlineFields:
    """What is where in a file: a buffer, or `read(offset, length)` together with the size of the file.

    Limits    bytes of metadata, bytes of an index, entries of an index, bytes of a decompressed payload.
    """

def verify_file(
    source: Buffer | _Read, /, *, size_bytes: int | None = None, limits: tuple[int, int, int, int] | None = None
) -> tuple[OutlineFields, bool]:
    """What is where in a file that holds as far as its layout can tell, and whether a checksum says so."""

def decompress_a4(
    source: Buffer | _Read, /, *, size_bytes: int | None = None, limits: tuple[int, int, int, int] | None = None
) -> tuple[bytes, OutlineFields]:
    """The file inside a compressed one, and what is where in it."""

def decompress(codec: str, data: Buffer, declared: int, offset: int, /) -> bytes:
    """Exactly the declared bytes of a stream: `stored`, `zstd`, `lz4-block` or `lz4-sized`."""

def decode_payload(model_type: int, data: Buffer, /) -> dict[str, Any] | None:
    """A payload of layout A1 as names and values; None where the shape of the model type is not known."""

def plan_tensors(
    metadata: str, tensors: list[tuple[str, str, tuple[int, ...]]], flags: int, suite: int, /
) -> tuple[bytes, list[int], list[int], int]:
    """The start of an A2 file, offset and length of each tensor, and where signature or checksum go."""

def write_a1(
    fields: tuple[int, int, int, int, int, int, int], metadata: Buffer, payload: Buffer, signature: Buffer | None, /
) -> bytes:
    """An A1 file, or with None for the signature the bytes that a signature signs.

    Fields    model_type, uncompressed_size, compression, flags, quality_score, cipher_suite, cipher_mode.
    """

def pack_numbers(way: str, values: Buffer, parameter: float, /) -> tuple[bytes, float]:
    """Float32 numbers rearranged, and the largest error.

    The ways are `delta`, `sparse` by a threshold, and `quantized` to 4, 8 or 16 bits.
    """

def unpack_numbers(way: str, data: Buffer, most: int, /) -> memoryview:
    """The numbers of `pack_numbers`, at most so many."""

def guard_map(pages: Buffer, /) -> int:
    """Raise, instead of ending the process, when pages of a mapped file are gone; the number of the map."""

def release_map(number: int, /) -> None:
    """Guard a map no longer."""

def is_map_damaged(number: int, /) -> bool:
    """Whether pages of a map were gone when they were touched."""

def column_products(
    x: _Array,
    y: _Array | None,
    weights: _Array | None,
    shift: _Array,
    out: _Array,
    /,
    *,
    threads: int | None = None,
) -> None:
    """Lay the products of all columns of `[x - shift, y - shift, 1]` with each other into the lower half of `out`.

    Shapes    x (n, d), y (n, m), weights (n,), shift (d + m,), out (d + m + 1, d + m + 1); all but x and y float64.
    Cost      about n * (d + m) ** 2 additions and multiplications; equal bits for any number of threads.
    """

def residual_products(
    x: _Array,
    y: _Array,
    weights: _Array | None,
    shift: _Array,
    coef: _Array,
    intercept: _Array,
    out: _Array,
    /,
    *,
    threads: int | None = None,
) -> float:
    """Lay the products of weighted residuals and columns into `out`; the weighted sum of squared residuals.

    Shapes    x (n, d), y (n, m), weights (n,), shift (d + m,), coef (m, d), intercept (m,), out (m, d).
    """

def column_moments(
    x: _Array,
    groups: _Array | None,
    weights: _Array | None,
    total: _Array,
    mean: _Array,
    squares: _Array,
    /,
    *,
    threads: int | None = None,
) -> None:
    """Lay weights, means and squared deviations of columns into the last three, for each group of rows.

    Shapes    x (n, d), groups (n,) int32, weights (n,), total (k,), mean (k, d), squares (k, d).
    """

def descend_by_products(
    gram: _Array,
    product: _Array,
    coef: _Array,
    target_squares: float,
    l1: float,
    l2: float,
    is_positive: bool,
    sweeps: int,
    change: float,
    gap: float,
    /,
    *,
    threads: int | None = None,
) -> tuple[float, int]:
    """Minimise squared residuals plus penalties by coordinates, from `coef` on; the duality gap and the sweeps.

    Shapes    gram (d, d) symmetric, product (d,), coef (d,), all float64; coef is written.
    """

def descend_by_columns(
    columns: _Array,
    targets: _Array,
    coef: _Array,
    l1: float,
    l2: float,
    is_positive: bool,
    sweeps: int,
    change: float,
    gap: float,
    /,
    *,
    threads: int | None = None,
) -> tuple[float, int]:
    """The same from the columns themselves.

    Shapes    columns (d, n), targets (n,), coef (d,), all float64; coef is written.
    """

def logistic_loss(
    x: _Array,
    classes: _Array,
    weights: _Array | None,
    coef: _Array,
    gradient: _Array,
    curvature: _Array | None,
    /,
    *,
    threads: int | None = None,
) -> float:
    """The sum of logistic losses, with its derivatives in the last two.

    Shapes    x (n, d), classes (n,) int32, weights (n,), coef and gradient (m, d + 1), curvature
              (m * m * (d + 1), d + 1), of which lower halves are written, those of two different scores with the
              other sign.
    """

def fit_margin(
    x: _Array,
    y: _Array,
    costs: _Array,
    coef: _Array,
    is_regression: bool,
    is_squared: bool,
    epsilon: float,
    ones: float,
    tolerance: float,
    passes: int,
    seed: int,
    /,
    *,
    threads: int | None = None,
) -> int:
    """Fit a linear support vector machine; the passes that it took, one more than allowed where these did not suffice.

    Shapes    x (n, d), y (n,), costs (n,), coef (d + 1,), which is written.
    """

def grow_forest(x: _Array, y: _Array, weights: _Array | None, settings: dict[str, Any], /) -> dict[str, bytes]:
    """Grow trees by histograms; their nodes one behind the other, each column as bytes.

    Shapes    x (n, d) float32; y (n,), int32 indexes of classes, or float64; weights (n,) float64.
    Settings  every field of `ForestSettings` in `train_trees.rs`.
    """

def boost_trees(
    x: _Array,
    y: _Array,
    weights: _Array | None,
    validation_x: _Array | None,
    validation_y: _Array | None,
    validation_weights: _Array | None,
    settings: dict[str, Any],
    /,
) -> dict[str, bytes]:
    """Boost trees by histograms; their nodes as of `grow_forest`, with losses by round.

    Shapes    x (n, d) float32; y (n,) float64, of a classifier the index of the class; weights (n,) float64.
    Settings  every field of `BoostingSettings` in `train_trees.rs`.
    """

def train_mlp(
    x: _Array,
    y: _Array,
    weights: _Array | None,
    order: _Array | None,
    parameters: _Array,
    first: _Array,
    second: _Array | None,
    settings: dict[str, Any],
    /,
    *,
    threads: int | None = None,
) -> float:
    """Pass once over the rows, a step of the parameters for each batch; the mean loss of batches before their steps.

    Shapes    x (n, d) float32; y (n,) int32 indexes of classes, or (n, m) float32; weights (n,) float64; order (n,)
              int64, the rows as they come, or None. parameters (p,) float32: of each layer the weights (rows,
              columns), then the biases; first and second (p,) float32, what the optimizer remembers. The last three
              are written; `second` is None where the solver is "sgd".
    Settings  every field of `Settings` in `train_mlp.rs`.
    """

def assign_means(
    x: _Array,
    lengths: _Array,
    weights: _Array | None,
    centers: _Array,
    shifts: _Array | None,
    labels: _Array,
    upper: _Array,
    lower: _Array,
    sums: _Array,
    totals: _Array,
    /,
    *,
    threads: int | None = None,
) -> tuple[int, float]:
    """Send rows to their nearest centre; how many moved, and the sum of squared distances of those looked at.

    Shapes    x (n, d), lengths (n,) squared, weights (n,), centers (k, d), shifts (k,) since the round before, or
              None to look at every row; labels (n,) int32, upper and lower (n,), sums (k, d) and totals (k,) are
              brought up to date.
    """

def seed_potentials(
    x: _Array,
    lengths: _Array,
    weights: _Array | None,
    candidates: _Array,
    closest: _Array | None,
    out: _Array,
    potentials: _Array,
    /,
    *,
    threads: int | None = None,
) -> None:
    """The squared distances of all rows from some rows, bounded by `closest`, and their sums.

    Shapes    x (n, d), lengths (n,), weights (n,), candidates (t,) int64, closest (n,), out (n, t), potentials (t,).
    """

def system_calls() -> list[tuple[int, int, str, list[str]]]:
    """Every call: its table (0 of x86-64, 1 of x32, 2 of i386), its number, its name, and the classes that it is in."""

def build_facts() -> BuildFacts:
    """What this core was built of, and by what."""

def nothing() -> None:
    """Nothing: what remains is the cost of a call."""

def provoke_panic(message: str, /) -> None:
    """Panic, to show what becomes of it."""
