/* +++
answers = "By which thresholds was each gap rule decided, and what would its file have said?"
needs = "words"
+++ */
select rule, name, value, default_value, value <> default_value as is_own,
from thresholds
order by rule, name
