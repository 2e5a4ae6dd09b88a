class App:
    def __init__(self):
        self.routes = {}
        self.before = []

    def route(self, path, method="GET"):
        def register(fn):
            self.routes[(method, path)] = fn
            return fn

        return register

    def hook(self, fn):
        self.before.append(fn)
        return fn

    def handle(self, method, path, **params):
        for h in self.before:
            h(method, path)
        handler = self.routes.get((method, path))
        if handler is None:
            return 404, "not found"
        return 200, handler(params)


app = App()


@app.hook
def log(method, path):
    print(f"-> {method} {path}")


@app.route("/")
def index(params):
    return "index"


@app.route("/hello")
def hello(params):
    return "hello " + params.get("name", "nobody")


@app.route("/items", method="POST")
def create(params):
    return "made " + ",".join(sorted(params))


print(app.handle("GET", "/"))
print(app.handle("GET", "/hello", name="ann"))
print(app.handle("POST", "/items", a="1", b="2"))
print(app.handle("GET", "/nope"))
print(index({}))
