"""The parts of the pages where charts are looked at."""
