"""The demo chain: 好孕来母婴, a mother-and-baby chain that nobody runs, the same for all on the same day."""
