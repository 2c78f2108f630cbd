"""The parts of the pages where what stands in the store is brought in and defined."""
