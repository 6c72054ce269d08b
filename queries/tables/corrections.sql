/* +++
answers = "one row = one cell that a later import restated, with both values; of a ballot only that it was, in which quarter and of whom"
+++ */
create table corrections as
with read as (
    -- how a rater voted, before or after, is nobody's to see: it stays in the raw file
    select *, "table" = 'evaluations' as is_ballot,
    from read_parquet($files, union_by_name = true)
)
select
    import_id,
    "table",
    region_id,
    period,
    if(is_ballot, json_object('department_id', key ->> 'department_id', 'quarter', key ->> 'quarter')::varchar, key) as key,
    "column",
    if(is_ballot, null, old) as old,
    if(is_ballot, null, new) as new,
from read
order by import_id, "table", region_id, period, key, "column"
