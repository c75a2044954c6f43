"""Reading and writing our own small files safely."""
