print((2.0).is_integer(), (2.5).is_integer(), (-0.0).is_integer(), float("inf").is_integer())
for x in (1.0, 0.1, -3.75):
    print(x.as_integer_ratio(), x.is_integer())
