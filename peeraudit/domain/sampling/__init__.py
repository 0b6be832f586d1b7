"""Which reports are drawn: frames, sizes, the seeded draw, and its proof."""
