export default {
  title: "部门排名",
  root: "src",
  pages: [
    {name: "图", path: "/"},
    {name: "表", path: "/table"}
  ],
  globalStylesheets: [], // no fonts from elsewhere
  search: false
};
