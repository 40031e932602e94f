"""What `bench.assign` fills a database with."""
