"""务工与回访: who works where since when, and how we know."""
