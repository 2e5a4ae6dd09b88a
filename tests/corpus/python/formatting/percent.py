print("%d %i %s %r %f %.2f %e %g" % (5, 7, "a", "b", 1.5, 2.345, 12345.678, 0.0001))
print("%5d|%-5d|%05d|%+d|% d|%x|%X|%#x|%o|%c|%c" % (42, 42, 42, 42, 42, 255, 255, 255, 8, 65, "z"))
print("%10s|%-10s|%.2s|%%|%5.1f|%-8.3f|" % ("abc", "abc", "abc", 3.14159, 2.5))
print("%(name)s is %(age)d" % {"name": "Ann", "age": 3}, "%s" % [1, 2], "%s" % (1,), "%s and %s" % ("a", None))
print("%s" % 5, "%d%%" % 50, "%.3d" % 7, "%d" % 3.99, "%s %s" % (True, 2.0), "%*d" % (6, 42), "%-*d|" % (6, 42))
try:
    print("%d" % "x")
except TypeError as e:
    print(e)
try:
    print("%s %s" % ("a",))
except TypeError as e:
    print(e)
try:
    print("%s" % (1, 2))
except TypeError as e:
    print(e)
