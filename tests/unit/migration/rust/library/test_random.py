"""`random`: the same seed draws the same numbers as CPython."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from library_probe import chance, said

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

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


def agreed(library: Library, kind: str, seeds: list[Any]) -> None:
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


def test_wide_and_float_seeds(library: Library) -> None:
    draw = chance(3)
    agreed(library, "wide", [0, -(2**64), 2**100, *(draw.getrandbits(draw.randint(1, 300)) for _ in range(40))])
    agreed(library, "float", [0.5, -1.5, 1e300, 3.0, 0.1])


def shuffled(generator: random.Random, count: int) -> list[int]:
    items = list(range(count))
    generator.shuffle(items)
    return items


POPULATION_DRAWS: dict[str, Callable[..., object]] = {
    "shuffle": shuffled,
    "sample": lambda generator, count, k: generator.sample(range(count), k),
    "sample_counts": lambda generator, k: generator.sample("abc", counts=[2, 0, 5], k=k),
    "choices": lambda generator, k: generator.choices("abcd", k=k),
    "choices_weighted": lambda generator, k, *weights: generator.choices("abcd", weights, k=k),
    "getrandbits_wide": lambda generator, bits: generator.getrandbits(bits),
    "randbytes": lambda generator, count: generator.randbytes(count).hex(),
    "randint_wide": lambda generator, a, b: generator.randint(a, b),
}


def populated(generator: random.Random, draw: Draw) -> object:
    name, *rest = draw
    return POPULATION_DRAWS[name](generator, *rest)


def population_draws(draw: random.Random) -> list[Draw]:
    kinds = (
        lambda: ("shuffle", draw.randint(0, 30)),
        lambda: ("sample", draw.choice((5, 21, 22, 85, 86, 300, 1000)), draw.choice((0, 1, 5, 6, 20, 22, 40, -1))),
        lambda: ("sample_counts", draw.randint(0, 8)),
        lambda: ("choices", draw.randint(0, 6)),
        lambda: ("choices_weighted", 4, *(draw.choice((0, 1, 2.5, 7)) for _ in range(draw.choice((3, 4, 4, 4))))),
        lambda: ("getrandbits_wide", draw.choice((0, 1, 31, 32, 33, 63, 64, 65, 100, 1000, -1))),
        lambda: ("randbytes", draw.randint(0, 20)),
        lambda: ("randint_wide", -draw.getrandbits(90), draw.getrandbits(90) - 2**60),
    )
    return [draw.choice(kinds)() for _ in range(30)]


def test_populations(library: Library) -> None:
    draw = chance(9)
    cases: list[tuple[tuple[object, ...], object]] = []
    for seed in range(150):
        generator = chance(seed)
        asked = population_draws(draw)
        question = [" ".join(str(part) for part in one) for one in asked]
        answers = [str(said(populated, generator, one)) for one in asked]
        cases.append((("random.int", seed, *question), "|".join(answers)))
    library.agree(cases)


def test_long_sequences(library: Library) -> None:
    generator = chance(2024)
    wanted = "|".join(str(generator.getrandbits(32)) for _ in range(3000))
    library.agree([(("random.int", 2024, *["getrandbits 32"] * 3000), wanted)])
