stack = []
for token in "3 4 + 2 * 7 /".split():
    if token in "+-*/":
        b = stack.pop()
        a = stack.pop()
        if token == "+":
            stack.append(a + b)
        elif token == "-":
            stack.append(a - b)
        elif token == "*":
            stack.append(a * b)
        else:
            stack.append(a / b)
    else:
        stack.append(float(token))
print(stack)


def balanced(text):
    pairs = {")": "(", "]": "[", "}": "{"}
    seen = []
    for c in text:
        if c in pairs.values():
            seen.append(c)
        elif c in pairs:
            if not seen or seen.pop() != pairs[c]:
                return False
    return not seen


print([balanced(t) for t in ("()", "([{}])", "(]", "((", "")])
queue = [1, 2, 3]
while queue:
    head = queue.pop(0)
    if head < 3:
        queue.append(head + 2)
    print(head, queue)
