"""Module docs."""


def area(width: float, height: float) -> float:
    """Give the area.

    Both must be positive.
    """
    if width < 0 or height < 0:
        raise ValueError("negative size")
    return width * height  # in square metres


class Shape:
    """A shape."""

    def name(self) -> str:
        """Its name."""
        return "shape"


# a comment before code
print(area(2, 3.5), Shape().name())  # trailing
if True:
    # inside a block
    pass
try:
    area(-1, 2)
except ValueError as error:
    # in a handler
    print(error)
print(area.__doc__.splitlines()[0], Shape.__doc__, __doc__, __name__)
