/* +++
answers = "one row = one tracked task"
+++ */
create table tasks as
select
    region_id,
    task_id,
    department_id,
    kind,
    title,
    phase,
    issued_on,
    due_on,
    closed_on,
    published,
from read_parquet($files, union_by_name = true)
order by region_id, task_id
