"""Tests of ranking on a cluster: a real scheduler, real worker processes."""
