/* +++
answers = "What happened to leads and cases in a window of quarters, by department, lead source, domain, stage of discovery and rank band?"
needs = "small_counts"
+++ */
with
-- quarters are counted through, so that a window may begin in another year
placed as (
    select
        c.*,
        substr($quarter, 1, 4)::int * 4 + substr($quarter, 6, 1)::int
        - (substr(c.quarter, 1, 4)::int * 4 + substr(c.quarter, 6, 1)::int) as quarters_ago,
    from cases as c
    where c.region_id = $region and c.basis <> 'ytd'
),

-- a region that reports only as a whole has no departments' rows to add up
usable as (
    select p.*,
    from placed as p
    where p.quarters_ago between 0 and $window - 1
    qualify p.department_id <> '*' or count(*) filter (where p.department_id <> '*') over (partition by p.quarter) = 0
),

shown as (
    select u.*, d.category,
    from usable as u
    left join department_quarters as q
        on q.region_id = u.region_id and q.quarter = u.quarter and q.department_id = u.department_id
    left join departments as d on d.region_id = q.region_id and d.department_id = q.department_id
    where
        (q.department_id is not null or u.department_id = '*')
        and ($category is null or d.category = $category)
)

select
    department_id,
    category,
    source,
    domain,
    found_at,
    rank_band,
    sum(leads)::double as leads,
    sum(leads_dismissed)::double as leads_dismissed,
    sum(leads_inquired)::double as leads_inquired,
    sum(leads_in_verification)::double as leads_in_verification,
    sum(leads_pending)::double as leads_pending,
    sum(filed)::double as filed,
    -- open at the end of a quarter: a stock, so that only the last quarter's counts
    sum(open_overdue) filter (where quarters_ago = 0)::double as open_overdue,
    sum(closed)::double as closed,
    sum(exempted)::double as exempted,
    sum(withdrawn)::double as withdrawn,
    sum(cases_sanctioned)::double as cases_sanctioned,
    sum(people_sanctioned)::double as people_sanctioned,
    sum(party_sanctions)::double as party_sanctions,
    sum(administrative_sanctions)::double as administrative_sanctions,
    sum(first_form)::double as first_form,
    sum(second_form)::double as second_form,
    sum(third_form)::double as third_form,
    sum(fourth_form)::double as fourth_form,
    sum(transferred)::double as transferred,
    sum(leaders_accountable)::double as leaders_accountable,
    sum(revisit_due)::double as revisit_due,
    sum(revisited)::double as revisited,
    -- as the indicator counts them: where no due figure is kept, of the cases closed; a row with one of both says nothing
    sum(coalesce(revisit_due, closed)) filter (where revisited is not null)::double as visits_expected,
    sum(revisited) filter (where coalesce(revisit_due, closed) is not null)::double as visits_made,
from shown
group by department_id, category, source, domain, found_at, rank_band
order by department_id, source, domain, found_at, rank_band
