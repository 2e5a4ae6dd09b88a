from sovereign.migration.depyler import translate
from sovereign.migration.depyler.names import name_instances, name_of
from sovereign.migration.depyler.program import NEVER_AGAIN
from sovereign.migration.depyler.translate import prepare


def test_the_first_instance_keeps_the_name_of_its_function():
    text = translate("def f(x):\n    return x\nprint(f(1), f('a'))\n", inline=False).text
    assert "fn f(x: i64)" in text
    assert "fn f_2(x: &Str)" in text


def test_methods_of_the_traits_get_other_names():
    source = "class A:\n    def clone(self):\n        return 1\nprint(A().clone())\n"
    assert ".clone_()" in translate(source, inline=False).text


def test_a_name_that_changes_is_told_to_the_callers():
    program = prepare("def f(x):\n    return x\nprint(f(1))\n").program
    instance = next(each for each in program.reachable() if each.info.name == "f")
    assert name_of(instance) == "f"
    instance.rust_name = "other"
    name_instances(program)
    assert name_of(instance) == "f"
    assert all(each.faded != NEVER_AGAIN for each in (instance, program.main))
