import textwrap

text = "The quick brown fox jumps over the lazy dog and runs away from a verylongwordindeed today."
print(textwrap.fill(text, 30))
print(textwrap.wrap(text, width=20), textwrap.shorten(text, 25), textwrap.shorten(text, 30, placeholder="..."))
print(textwrap.dedent("""
    a
      b
    c
"""))
print(textwrap.indent("a\nb\n\nc", "> "), textwrap.fill("a b c", width=3, initial_indent="* ", subsequent_indent="  "))
print(textwrap.wrap(""), textwrap.wrap("verylongword", 5))
