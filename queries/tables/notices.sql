/* +++
answers = "one row = one rectification notice"
+++ */
create table notices as
select
    region_id,
    notice_id,
    activity_id,
    department_id,
    domain,
    finding_type,
    issued_on,
    due_on,
    rectified_on,
from read_parquet($files, union_by_name = true)
order by region_id, notice_id
