/* +++
answers = "Of which ballots were the standings of a region and quarter computed: the same fingerprint is the same ballots"
+++ */
create table fingerprints as
select *,
from computed
order by region_id, quarter
