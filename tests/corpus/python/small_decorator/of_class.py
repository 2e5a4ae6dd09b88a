names = []


def remember(cls):
    names.append(cls.__name__)
    return cls


@remember
class A:
    def hi(self):
        return "hi"


@remember
class B:
    pass


print(A().hi(), names)
