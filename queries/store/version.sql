/* +++
answers = "Which version of its tables the file has; 0 where there are none yet"
+++ */
select user_version
from pragma_user_version
