"""A peer's half of the conversation with the bench; bench/src/serve.rs says what the words mean."""

import sys
import time


def serve(work, timed=False):
    """Serves rounds of `work`, whose answer is bytes; `timed` work answers with the seconds that count instead."""
    answer = None
    print("ready", flush=True)
    for line in sys.stdin:
        order, _, path = line.rstrip("\n").partition(" ")
        if order == "round":
            answer = None
            begin = time.perf_counter()
            answer = work()
            print("done", answer if timed else time.perf_counter() - begin, flush=True)
        elif order == "save":
            with open(path, "wb") as file:
                file.write(bytes(answer))
            print("saved", flush=True)
        else:
            sys.exit(f"`{line}` is not understood")
