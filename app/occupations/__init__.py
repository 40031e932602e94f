"""工种与技能: the occupation classification, everyday skill words, and reading either out of free text."""
