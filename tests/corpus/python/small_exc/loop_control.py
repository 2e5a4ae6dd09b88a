for i in range(4):
    try:
        if i == 1:
            continue
        if i == 3:
            break
        print("body", i)
    except ValueError:
        print("never")
    finally:
        print("end", i)
else:
    print("never")
print("out", i)
