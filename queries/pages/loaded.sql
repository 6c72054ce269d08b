/* +++
answers = "what a snapshot holds: rows by table and the quarters they cover"
needs = "data"
+++ */
with counted as (
    select "table", n_rows, quarter, from loaded
    union all
    select 'regions', 1, null, from regions
)

select
    "table",
    sum(n_rows)::bigint as "rows",
    min(quarter) as first_quarter,
    max(quarter) as last_quarter,
from counted
group by "table"
order by "table"
