/* +++
answers = "Where does each department stand in one ranking of a quarter, and how sure is that?"
needs = "departments"
peers = "unnamed"
+++ */
select
    standings.*,
    coalesce(departments.name, standings.department_id) as name,
    departments.category,
from standings
left join departments
    on standings.region_id = departments.region_id
    and standings.department_id = departments.department_id
where
    standings.region_id = $region
    and standings.quarter = $quarter
    and standings.variant = $variant
    and standings.scope = $scope
    and standings.n_scores is not null
order by standings.place nulls last, standings.department_id
