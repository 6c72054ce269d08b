/* +++
answers = "The file has the tables of version 3"
+++ */
pragma user_version = 3
