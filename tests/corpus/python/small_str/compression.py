def compress(s):
    out = []
    previous, count = "", 0
    for c in s + "\0":
        if c == previous:
            count += 1
        else:
            if count:
                out.append(previous + (str(count) if count > 1 else ""))
            previous, count = c, 1
    return "".join(out)


print(compress("aaabccd"), compress(""), compress("z"), repr(compress("  a")))
