//! Comparisons of forecasting models, their ranking and the registry of trained models.
