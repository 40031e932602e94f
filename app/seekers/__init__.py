"""求职者与一户一档: households and people, what they can do and how far they would go."""
