"""Cooperative tasks as generators: sleeping, waiting for each other, messages, and a trace of what ran when."""

import heapq
from collections import deque


class Sleep:
    def __init__(self, ticks):
        self.ticks = ticks


class Join:
    def __init__(self, name):
        self.name = name


class Receive:
    pass


class Send:
    def __init__(self, target, value):
        self.target = target
        self.value = value


class Task:
    def __init__(self, name, steps):
        self.name = name
        self.steps = steps
        self.mailbox = deque()
        self.waiting_for = None
        self.wants_mail = False
        self.done = False


class Scheduler:
    def __init__(self):
        self.tasks = {}
        self.ready = deque()
        self.sleeping = []
        self.now = 0
        self.trace = []
        self.order = 0

    def spawn(self, name, steps):
        task = Task(name, steps)
        self.tasks[name] = task
        self.ready.append(task)

    def log(self, task, text):
        self.trace.append(f"{self.now:>3} {task.name:<8} {text}")

    def run(self):
        while self.ready or self.sleeping:
            if not self.ready:
                self.now, _, name = heapq.heappop(self.sleeping)
                self.ready.append(self.tasks[name])
            self.step(self.ready.popleft())
        return [task.name for task in self.tasks.values() if not task.done]

    def step(self, task):
        value = 0
        if task.wants_mail:
            value = task.mailbox.popleft()
            task.wants_mail = False
        try:
            request = task.steps.send(value) if task.waiting_for == "started" else next(task.steps)
        except StopIteration:
            task.done = True
            self.log(task, "ends")
            for other in self.tasks.values():
                if other.waiting_for == task.name:
                    other.waiting_for = "started"
                    self.ready.append(other)
            return
        task.waiting_for = "started"
        self.handle(task, request)

    def handle(self, task, request):
        if isinstance(request, Sleep):
            self.order += 1
            heapq.heappush(self.sleeping, (self.now + request.ticks, self.order, task.name))
        elif isinstance(request, Join):
            if self.tasks[request.name].done:
                self.ready.append(task)
            else:
                task.waiting_for = request.name
        elif isinstance(request, Send):
            target = self.tasks[request.target]
            target.mailbox.append(request.value)
            if target.wants_mail and len(target.mailbox) == 1:
                self.ready.append(target)
            self.ready.append(task)
        else:
            task.wants_mail = True
            if task.mailbox:
                self.ready.append(task)


def producer(scheduler, count):
    for number in range(count):
        yield Sleep(3)
        yield Send("consumer", number * number)
    yield Send("consumer", -1)


def consumer(scheduler, totals):
    while True:
        value = yield Receive()
        if value < 0:
            break
        totals.append(value)
        scheduler.log(scheduler.tasks["consumer"], f"got {value}")


def watcher(scheduler, name):
    yield Join(name)
    scheduler.log(scheduler.tasks["watcher"], f"saw the end of {name}")
    yield Sleep(1)


scheduler = Scheduler()
totals = []
scheduler.spawn("producer", producer(scheduler, 4))
scheduler.spawn("consumer", consumer(scheduler, totals))
scheduler.spawn("watcher", watcher(scheduler, "consumer"))
stuck = scheduler.run()
print("\n".join(scheduler.trace))
print(totals, sum(totals), scheduler.now, stuck)
