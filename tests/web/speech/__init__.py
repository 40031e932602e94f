"""Tests of reading aloud."""
