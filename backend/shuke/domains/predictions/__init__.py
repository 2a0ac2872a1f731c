"""Predictions: how likely a customer is to buy again, why, and when; never about who refused to be profiled."""
