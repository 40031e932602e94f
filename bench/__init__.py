"""Measurements, never tests: how long the product's heavy work takes. `make bench` runs them all."""
