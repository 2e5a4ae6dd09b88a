"""A small operating system that hands packets among its tasks: classes, inheritance, linked lists, dispatch."""

from __future__ import annotations

import sys

IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B = range(6)
KIND_DEVICE, KIND_WORK = range(2)
PACKET_SIZE = 4


class Packet:
    """A message with a few bytes of data, a link in a queue."""

    def __init__(self, following: Packet | None, owner: int, kind: int) -> None:
        self.following = following
        self.owner = owner
        self.kind = kind
        self.datum = 0
        self.data = [0] * PACKET_SIZE


def appended(queue: Packet | None, packet: Packet) -> Packet:
    """The queue with a packet at its end."""
    packet.following = None
    if queue is None:
        return packet
    last = queue
    while last.following is not None:
        last = last.following
    last.following = packet
    return queue


class Task:
    """Something that runs, waits or is held; the subclasses say what it does."""

    def __init__(self, system: System, number: int, priority: int, queue: Packet | None) -> None:
        self.system = system
        self.number = number
        self.priority = priority
        self.queue = queue
        self.is_waiting = False
        self.is_held = False

    def is_ready(self) -> bool:
        """Whether it may run now."""
        if self.is_held:
            return False
        return not self.is_waiting or self.queue is not None

    def take(self) -> Packet | None:
        """The packet that it waited for."""
        packet = None
        if self.is_waiting:
            packet = self.queue
            if packet is not None:
                self.queue = packet.following
        self.is_waiting = False
        return packet

    def step(self, packet: Packet | None) -> None:
        """Do one piece of work."""
        raise NotImplementedError


class Idler(Task):
    """Releases the devices by turns that look random."""

    def __init__(self, system: System, count: int) -> None:
        super().__init__(system, IDLE, 0, None)
        self.control = 1
        self.count = count

    def step(self, packet: Packet | None) -> None:
        self.count -= 1
        if self.count == 0:
            self.system.hold(self)
        elif self.control & 1 == 0:
            self.control //= 2
            self.system.release(DEVICE_A)
        else:
            self.control = self.control // 2 ^ 0xD008
            self.system.release(DEVICE_B)


class Worker(Task):
    """Fills packets with letters and gives them to the handlers in turns."""

    def __init__(self, system: System, queue: Packet | None) -> None:
        super().__init__(system, WORKER, 1000, queue)
        self.receiver = HANDLER_A
        self.letter = 0

    def step(self, packet: Packet | None) -> None:
        if packet is None:
            self.is_waiting = True
            return
        self.receiver = HANDLER_B if self.receiver == HANDLER_A else HANDLER_A
        packet.owner = self.receiver
        packet.datum = 0
        for place in range(PACKET_SIZE):
            self.letter = self.letter % 26 + 1
            packet.data[place] = ord("A") + self.letter - 1
        self.system.send(packet, self.number)


class Handler(Task):
    """Passes the letters of work packets on to a device, one packet of the device's for each."""

    def __init__(self, system: System, number: int, priority: int, queue: Packet | None, device: int) -> None:
        super().__init__(system, number, priority, queue)
        self.device = device
        self.work: Packet | None = None
        self.free: Packet | None = None

    def step(self, packet: Packet | None) -> None:
        if packet is not None:
            if packet.kind == KIND_WORK:
                self.work = appended(self.work, packet)
            else:
                self.free = appended(self.free, packet)
        work = self.work
        if work is None:
            self.is_waiting = True
        elif work.datum >= PACKET_SIZE:
            self.work = work.following
            work.owner = WORKER
            self.system.send(work, self.number)
        elif self.free is None:
            self.is_waiting = True
        else:
            letter = self.free
            self.free = letter.following
            letter.datum = work.data[work.datum]
            letter.owner = self.device
            work.datum += 1
            self.system.send(letter, self.number)


class Device(Task):
    """Takes a packet, is held until the idler releases it, and sends the packet back."""

    def __init__(self, system: System, number: int, priority: int) -> None:
        super().__init__(system, number, priority, None)
        self.pending: Packet | None = None
        self.handler = HANDLER_A if number == DEVICE_A else HANDLER_B

    def step(self, packet: Packet | None) -> None:
        if packet is None:
            done = self.pending
            if done is None:
                self.is_waiting = True
                return
            self.pending = None
            done.owner = self.handler
            self.system.printed = (self.system.printed * 31 + done.datum) % 1000003
            self.system.send(done, self.number)
        else:
            self.pending = packet
            self.system.hold(self)


class System:
    """All tasks, the highest priority first, and what was counted."""

    def __init__(self) -> None:
        self.tasks: list[Task] = []
        self.by_number: dict[int, Task] = {}
        self.sent = 0
        self.held = 0
        self.printed = 0

    def add(self, task: Task) -> None:
        self.tasks.append(task)
        self.tasks.sort(key=lambda each: -each.priority)
        self.by_number[task.number] = task

    def send(self, packet: Packet, sender: int) -> None:
        """Put a packet at the end of the queue of its owner."""
        self.sent += 1
        receiver = self.by_number[packet.owner]
        packet.owner = sender
        receiver.queue = appended(receiver.queue, packet)

    def hold(self, task: Task) -> None:
        self.held += 1
        task.is_held = True

    def release(self, number: int) -> None:
        self.by_number[number].is_held = False

    def next_ready(self) -> Task | None:
        for task in self.tasks:
            if task.is_ready():
                return task
        return None

    def run(self) -> None:
        """Run tasks until all are held or wait."""
        task = self.next_ready()
        while task is not None:
            task.step(task.take())
            task = self.next_ready()


def packets(owner: int, kind: int, count: int) -> Packet | None:
    """A queue of so many packets."""
    queue: Packet | None = None
    for _ in range(count):
        queue = Packet(queue, owner, kind)
    return queue


def simulate(count: int) -> System:
    """Build the system and run it to its end."""
    system = System()
    system.add(Idler(system, count))
    worker = Worker(system, packets(WORKER, KIND_WORK, 2))
    worker.is_waiting = True
    system.add(worker)
    for number, device, priority in ((HANDLER_A, DEVICE_A, 2000), (HANDLER_B, DEVICE_B, 3000)):
        handler = Handler(system, number, priority, packets(device, KIND_DEVICE, 3), device)
        handler.is_waiting = True
        system.add(handler)
    for number, priority in ((DEVICE_A, 4000), (DEVICE_B, 5000)):
        waiting = Device(system, number, priority)
        waiting.is_waiting = True
        system.add(waiting)
    system.run()
    return system


def main() -> None:
    """Print what was counted."""
    system = simulate(int(sys.argv[1]))
    print(system.sent, system.held, system.printed)


if __name__ == "__main__":
    main()
