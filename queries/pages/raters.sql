/* +++
answers = "The most raters that any department of a region had in a quarter."
needs = "words"
+++ */
select max(s.n_raters)::bigint as raters,
from scores as s
where s.region_id = $region and s.quarter = $quarter and s.dimension = 'pooled'
