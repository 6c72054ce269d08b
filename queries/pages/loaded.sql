/* +++
answers = "what a snapshot holds: rows by table and the quarters they cover"
needs = "data"
+++ */
select
    "table",
    sum(n_rows)::bigint as "rows",
    min(quarter) as first_quarter,
    max(quarter) as last_quarter,
from loaded
group by "table"
order by "table"
