"""Forward only. Tables come from the models; what a model cannot say (partial indexes, order lines, search tokens) is SQL."""
