/* +++
answers = "one row = one quarter, department and kind of decision"
+++ */
create table decisions as
select
    region_id,
    quarter,
    department_id,
    kind,
    total,
    collective,
    voted,
    single_signature,
    attended,
    asked_in_writing,
    open_tender,
    risk_assessed,
    published,
from read_parquet($files, union_by_name = true)
order by region_id, quarter, department_id, kind
