"""Level 2: variables of several types, and text with values in it."""

name = "Ada"
age = 36
height = 1.68
is_member = True
print(f"{name} is {age} years old, {height:.2f} m tall, member: {is_member}")
age += 1
name, nickname = name.upper(), name[:2]
print(f"{name} ({nickname}) turns {age}; in ten years: {age + 10}")
big = 2**70
print(f"{big=} {big:,} {age:>5}|{height:08.3f}|{name!r}")
x = 5
x = str(x) * 3
print(x, type(x).__name__, len(x))
