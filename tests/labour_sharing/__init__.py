"""Tests of labour sharing."""
