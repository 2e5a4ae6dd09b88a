"""Level 1: print, and a main function."""


def main():
    print("Hello, World!")
    print("from", "the", "first", "level", sep="-", end=".\n")


if __name__ == "__main__":
    main()
