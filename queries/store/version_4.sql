/* +++
answers = "The file has the tables of version 4"
+++ */
pragma user_version = 4
