-- Loads the table into the database and prints the five longest sequences.
CREATE OR REPLACE TABLE collatz AS SELECT * FROM 'tables/Collatz/*.parquet';

SELECT start, steps, peak FROM collatz ORDER BY steps DESC, start LIMIT 5;
