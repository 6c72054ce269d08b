/* +++
answers = "How often signing in failed by a name or from an address"
+++ */
select
    failures,
    last_at,
    until
from attempts
where key = $key
order by key
