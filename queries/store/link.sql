/* +++
answers = "One device link"
+++ */
select
    token,
    name,
    made_at
from links
where token = $token
order by token
