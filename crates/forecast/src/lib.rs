//! Series, models, splits, backtest, metrics and ranking statistics, free of any input or output.
