"""The same work by statsforecast, for the columns `peer` and `peer_value` of the bench."""
import json
import os
import sys
import time
import warnings

warnings.filterwarnings("ignore")
import numpy as np
import pyarrow.parquet as parquet
import statsforecast
from statsforecast.models import (ADIDA, IMAPA, TSB, AutoETS, CrostonOptimized, CrostonSBA,
                                  DynamicOptimizedTheta, SimpleExponentialSmoothingOptimized, Theta)

data = os.environ.get("ASSAY_BENCH_FORECAST_DATA", "data/forecast")
values = {}


def lists(name, column):
    return [np.array(row, dtype=float) for row in parquet.read_table(f"{data}/{name}.parquet", columns=[column])[column].to_pylist()]


def point(model, y, h):
    try:
        return model.forecast(y=y, h=h)["mean"]
    except Exception:
        return np.repeat(y[-1], h)


def speed():
    series = lists("m5_daily_419d", "y")[::30][:1000]
    for work, model, count in [
        ("SES", SimpleExponentialSmoothingOptimized(), 1000),
        ("automatic ETS", AutoETS(season_length=7), 60),
        ("Theta", Theta(season_length=7), 200),
        ("dynamic optimised Theta", DynamicOptimizedTheta(season_length=7), 100),
        ("Croston", CrostonOptimized(), 1000),
        ("SBA", CrostonSBA(), 1000),
        ("TSB", TSB(0.2, 0.2), 1000),
        ("ADIDA", ADIDA(), 1000),
        ("IMAPA", IMAPA(), 1000),
    ]:
        some = series[:: len(series) // count]
        point(model, some[0], 28)
        start = time.process_time()
        for y in some:
            point(model, y, 28)
        values[work] = len(some) / (time.process_time() - start)
        if work in ("automatic ETS", "dynamic optimised Theta", "Theta"):
            start = time.process_time()
            for y in some[:20]:
                for fold in range(6):
                    point(model, y[: 419 - 28 * fold], 28)
            values[f"{work}, 5 folds refitted and the end"] = 20 / (time.process_time() - start)


def accuracy():
    train, test = lists("m3", "y"), lists("m3", "y_test")
    groups = [("M3 yearly", 1, 0, 645), ("M3 quarterly", 4, 645, 1401), ("M3 monthly", 12, 1401, 2829), ("M3 other", 1, 2829, 3003)]
    groups = [(name, m, train[a:b], test[a:b]) for name, m, a, b in groups]
    groups.append(("M4 weekly", 1, lists("m4_weekly", "y"), lists("m4_weekly", "y_test")))
    for name, m, ys, actuals in groups:
        for label, model in [("automatic ETS", AutoETS(season_length=m)), ("Theta", Theta(season_length=m)),
                             ("dynamic optimised Theta", DynamicOptimizedTheta(season_length=m))]:
            if label == "automatic ETS" and name == "M3 monthly" and "--quick" in sys.argv:
                continue
            smape = mase = 0.0
            for y, a in zip(ys, actuals):
                p = point(model, y, len(a))
                smape += 200 * np.mean(np.abs(a - p) / (np.abs(a) + np.abs(p)))
                mase += np.mean(np.abs(a - p)) / np.mean(np.abs(y[m:] - y[:-m]))
            values[f"{name} {label}"] = smape / len(ys)
            values[f"{name} {label} (MASE)"] = mase / len(ys)
            print(name, label, smape / len(ys), mase / len(ys), flush=True)


speed()
accuracy()
with open(sys.argv[1], "w") as file:
    json.dump({"peer": f"statsforecast {statsforecast.__version__}", "values": values}, file, indent=1)
