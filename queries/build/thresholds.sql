/* +++
answers = "By which thresholds was each gap rule decided when the snapshot was built, and which of them did the office set itself?"
+++ */
create table thresholds as
select *,
from computed
order by rule, name
