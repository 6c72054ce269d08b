/* +++
answers = "one row = one department"
+++ */
create table departments as
select
    region_id,
    department_id,
    name,
    name_en,
    short_name,
    category,
    valid_from,
    valid_to,
    successor,
from read_parquet($files, union_by_name = true)
order by region_id, department_id
