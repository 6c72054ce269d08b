/* +++
answers = "One session"
+++ */
select
    token,
    name,
    how,
    address,
    made_at,
    seen_at
from sessions
where token = $token
order by token
