"""Follow-up SOPs: definitions as data, enrolments with their timers, the next step's decision."""
