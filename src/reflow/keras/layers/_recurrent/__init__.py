"""The recurrences of recurrent layers: one op for all time steps, and loops over cells."""
