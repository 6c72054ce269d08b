/* +++
answers = "one row = one cell that a later import restated, with both values"
+++ */
create table corrections as
select
    import_id,
    "table",
    region_id,
    period,
    key,
    "column",
    old,
    new,
from read_parquet($files, union_by_name = true)
order by import_id, "table", region_id, period, key, "column"
