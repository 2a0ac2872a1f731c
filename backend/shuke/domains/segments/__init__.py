"""Groups of customers: the RFM cells, who is in which, since when and why."""
