class Animal:
    sound = "..."

    def __init__(self, name):
        self.name = name

    def speak(self):
        return f"{self.name} says {self.sound}"

    def kind(self):
        return type(self).__name__


class Dog(Animal):
    sound = "woof"

    def __init__(self, name, tricks=()):
        super().__init__(name)
        self.tricks = list(tricks)

    def learn(self, trick):
        self.tricks.append(trick)


class Puppy(Dog):
    def speak(self):
        return super().speak().upper() + "!"


class Cat(Animal):
    sound = "meow"


animals = [Animal("it"), Dog("rex", ["sit"]), Puppy("bit"), Cat("tom")]
for a in animals:
    print(a.speak(), a.kind(), isinstance(a, Dog), isinstance(a, (Cat, Puppy)))
animals[1].learn("roll")
print(animals[1].tricks, issubclass(Puppy, Animal), issubclass(Cat, Dog), Puppy.__name__)
print([c.__name__ for c in Puppy.__mro__])
