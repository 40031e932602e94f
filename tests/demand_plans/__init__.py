"""Tests of demand plans."""
