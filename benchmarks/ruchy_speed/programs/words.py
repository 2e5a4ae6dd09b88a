def count(n):
    counts = {}
    for i in range(n):
        word = f"w{i * 7919 % 5003}"
        counts[word] = counts.get(word, 0) + 1
    return counts


counts = count(400000)
print(len(counts), counts["w7"])
