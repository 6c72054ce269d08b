/* +++
answers = "In which quarters is a catalogue of powers known at all: in all that it dates, or in the last one only"
+++ */
create table catalogue_kept as
select distinct region_id, quarter,
from powers_in_force
order by region_id, quarter
