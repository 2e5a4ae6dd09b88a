def shift(text, k):
    out = []
    for c in text:
        if c.isupper():
            out.append(chr((ord(c) - 65 + k) % 26 + 65))
        elif c.islower():
            out.append(chr((ord(c) - 97 + k) % 26 + 97))
        else:
            out.append(c)
    return "".join(out)


def rle(text):
    result = []
    i = 0
    while i < len(text):
        j = i
        while j < len(text) and text[j] == text[i]:
            j += 1
        result.append(f"{text[i]}{j - i}")
        i = j
    return "".join(result)


print(shift("Hello, World!", 3), shift(shift("Hello, World!", 3), -3), shift("xyz", 29))
print(rle("aaabbc"), rle(""), rle("abc"))


def is_palindrome(s):
    t = [c.lower() for c in s if c.isalnum()]
    return t == t[::-1]


print(is_palindrome("A man, a plan, a canal: Panama"), is_palindrome("nope"))
