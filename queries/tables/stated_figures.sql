/* +++
answers = "one row = one published figure with the parts that it should equal"
+++ */
create table stated_figures as
select
    region_id,
    figure_id,
    source,
    "check",
    parts,
    stated,
    tolerance,
from read_parquet($files, union_by_name = true)
order by region_id, figure_id
