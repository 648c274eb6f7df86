"""The process of an opponent written in Python: serve.py LIBRARY THREADS. It speaks bench/measure/protocol.ts."""

import importlib
import json
import sys
import time
import traceback

from reader import Reader


def handle(library, state, request):
    if request["ask"] == "prepare":
        workload = dict(request["workload"])
        prepare = library.prepare[workload.pop("kind")]
        state["job"] = prepare(Reader(request["data"]), **workload)
        return {"proof": [float(value) for value in state["job"].proof]}
    return take_turn(state["job"], request["iterations"], request["each"])


def take_turn(job, iterations, each):
    job.begin()
    seconds(job, min(2, iterations))
    begin = time.time() * 1000
    if each:
        latencies = [seconds(job, 1) for _ in range(iterations)]
        return {"begin": begin, "elapsed": sum(latencies), "latencies": latencies}
    return {"begin": begin, "elapsed": seconds(job, iterations), "latencies": []}


def seconds(job, iterations):
    begin = time.perf_counter()
    job.times(iterations)
    job.finish()
    return time.perf_counter() - begin


def answer(message, stream):
    print(json.dumps(message), file=stream, flush=True)


def main():
    # What a library prints is not for the protocol.
    stream, sys.stdout = sys.stdout, sys.stderr
    name, threads = sys.argv[1:]
    library = importlib.import_module(name).load(int(threads))
    answer({"about": library.about}, stream)
    state = {}
    for line in sys.stdin:
        try:
            answer(handle(library, state, json.loads(line)), stream)
        except Exception:
            answer({"error": traceback.format_exc()}, stream)


main()
