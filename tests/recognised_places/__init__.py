"""Tests of recognised places."""
