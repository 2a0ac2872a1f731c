"""The hall: GraphQL shapes and HTTP doors, no decisions."""
