def box(width, *, height=1, fill="."):
    return "\n".join(fill * width for _ in range(height))


print(box(3))
print(box(2, height=2, fill="#"))
print(box(fill="o", width=4))
