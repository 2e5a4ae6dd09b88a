s = "naïve café 😀 日本語"
print(len(s), s.upper(), s[::-1], s.find("😀"), s.encode("utf-8"), len(s.encode("utf-8")))
print([ord(c) for c in s[-4:]], chr(128512), chr(97), repr("\x00\x7f\x80\xad\u200b\ud7ff"), ascii(s))
print(sorted("éàzaZ"), max(s), "é" == "e\u0301", "ß".upper(), "İ".lower().encode("utf-8"))
print(repr("it's"), repr('say "hi"'), repr("it's \"both\""), repr("tab\tnl\nback\\"), repr("\r"), repr("é"))
print("日本".center(6, "*"), "é".ljust(3, "."), f"{'日':>4}|")
try:
    chr(-1)
except ValueError as error:
    print(error)
try:
    ord("ab")
except TypeError as error:
    print(error)
