/* +++
answers = "About what were the complaints received in a window of quarters, department by department?"
needs = "small_counts"
+++ */
with
shown as (
    select department_id, category, sum(received) as received,
    from complaints
    where
        region_id = $region
        and basis <> 'ytd'
        and list_contains($departments::varchar[], department_id)
        -- quarters are counted through, so that a window may begin in another year
        and substr($quarter, 1, 4)::int * 4 + substr($quarter, 6, 1)::int
        - (substr(quarter, 1, 4)::int * 4 + substr(quarter, 6, 1)::int)
        between 0 and $window - 1
    group by department_id, category
)

select
    s.department_id,
    s.category,
    coalesce(v.zh, s.category) as zh,
    coalesce(v.en, v.zh, s.category) as en,
    s.received::double as received,
from shown as s
left join vocabulary as v on v.vocabulary = 'complaint_category' and v.code = s.category
order by sum(s.received) over (partition by s.category) desc, v.sort nulls last, s.category, s.department_id
