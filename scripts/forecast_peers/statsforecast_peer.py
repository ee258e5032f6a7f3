"""The same works by statsforecast: `statsforecast_peer.py OUT [speed|accuracy]`.

Writes {"peer", "speed": {work: series per CPU-second}, "accuracy": {group: {model: {"smape", "mase", "every"}}}} after
each work, and goes on where an earlier run of the same version stopped. `every` is the stride of the sample that a slow
work was measured on. Names are those of our catalogue.
"""
import json
import os
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import numpy as np
import pyarrow.parquet as parquet
import statsforecast
from statsforecast.models import (ADIDA, IMAPA, MSTL, TSB, AutoARIMA, AutoCES, AutoETS, CrostonOptimized, CrostonSBA,
                                  DynamicOptimizedTheta, Holt, OptimizedTheta, SimpleExponentialSmoothingOptimized,
                                  Theta)

DATA = os.environ.get("ASSAY_BENCH_FORECAST_DATA", "data/forecast")
PEER = f"statsforecast {statsforecast.__version__}"
ROWS, HORIZON, FOLDS = 419, 28, 5

MODELS = {
    "ses": lambda m: SimpleExponentialSmoothingOptimized(),
    "holt": lambda m: Holt(season_length=1),
    "damped_holt": lambda m: AutoETS(season_length=1, model="AAN", damped=True),
    "theta": lambda m: Theta(season_length=m),
    "optimized_theta": lambda m: OptimizedTheta(season_length=m),
    "dynamic_optimized_theta": lambda m: DynamicOptimizedTheta(season_length=m),
    "ets": lambda m: AutoETS(season_length=m),
    "ces": lambda m: AutoCES(season_length=m),
    "mstl": lambda m: MSTL(season_length=m, trend_forecaster=AutoETS(model="ZZN")),
    "arima": lambda m: AutoARIMA(season_length=m),
    "croston": lambda m: CrostonOptimized(),
    "sba": lambda m: CrostonSBA(),
    "tsb": lambda m: TSB(0.2, 0.2),
    "adida": lambda m: ADIDA(),
    "imapa": lambda m: IMAPA(),
}
# How many of the thousand series a speed is measured on: a few CPU-seconds each.
SERIES = {"arima": 6, "ets": 50, "damped_holt": 100, "mstl": 100, "ces": 100, "holt": 100, "theta": 200,
          "optimized_theta": 100, "dynamic_optimized_theta": 100}
QUICK = [name for name in MODELS if name != "arima"]
SLOW = ["arima"]
JUDGED = [*list(MODELS)[:10], "combination", "combination_median"]
COMBINED = ("ets", "dynamic_optimized_theta", "ces", "arima")


def lists(name, column):
    rows = parquet.read_table(f"{DATA}/{name}.parquet", columns=[column])[column]
    return [np.array(row, dtype=float) for row in rows.to_pylist()]


def points(model, y, h):
    """A series the model refuses is forecast by its last value, as ours is."""
    try:
        mean = MODELS[model[0]](model[1]).forecast(y=y, h=h)["mean"]
    except Exception:
        return np.repeat(y[-1], h)
    return mean if np.all(np.isfinite(mean)) else np.repeat(y[-1], h)


def speed(found, save, names):
    series = lists("m5_daily_419d", "y")[::30][:1000]
    for name in names:
        some = series[:: len(series) // SERIES.get(name, 1000)]
        for work, origins in [("once", [ROWS]), ("folds", [ROWS - HORIZON * fold for fold in range(FOLDS + 1)])]:
            if f"{name} {work}" in found:
                continue
            # Five refits and the end cost six times as much and are measured on fewer.
            few = some[:: len(origins)]
            points((name, 7), few[0], HORIZON)
            start = time.process_time()
            for y in few:
                for origin in origins:
                    points((name, 7), y[:origin], HORIZON)
            found[f"{name} {work}"] = len(few) / (time.process_time() - start)
            save()


def groups():
    train, test = lists("m3", "y"), lists("m3", "y_test")
    for name, m, a, b in [("M3 yearly", 1, 0, 645), ("M3 other", 1, 2829, 3003), ("M3 quarterly", 4, 645, 1401),
                          ("M3 monthly", 12, 1401, 2829)]:
        yield name, m, train[a:b], test[a:b]
    yield "M4 weekly", 1, lists("m4_weekly", "y"), lists("m4_weekly", "y_test")
    yield "M4 hourly", 24, lists("m4_hourly", "y"), lists("m4_hourly", "y_test")


def stride(group, name):
    """Which series a slow work is measured on: one in so many; None for none."""
    return {"M3 monthly": 3, "M4 weekly": 2, "M4 hourly": None}.get(group, 1) if name == "arima" else 1


def accuracy(found, save):
    for group, m, train, test in groups():
        done = found.setdefault(group, {})
        forecasts = {}
        for name in JUDGED:
            if name in done:
                continue
            if name.startswith("combination"):
                members = [of for of in COMBINED if stride(group, of)]
                every = max(stride(group, of) for of in members)
                center = np.median if name.endswith("median") else np.mean
                forecast = lambda at: center([member(forecasts, group, of, m, train, test, at) for of in members], axis=0)
            else:
                every = stride(group, name)
                forecast = lambda at: member(forecasts, group, name, m, train, test, at)
            if every is None or (name == "mstl" and m == 1):
                continue
            start = time.process_time()
            smape, mase = [], []
            for at in range(0, len(train), every):
                y, actual, point = train[at], test[at], forecast(at)
                smape.append(200 * np.mean(np.abs(actual - point) / (np.abs(actual) + np.abs(point))))
                mase.append(np.mean(np.abs(actual - point)) / np.mean(np.abs(y[m:] - y[:-m])))
            done[name] = {"smape": float(np.mean(smape)), "mase": float(np.mean(mase)), "every": every}
            print(f"{group} {name} {done[name]} {time.process_time() - start:.0f} CPU-s", flush=True)
            save()


def member(forecasts, group, name, m, train, test, at):
    key = (group, name, at)
    if key not in forecasts:
        forecasts[key] = points((name, m), train[at], len(test[at]))
    return forecasts[key]


def main():
    path, wanted = sys.argv[1], sys.argv[2:]
    try:
        with open(path) as file:
            all = json.load(file)
    except FileNotFoundError:
        all = {}
    if all.get("peer") != PEER:
        all = {"peer": PEER, "speed": {}, "accuracy": {}}

    def save():
        with open(path, "w") as file:
            json.dump(all, file, indent=1)

    # What takes longest comes last.
    if "speed" in wanted or not wanted:
        speed(all["speed"], save, QUICK)
    if "accuracy" in wanted or not wanted:
        accuracy(all["accuracy"], save)
    if "speed" in wanted or not wanted:
        speed(all["speed"], save, SLOW)


main()
