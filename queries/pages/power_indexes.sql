/* +++
answers = "How much power does each department hold in a quarter, and how far is it held to answer for it, with the parts of both?"
needs = "departments"
+++ */
select
    department_id,
    power_index,
    answerability_index,
    weighted_powers,
    annual_amount_10k,
    annual_uses,
    activities,
    findings,
    sanctioned,
    published_share,
from power_indexes
where region_id = $region and quarter = $quarter
order by department_id
