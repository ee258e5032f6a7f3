"""Knock-out tournaments by vectorised NumPy, a peer of `./scripts/bench lab`: `numpy_peer.py FIELD`.

FIELD and what is written are those of simulate.c beside it. Tournaments are played a batch at a time, game by game, with
one uniform draw for each game; the batch is the fastest of those tried (1 Ki to 256 Ki).
"""
import json
import sys
import time

import numpy as np

RUNS, BATCHES, BATCH = 5, 10, 65536


def read_field(name):
    words = open(name, encoding="ascii").read().split()
    teams, games = int(words[0]), int(words[1])
    sides = np.array(words[2:2 + 2 * games], dtype=int).reshape(games, 2)
    return teams, sides, np.array(words[2 + 2 * games:], dtype=np.float32)


def play(teams, sides, beats, random):
    standing = np.empty((teams + len(sides), BATCH), dtype=np.int32)
    standing[:teams] = np.arange(teams)[:, None]
    titles = np.zeros(teams, dtype=np.int64)
    pair = np.empty(BATCH, dtype=np.int32)
    draws, chances = np.empty(BATCH, dtype=np.float32), np.empty(BATCH, dtype=np.float32)
    for _ in range(BATCHES):
        for game, (left, right) in enumerate(sides):
            a, b = standing[left], standing[right]
            np.multiply(a, teams, out=pair)
            np.add(pair, b, out=pair)
            np.take(beats, pair, out=chances, mode="wrap")
            random.random(out=draws, dtype=np.float32)
            standing[teams + game] = np.where(draws < chances, a, b)
        titles += np.bincount(standing[-1], minlength=teams)
    return titles


def main():
    teams, sides, beats = read_field(sys.argv[1])
    random = np.random.Generator(np.random.SFC64(1))
    titles, rates = 0, []
    for _ in range(RUNS):
        start = time.thread_time()
        titles = titles + play(teams, sides, beats, random)
        rates.append(BATCHES * BATCH / (time.thread_time() - start))
    print(json.dumps({"name": f"NumPy {np.__version__}", "tournaments_per_second": sorted(rates)[RUNS // 2],
                      "simulations": RUNS * BATCHES * BATCH, "titles": titles.tolist()}))


main()
