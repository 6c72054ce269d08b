/* +++
answers = "Every account, by name"
+++ */
select
    name,
    role,
    regions,
    department,
    active,
    password,
    must_change,
    made_at,
    password_at,
    signed_in_at
from accounts
order by name
