import io

out = io.StringIO()
out.write("hello ")
print("world", 42, file=out)
print(repr(out.getvalue()), out.tell())
src = io.StringIO("line one\nline two\nlast")
print(repr(src.readline()), [line.rstrip() for line in src], repr(src.read()))
src.seek(0)
print(src.read(4), src.readlines())
with io.StringIO() as buffer:
    for i in range(3):
        buffer.write(f"{i},")
    print(buffer.getvalue())
b = io.BytesIO(b"abc")
print(b.read(2), b.read(), b.getvalue())
