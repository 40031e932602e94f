"""用人单位: who offers work, how they are verified, who is barred."""
