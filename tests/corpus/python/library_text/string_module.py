import string

print(string.ascii_lowercase, string.ascii_uppercase, string.digits, string.hexdigits, string.punctuation, repr(string.whitespace))
print(string.ascii_letters[:3], string.octdigits, string.capwords("hello wide world"), "a" in string.ascii_letters)
t = string.Template("$name owes $$${amount}")
print(t.substitute(name="Ann", amount=5), t.safe_substitute(name="Bob"))
counts = {c: 0 for c in string.ascii_lowercase[:5]}
for c in "abcabcz":
    if c in counts:
        counts[c] += 1
print(counts, "".join(c for c in "a,b.c!" if c not in string.punctuation))
