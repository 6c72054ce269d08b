/* +++
answers = "Where would each department stand by other rules than the office's weights?"
needs = "departments"
+++ */
select department_id, alternative, value, place,
from alternatives
where region_id = $region and quarter = $quarter and scope = $scope
order by department_id, alternative
