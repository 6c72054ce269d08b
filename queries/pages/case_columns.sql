/* +++
answers = "Which figures of cases do the office's files have, and in how many rows and quarters of a window are they filled in?"
needs = "region"
+++ */
with
shown as (
    select *,
    from cases
    where
        region_id = $region
        and basis <> 'ytd'
        -- quarters are counted through, so that a window may begin in another year
        and substr($quarter, 1, 4)::int * 4 + substr($quarter, 6, 1)::int
        - (substr(quarter, 1, 4)::int * 4 + substr(quarter, 6, 1)::int)
        between 0 and $window - 1
),

long as (
    select quarter, figure, amount,
    from shown
    unpivot include nulls (
        amount for figure in (
            leads,
            leads_dismissed,
            leads_inquired,
            leads_in_verification,
            leads_pending,
            filed,
            open_overdue,
            closed,
            exempted,
            withdrawn,
            cases_sanctioned,
            people_sanctioned,
            party_sanctions,
            administrative_sanctions,
            first_form,
            second_form,
            third_form,
            fourth_form,
            transferred,
            leaders_accountable,
            revisit_due,
            revisited
        )
    )
)

select
    l.figure,
    g."column" is not null as is_given,
    count(*) as row_count,
    count(l.amount) as rows_known,
    count(distinct l.quarter) as quarters,
from long as l
left join given_columns as g on g."table" = 'cases' and g."column" = l.figure
group by l.figure, g."column"
order by l.figure
