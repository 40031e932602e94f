"""集群: everybody of a province or the country ranked on several machines (`songgang match run --cluster`).

`spreading` hands shards of a county's people out and gathers their lists, `worker` is what a worker does with
a shard, `shards` is what goes over the wire: ids, scores and nothing else of anybody. Each worker reads
people and postings from the database by its own settings. Needs the extra `songgang[cluster]`; how to run one
stands in docs/cluster.md.
"""
