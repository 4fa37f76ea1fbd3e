"""What it means: pure functions from Ibis tables to one Ibis table; they know no engine and read no clock.

Everything here is written in the forms that DuckDB and Spark compute alike: no as-of join, no ordered collecting, no
``hash()``, no ``//`` (which leads through floats), moments cut to seconds before they are counted, ``x / y.nullif(0)``;
no ``memtable`` (it leads through pandas): what a measure needs as a table is handed in.
"""
