/* +++
answers = "one row = one supervision activity"
+++ */
create table supervision as
select
    region_id,
    activity_id,
    date,
    department_id,
    method,
    arrangement,
    form,
    scope,
    stage,
    power_stage,
    direction,
    object,
    sphere,
    focus,
    level,
    trigger,
    domain,
    findings,
    notices,
from read_parquet($files, union_by_name = true)
order by region_id, activity_id
