"""匹配读入: what people said, what is stored and what a scene writes, each to the facts that the rules look at."""
