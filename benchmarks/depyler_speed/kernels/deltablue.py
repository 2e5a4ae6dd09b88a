"""An incremental solver of constraints with strengths: class hierarchies, shared objects, lists that change."""

from __future__ import annotations

import sys

REQUIRED, STRONG, NORMAL, WEAK, WEAKEST = range(5)


class Variable:
    """A value, the constraints on it, and which of them decides it."""

    def __init__(self, name: str, value: int) -> None:
        self.name = name
        self.value = value
        self.constraints: list[Constraint] = []
        self.decided_by: Constraint | None = None
        self.mark = 0
        self.strength = WEAKEST
        self.is_fixed = True


class Constraint:
    """A rule between variables, kept as long as no stronger one is against it."""

    def __init__(self, strength: int) -> None:
        self.strength = strength

    def variables(self) -> list[Variable]:
        """All variables that it is about."""
        raise NotImplementedError

    def output(self) -> Variable:
        """The variable that it decides now."""
        raise NotImplementedError

    def inputs(self) -> list[Variable]:
        """The variables that it decides from."""
        out = self.output()
        return [each for each in self.variables() if each is not out]

    def choose(self, mark: int) -> None:
        """Choose the variable to decide, or none when stronger ones decide all."""
        raise NotImplementedError

    def is_satisfied(self) -> bool:
        """Whether it decides a variable."""
        raise NotImplementedError

    def drop(self) -> None:
        """Decide nothing from now on."""
        raise NotImplementedError

    def compute(self) -> None:
        """Set the value of the output from the inputs."""
        raise NotImplementedError

    def is_input(self) -> bool:
        """Whether its value comes from outside."""
        return False

    def knows_inputs(self, mark: int) -> bool:
        """Whether all inputs are settled in this round."""
        return all(each.mark == mark or each.is_fixed or each.decided_by is None for each in self.inputs())

    def settle(self) -> None:
        """Pass strength and fixedness on to the output, and its value where nothing can change it."""
        out = self.output()
        weakest = self.strength
        fixed = not self.is_input()
        for each in self.inputs():
            weakest = max(weakest, each.strength)
            fixed = fixed and each.is_fixed
        out.strength = weakest
        out.is_fixed = fixed
        if fixed:
            self.compute()


class Single(Constraint):
    """A rule about one variable."""

    def __init__(self, variable: Variable, strength: int) -> None:
        super().__init__(strength)
        self.variable = variable
        self.satisfied = False

    def variables(self) -> list[Variable]:
        return [self.variable]

    def output(self) -> Variable:
        return self.variable

    def choose(self, mark: int) -> None:
        self.satisfied = self.variable.mark != mark and self.strength < self.variable.strength

    def is_satisfied(self) -> bool:
        return self.satisfied

    def drop(self) -> None:
        self.satisfied = False

    def compute(self) -> None:
        pass


class Stay(Single):
    """A variable keeps its value."""


class Edit(Single):
    """The value of a variable comes from outside."""

    def is_input(self) -> bool:
        return True


class Equal(Constraint):
    """Two variables have the same value; either may decide the other."""

    def __init__(self, one: Variable, other: Variable, strength: int) -> None:
        super().__init__(strength)
        self.one = one
        self.other = other
        self.direction = 0

    def variables(self) -> list[Variable]:
        return [self.one, self.other]

    def output(self) -> Variable:
        return self.other if self.direction > 0 else self.one

    def source(self) -> Variable:
        """The variable that decides."""
        return self.one if self.direction > 0 else self.other

    def choose(self, mark: int) -> None:
        forward = self.other.mark != mark and self.strength < self.other.strength
        backward = self.one.mark != mark and self.strength < self.one.strength
        if self.one.mark == mark:
            self.direction = 1 if forward else 0
        elif self.other.mark == mark or self.one.strength > self.other.strength:
            self.direction = -1 if backward else 0
        else:
            self.direction = 1 if forward else 0

    def is_satisfied(self) -> bool:
        return self.direction != 0

    def drop(self) -> None:
        self.direction = 0

    def compute(self) -> None:
        self.output().value = self.source().value


class Scaled(Equal):
    """One variable times a factor and an offset is the other."""

    def __init__(self, one: Variable, factor: Variable, offset: Variable, other: Variable, strength: int) -> None:
        super().__init__(one, other, strength)
        self.factor = factor
        self.offset = offset

    def variables(self) -> list[Variable]:
        return [self.one, self.other, self.factor, self.offset]

    def compute(self) -> None:
        if self.direction > 0:
            self.other.value = self.one.value * self.factor.value + self.offset.value
        else:
            self.one.value = (self.other.value - self.offset.value) // self.factor.value


class Plan:
    """Constraints in an order in which computing them once makes all of them hold."""

    def __init__(self) -> None:
        self.steps: list[Constraint] = []

    def execute(self) -> None:
        for step in self.steps:
            step.compute()


