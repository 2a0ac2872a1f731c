"""Who works here and who may do what: brand, regions, stores, staff, sessions, partner keys, the permission matrix."""
