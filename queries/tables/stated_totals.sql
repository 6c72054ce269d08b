/* +++
answers = "one row = one figure of a row that is a total; what it does not name, it is a total of"
+++ */
create table stated_totals as
with every as (
    select *,
    from read_parquet($files, union_by_name = true)
)

select
    "table",
    region_id,
    quarter,
    month,
    department_id,
    channel,
    category,
    source,
    domain,
    found_at,
    rank_band,
    kind,
    "column",
    arg_max(stated, import_id) as stated, -- a later import restates it
    max(import_id) as import_id,
from every
group by all
order by "table", region_id, quarter, month, department_id, channel, category, source, domain, found_at, rank_band, kind, "column"
