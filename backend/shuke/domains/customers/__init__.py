"""The archive: a person, her identities, what is known of her and what passed between her and the shop."""