class Planner:
    """Adds and removes constraints, and keeps who decides whom."""

    def __init__(self) -> None:
        self.mark = 0

    def new_mark(self) -> int:
        self.mark += 1
        return self.mark

    def add(self, constraint: Constraint) -> None:
        """Add a constraint; those that it overrules look for other outputs."""
        for variable in constraint.variables():
            variable.constraints.append(constraint)
        mark = self.new_mark()
        overruled = self.satisfy(constraint, mark)
        while overruled is not None:
            overruled = self.satisfy(overruled, mark)

    def satisfy(self, constraint: Constraint, mark: int) -> Constraint | None:
        """Let the constraint decide a variable if it can; returns the one that it overrules."""
        constraint.choose(mark)
        if not constraint.is_satisfied():
            if constraint.strength == REQUIRED:
                message = "a required constraint cannot hold"
                raise ValueError(message)
            return None
        for each in constraint.inputs():
            each.mark = mark
        out = constraint.output()
        overruled = out.decided_by
        if overruled is not None:
            overruled.drop()
        out.decided_by = constraint
        self.spread(constraint, mark)
        out.mark = mark
        return overruled

    def spread(self, constraint: Constraint, mark: int) -> None:
        """Tell all that lies behind a constraint who decides now."""
        todo = [constraint]
        while todo:
            current = todo.pop()
            out = current.output()
            if out.mark == mark:
                message = "constraints form a circle"
                raise ValueError(message)
            current.settle()
            self.behind(out, todo)

    def behind(self, variable: Variable, found: list[Constraint]) -> None:
        """Add the constraints that compute from a variable."""
        decider = variable.decided_by
        found.extend(each for each in variable.constraints if each is not decider and each.is_satisfied())

    def remove(self, constraint: Constraint) -> None:
        """Remove a constraint; weaker ones take its place where they can."""
        for variable in constraint.variables():
            variable.constraints.remove(constraint)
        if not constraint.is_satisfied():
            return
        out = constraint.output()
        constraint.drop()
        out.decided_by = None
        waiting: list[Constraint] = []
        todo = [out]
        while todo:
            variable = todo.pop()
            if variable is out:
                variable.strength = WEAKEST
                variable.is_fixed = True
            waiting.extend(each for each in variable.constraints if not each.is_satisfied())
            consumers: list[Constraint] = []
            self.behind(variable, consumers)
            for each in consumers:
                each.settle()
                todo.append(each.output())
        for strength in (REQUIRED, STRONG, NORMAL, WEAK):
            for each in waiting:
                if each.strength == strength and not each.is_satisfied():
                    mark = self.new_mark()
                    overruled = self.satisfy(each, mark)
                    while overruled is not None:
                        overruled = self.satisfy(overruled, mark)

    def plan(self, sources: list[Constraint]) -> Plan:
        """The order in which values flow from some constraints."""
        mark = self.new_mark()
        plan = Plan()
        todo = list(sources)
        while todo:
            constraint = todo.pop()
            out = constraint.output()
            if out.mark != mark and constraint.knows_inputs(mark):
                plan.steps.append(constraint)
                out.mark = mark
                self.behind(out, todo)
        return plan


def change(planner: Planner, variable: Variable, values: list[int]) -> None:
    """Give a variable new values from outside, and let them flow."""
    edit = Edit(variable, STRONG)
    planner.add(edit)
    plan = planner.plan([edit])
    for value in values:
        variable.value = value
        plan.execute()
    planner.remove(edit)


def chain(size: int) -> int:
    """A row of variables that are all equal; the first changes and the last follows."""
    planner = Planner()
    row = [Variable(f"v{number}", 0) for number in range(size + 1)]
    for number in range(size):
        planner.add(Equal(row[number], row[number + 1], REQUIRED))
    planner.add(Stay(row[size], WEAK))
    total = 0
    for value in range(20):
        change(planner, row[0], [value, value * 3])
        if row[size].value != value * 3:
            message = "a change did not reach the end of the chain"
            raise ValueError(message)
        total += row[size].value
    return total


def projection(size: int) -> int:
    """Pairs of variables with one scale between them; changes flow both ways."""
    planner = Planner()
    factor, offset = Variable("factor", 10), Variable("offset", 1000)
    sources: list[Variable] = []
    targets: list[Variable] = []
    for number in range(size):
        source, target = Variable(f"s{number}", number), Variable(f"t{number}", number)
        planner.add(Stay(source, NORMAL))
        planner.add(Scaled(source, factor, offset, target, REQUIRED))
        sources.append(source)
        targets.append(target)
    change(planner, sources[0], [17])
    total = targets[0].value
    change(planner, targets[0], [1050])
    total += sources[0].value
    change(planner, factor, [5])
    total += sum(each.value for each in targets)
    change(planner, offset, [2000])
    return total + sum(each.value for each in targets)


def main() -> None:
    """Print what both networks come to."""
    size = int(sys.argv[1])
    print(chain(size))
    print(projection(size))


if __name__ == "__main__":
    main()
