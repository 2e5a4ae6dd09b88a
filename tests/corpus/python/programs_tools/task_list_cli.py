"""A command line tool with subcommands, run over argument vectors of its own."""

import argparse


def build():
    parser = argparse.ArgumentParser(prog="tasks", description="Keep a list of tasks.")
    parser.add_argument("-v", "--verbose", action="count", default=0, help="say more")
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add", help="add a task")
    add.add_argument("title", nargs="+", help="what is to be done")
    add.add_argument("-p", "--priority", type=int, choices=[1, 2, 3], default=2)
    add.add_argument("--tag", action="append", default=None, dest="tags")
    done = commands.add_parser("done", help="mark tasks as done")
    done.add_argument("number", type=int, nargs="*")
    done.add_argument("--all", action="store_true")
    show = commands.add_parser("show", help="show tasks")
    show.add_argument("--sort", choices=["title", "priority"], default="priority")
    show.add_argument("--width", type=int, default=20, metavar="N")
    return parser


class Tasks:
    def __init__(self):
        self.items = []

    def add(self, title, priority, tags):
        self.items.append({"title": title, "priority": priority, "tags": tags, "done": False})
        return len(self.items)

    def finish(self, numbers):
        count = 0
        for number in numbers:
            if 1 <= number <= len(self.items) and not self.items[number - 1]["done"]:
                self.items[number - 1]["done"] = True
                count += 1
        return count

    def show(self, sort, width):
        for item in sorted(self.items, key=lambda each: (each[sort], each["title"])):
            mark = "x" if item["done"] else " "
            title = item["title"] if len(item["title"]) <= width else item["title"][: width - 3] + "..."
            tags = " ".join("#" + tag for tag in item["tags"])
            print(f"[{mark}] {item['priority']} {title:<{width}} {tags}".rstrip())


def run(tasks, arguments):
    args = build().parse_args(arguments)
    if args.verbose:
        print(f"verbosity {args.verbose}: {args.command}")
    if args.command == "add":
        number = tasks.add(" ".join(args.title), args.priority, args.tags or [])
        print(f"task {number} added")
    elif args.command == "done":
        numbers = range(1, len(tasks.items) + 1) if args.all else args.number
        print(f"{tasks.finish(numbers)} done")
    else:
        tasks.show(args.sort, args.width)


tasks = Tasks()
for line in (
    "add write the report -p 1 --tag work --tag urgent",
    "-v add water plants",
    "add -p 3 call a friend about the summer holidays",
    "done 1 9",
    "-vv show --width 12",
    "show --sort title",
    "done --all",
    "show",
):
    print(">", line)
    run(tasks, line.split())
print(build().format_usage(), end="")
print(build().format_help())
try:
    build().parse_args(["add", "x", "-p", "9"])
except SystemExit as stop:
    print("exit", stop.code)
