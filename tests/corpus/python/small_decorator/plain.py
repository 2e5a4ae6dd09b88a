def shout(f):
    def wrapper(text):
        return f(text).upper() + "!"

    return wrapper


@shout
def greet(name):
    return "hello " + name


print(greet("ann"), greet("bob"))
