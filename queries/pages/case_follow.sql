/* +++
answers = "How often were cases followed from filing to end in a window of quarters, by department and domain; and is there a table that could say so?"
needs = "small_counts"
+++ */
with
kept as (
    select count(*) > 0 as is_given,
    from given_columns
    where "table" = 'supervision'
),

followed as (
    select s.department_id, s.domain, count(*) as activities,
    from supervision as s
    inner join departments as d on d.region_id = s.region_id and d.department_id = s.department_id
    where
        s.region_id = $region
        and s.method = 'case_follow'
        and ($category is null or d.category = $category)
        -- quarters are counted through, so that a window may begin in another year
        and substr($quarter, 1, 4)::int * 4 + substr($quarter, 6, 1)::int - (year(s.date) * 4 + quarter(s.date))
        between 0 and $window - 1
    group by s.department_id, s.domain
)

select
    k.is_given,
    f.department_id,
    f.domain,
    f.activities,
from kept as k
left join followed as f on true
order by f.department_id, f.domain
