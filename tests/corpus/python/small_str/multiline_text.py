text = """alpha 1
beta 22

gamma 333
"""
total = 0
for number, line in enumerate(text.splitlines(), 1):
    if not line:
        print(number, "blank")
        continue
    name, value = line.split()
    total += int(value)
    print(f"{number}: {name:>8} {value:<5}|")
print(total, len(text), text.count("\n"))
