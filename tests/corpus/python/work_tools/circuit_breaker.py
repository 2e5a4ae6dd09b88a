class Clock:
    def __init__(self):
        self.now = 0.0

    def tick(self, dt):
        self.now += dt


class TokenBucket:
    def __init__(self, rate, capacity, clock):
        self.rate, self.capacity, self.clock = rate, capacity, clock
        self.tokens = capacity
        self.stamp = clock.now

    def allow(self, n=1):
        elapsed = self.clock.now - self.stamp
        self.tokens = min(self.capacity, self.tokens + elapsed * self.rate)
        self.stamp = self.clock.now
        if self.tokens >= n:
            self.tokens -= n
            return True
        return False


class CircuitBreaker:
    CLOSED, OPEN, HALF = range(3)
    NAMES = {CLOSED: "closed", OPEN: "open", HALF: "half-open"}

    def __init__(self, threshold=2, timeout=5):
        self.failures = 0
        self.state = self.CLOSED
        self.threshold = threshold
        self.timeout = timeout
        self.opened = None

    def call(self, fn, clock, *args):
        if self.state == self.OPEN:
            if clock.now - self.opened < self.timeout:
                raise ConnectionError("circuit open")
            self.state = self.HALF
        try:
            result = fn(*args)
        except (OSError, ValueError) as exc:
            self.failures += 1
            if self.failures >= self.threshold or self.state == self.HALF:
                self.state, self.opened = self.OPEN, clock.now
            raise RuntimeError("call failed") from exc
        else:
            self.failures = 0
            self.state = self.CLOSED
            return result


def flaky(n):
    if n % 3 == 0:
        raise ValueError(f"bad {n}")
    if n % 5 == 0:
        raise TimeoutError("slow")
    return n * 10


clock = Clock()
bucket = TokenBucket(2, 5, clock)
allowed = []
for i in range(12):
    allowed.append("Y" if bucket.allow() else "n")
    clock.tick(0.25)
print("".join(allowed), round(bucket.tokens, 3))
breaker = CircuitBreaker()
for n in [1, 2, 3, 5, 6, 7, 8, 9, 11, 12]:
    clock.tick(1.5)
    try:
        print(n, breaker.call(flaky, clock, n), end=" ")
    except RuntimeError as e:
        print(n, e, "because", type(e.__cause__).__name__, e.__cause__, end=" ")
    except ConnectionError as e:
        print(n, e, end=" ")
    finally:
        print(CircuitBreaker.NAMES[breaker.state])
