"""Judge rows that come as lines of numbers; `translate_it.sh` makes a native program of it, model included."""

import sys

import sovereign

model = sovereign.load("tumours.apr")

for number, line in enumerate(sys.stdin, start=1):
    try:
        row = [float(part) for part in line.split()]
        shares = model.predict_proba([row])[0]
        print(f"{number}: {model.predict([row])[0]} {max(shares.tolist()):.3f}")
    except ValueError as error:
        print(f"{number}: {error}")
