"""通道: those who carry messages. Each one is asked in its own documented way behind one interface (base)."""
