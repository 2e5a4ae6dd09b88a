"""A world of rooms played by a script: parsing commands, moving things and keeping score."""

from collections import deque

ROOMS = {
    "hall": {"text": "A dusty hall.", "exits": {"north": "library", "east": "kitchen"}, "things": ["lamp"]},
    "library": {"text": "Books everywhere.", "exits": {"south": "hall"}, "things": ["book", "key"]},
    "kitchen": {"text": "It smells of soup.", "exits": {"west": "hall", "down": "cellar"}, "things": []},
    "cellar": {"text": "Dark and cold.", "exits": {"up": "kitchen"}, "things": ["gold"]},
}
SHORT = {"n": "north", "s": "south", "e": "east", "w": "west", "u": "up", "d": "down"}


class Game:
    def __init__(self):
        self.place = "hall"
        self.bag = []
        self.turns = 0
        self.over = False
        self.commands = {"go": self.go, "take": self.take, "drop": self.drop, "look": self.look, "bag": self.show}

    def do(self, line):
        self.turns += 1
        verb, *rest = line.lower().split()
        verb = SHORT.get(verb, verb)
        if verb in ROOMS[self.place]["exits"] or verb in SHORT.values():
            return self.go(verb)
        if verb not in self.commands:
            return f"What is {verb!r}?"
        return self.commands[verb](" ".join(rest))

    def go(self, where):
        exits = ROOMS[self.place]["exits"]
        if where not in exits:
            return f"No way {where}."
        if exits[where] == "cellar" and "lamp" not in self.bag:
            return "Too dark."
        self.place = exits[where]
        return self.look("")

    def look(self, _):
        room = ROOMS[self.place]
        seen = f" You see: {', '.join(room['things'])}." if room["things"] else ""
        return f"{room['text']}{seen} Exits: {' '.join(sorted(room['exits']))}."

    def take(self, thing):
        things = ROOMS[self.place]["things"]
        if thing not in things:
            return f"No {thing or 'such thing'} here."
        things.remove(thing)
        self.bag.append(thing)
        if thing == "gold":
            self.over = True
            return "You win!"
        return "Taken."

    def drop(self, thing):
        if thing not in self.bag:
            return "You have none."
        self.bag.remove(thing)
        ROOMS[self.place]["things"].append(thing)
        return "Dropped."

    def show(self, _):
        return ", ".join(sorted(self.bag)) or "nothing"


def distance(start, goal):
    queue, seen = deque([(start, 0)]), {start}
    while queue:
        room, steps = queue.popleft()
        if room == goal:
            return steps
        for other in ROOMS[room]["exits"].values():
            if other not in seen:
                seen.add(other)
                queue.append((other, steps + 1))
    return None


game = Game()
for line in ("look", "n", "take key", "take sword", "go up", "s", "dance", "e", "d", "w", "take lamp", "bag", "e", "d", "drop key",
             "take gold"):
    print(f"> {line}\n{game.do(line)}")
    if game.over:
        break
print(game.turns, game.bag, distance("library", "cellar"), sum(len(room["things"]) for room in ROOMS.values()))
