"""What can go wrong with a cluster.

AppError
├── ClusterNotInstalled 503
├── ClusterAway 502        (no scheduler, no worker, or too many of them died)
└── WorkerDiffers 409      (another version or another database)
"""

from app.core.errors import Conflict, Unavailable, Upstream


class ClusterNotInstalled(Unavailable):
    code = "cluster_not_installed"
    title = "用集群要多装一个包：pip install 'songgang[cluster]'。不写 --cluster 也能排，只是慢一些。"


class ClusterAway(Upstream):
    code = "cluster_away"
    title = "集群连不上，或者没有干活的机器。请看调度和工作进程开着没有；今天的推荐意见没有动。"


class WorkerDiffers(Conflict):
    code = "worker_differs"
    title = "集群里有的机器装的版本、连的数据库和这里不一样。请统一以后再排；今天的推荐意见没有动。"
