/* +++
answers = "which tables the database of a region has that is attached as `part`"
+++ */
select table_name
from duckdb_tables()
where database_name = 'part'
order by table_name
