/* +++
answers = "The sessions of an account, or all; the one used last comes first"
+++ */
select
    token,
    name,
    how,
    address,
    made_at,
    seen_at
from sessions
where $name is null or name = $name
order by seen_at desc, token
