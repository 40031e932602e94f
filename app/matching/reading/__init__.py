"""匹配读入: what people said, what is stored and what a scene writes, each to facts for the rules."""
