"""`random`: the same seed draws the same numbers as CPython."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from library_probe import chance, said

if TYPE_CHECKING:
    import random

    from library_probe import Library

Draw = tuple[Any, ...]


def draws(draw: random.Random, count: int) -> list[Draw]:
    def whole() -> int:
        return draw.choice((draw.randint(-5, 60), draw.randint(-(2**40), 2**40), draw.randint(-(2**62), 2**62)))

    def real() -> float:
        return draw.choice((0.0, 1.0, 0.5, draw.uniform(0.01, 9), draw.uniform(1, 3)))

    kinds = (
        lambda: ("random",),
        lambda: ("getrandbits", draw.randint(1, 64)),
        lambda: ("randint", *sorted((whole(), whole()))),
        lambda: ("randint", whole(), whole()),
        lambda: ("randrange", whole()),
        lambda: ("randrange", whole(), whole()),
        lambda: ("randrange", whole(), whole(), draw.randint(-7, 7)),
        lambda: ("choice", draw.randint(0, 100)),
        lambda: ("uniform", real(), -real()),
        lambda: ("triangular", real(), real() + 1),
        lambda: ("triangular", real(), real(), real()),
        lambda: ("gauss", real(), real()),
        lambda: ("normalvariate", real(), real()),
        lambda: ("lognormvariate", real(), real()),
        lambda: ("expovariate", real()),
        lambda: ("vonmisesvariate", real(), draw.choice((0.0, real(), 1e-7))),
        lambda: ("gammavariate", real(), real()),
        lambda: ("betavariate", real(), real()),
        lambda: ("paretovariate", draw.uniform(0.1, 9)),
        lambda: ("weibullvariate", real(), draw.uniform(0.1, 9)),
    )
    return [draw.choice(kinds)() for _ in range(count)]


def drawn(generator: random.Random, draw: Draw) -> str:
    name, *arguments = draw
    if name == "choice":
        arguments = [range(*arguments)]
    answer = said(getattr(generator, name), *arguments)
    return rust_float(answer) if isinstance(answer, float) else str(answer)


def rust_float(value: float) -> str:
    """The digits of `repr`, in Rust's writing of exponents."""
    text = repr(value)
    mantissa, mark, exponent = text.partition("e")
    if mark:
        return f"{mantissa.removesuffix('.0')}e{int(exponent)}"
    digits = text.removeprefix("-")
    if digits.startswith("0.0000") and value:
        raise ValueError(text)
    return text


def agreed(library: Library, kind: str, seeds: list[int] | list[str]) -> None:
    draw = chance(7)
    cases: list[tuple[tuple[object, ...], object]] = []
    for seed in seeds:
        generator = chance(seed)
        asked = draws(draw, 40)
        question = [" ".join(str(part) for part in one) for one in asked]
        cases.append((("random." + kind, seed, *question), "|".join(drawn(generator, one) for one in asked)))
    library.agree(cases)


def test_integer_seeds(library: Library) -> None:
    draw = chance(1)
    seeds = [
        0,
        1,
        -1,
        42,
        2**32 - 1,
        2**32,
        2**63 - 1,
        -(2**63),
        *(draw.randint(-(2**63), 2**63 - 1) for _ in range(150)),
    ]
    agreed(library, "int", seeds)


def test_text_seeds(library: Library) -> None:
    agreed(
        library, "text", ["", "a", "seed", "grüße", "\U0001f600", "x" * 300, *(f"word {count}" for count in range(40))]
    )


def test_long_sequences(library: Library) -> None:
    generator = chance(2024)
    wanted = "|".join(str(generator.getrandbits(32)) for _ in range(3000))
    library.agree([(("random.int", 2024, *["getrandbits 32"] * 3000), wanted)])
