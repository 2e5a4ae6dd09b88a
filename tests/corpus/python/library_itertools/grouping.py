from itertools import accumulate, chain, compress, filterfalse, groupby, pairwise, starmap, tee, zip_longest
import operator

print(list(chain([1], "a", (2.5,))), list(chain.from_iterable([[1, 2], [3]])), list(accumulate([1, 2, 3])), list(accumulate([3, 1, 2], max)))
print(list(accumulate([1, 2, 3], lambda a, b: a * b)), list(accumulate([1, 2], initial=100)), list(accumulate("abc")), list(accumulate([2, 3], operator.mul)))
print([(k, list(g)) for k, g in groupby("aaabbc")], [(k, len(list(g))) for k, g in groupby([1, 3, 2, 4, 5], lambda x: x % 2)])
print(list(zip_longest([1, 2], "a")), list(zip_longest("ab", [1], fillvalue=0)), list(pairwise([1, 2, 3])), list(starmap(pow, [(2, 3), (3, 2)])))
print(list(compress("abcd", [1, 0, 1, 0])), list(filterfalse(lambda x: x % 2, range(5))))
a, b = tee([1, 2, 3])
print(list(a), list(b))
words = sorted(["bob", "al", "cy", "dan"], key=len)
for n, group in groupby(words, key=len):
    print(n, list(group))
print("".join(f"{k}{len(list(g))}" for k, g in groupby("aabccc")), [k for k, _ in groupby([1, 1, 2, 1])])
