"""人岗匹配: who fits which posting, why, and what is missing."""
