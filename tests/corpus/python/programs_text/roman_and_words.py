"""Numbers as words and in other systems, with checks in both directions."""

ROMAN = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
         (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
ONES = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen").split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def to_roman(number):
    if not 0 < number < 4000:
        raise ValueError(f"{number} has no Roman form")
    text = ""
    for value, letters in ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def from_roman(text):
    values = {letters: value for value, letters in ROMAN if len(letters) == 1}
    total = 0
    for letter, following in zip(text, text[1:] + " "):
        value = values[letter]
        total += -value if values.get(following, 0) > value else value
    if to_roman(total) != text:
        raise ValueError(f"{text} is no Roman number")
    return total


def words(number):
    if number < 0:
        return "minus " + words(-number)
    if number < 20:
        return ONES[number]
    if number < 100:
        return TENS[number // 10 - 2] + ("-" + ONES[number % 10] if number % 10 else "")
    for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            head, rest = divmod(number, size)
            joint = " and " if rest and rest < 100 else " "
            return f"{words(head)} {name}" + (joint + words(rest) if rest else "")
    return ""


def in_base(number, base):
    digits = ""
    while number:
        number, digit = divmod(number, base)
        digits = DIGITS[digit] + digits
    return digits or "0"


for number in (1, 4, 1994, 2024, 3999):
    roman = to_roman(number)
    print(number, roman, from_roman(roman))
for bad in ("IIII", "VX", "MMMM"):
    try:
        print(from_roman(bad))
    except ValueError as error:
        print("error:", error)
for number in (0, 13, 42, 100, 115, 999, 1001, 20_300, 7_000_019, -5, 2**40 % 10**9):
    print(number, words(number))
print(all(int(in_base(n, b), b) == n for n in (0, 1, 255, 123456789) for b in (2, 7, 16, 36)))
print([in_base(2**64, base) for base in (2, 16, 36)][1:], f"{2**64:,}", hex(255), oct(8), bin(10))
print("ⅷ".isnumeric(), "٣".isdigit(), int("٣"), "²".isdecimal(), "12".isdecimal(), ord("Ω"), chr(937))
