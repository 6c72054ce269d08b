/* +++
answers = "What is wrong with the file; the one line ok where nothing is"
+++ */
select quick_check
from pragma_quick_check
order by quick_check
