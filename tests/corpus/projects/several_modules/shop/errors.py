"""What can be wrong with an order."""


class OrderError(Exception):
    """An order cannot be filled."""


class Unknown(OrderError):
    """There is no such article."""


class TooFew(OrderError):
    """There is less of it than was ordered."""
