"""What `bench.match` measures with: a market of postings and people, and the same question asked in SQL."""
