/* +++
answers = "do published figures agree with their parts (勾稽关系): sums, shares, growth, differences, counts"
needs = "data"
+++ */
select
    region_id,
    figure_id,
    source,
    "check",
    computed,
    stated,
    computed - stated as difference,
    tolerance,
    abs(difference) <= tolerance + 1e-9 as agrees,
from stated_checks
order by region_id, figure_id
