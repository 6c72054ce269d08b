// Makes the plotly.js that browsers get: see assets/plotly/README.md.
const fs = require("fs");
const { build } = require("esbuild");
const { environmentPlugin } = require("esbuild-plugin-environment");
const inlineCss = require("esbuild-plugin-inline-css");
const { version } = require("plotly.js/package.json");

const TEXT = `(?:'(?:[^'\\\\]|\\\\.)*'|"(?:[^"\\\\]|\\\\.)*")`;
const DESCRIPTION = new RegExp(
  `\\bdescription:\\s*(?:\\[[^\\]]*\\]\\.join\\([^)]*\\)|${TEXT}(?:\\s*\\+\\s*${TEXT})*)\\s*(?:,|(?=\\s*\\}))`, "g");
const UNUSED = /^.*\/components\/(annotations3d|images|updatemenus|sliders|rangeslider|rangeselector)'\),?\n/gm;

const without = (filter, change) => ({
  name: String(filter),
  setup: ({ onLoad }) => onLoad({ filter }, ({ path }) => ({ contents: change(fs.readFileSync(path, "utf8")), loader: "js" })),
});

build({
  stdin: {
    contents: "const Plotly = require('plotly.js/lib/core'); Plotly.register([require('plotly.js/lib/bar')]); module.exports = Plotly;",
    resolveDir: __dirname,
  },
  outfile: `plotly-bars-and-points-${version}.min.js`,
  format: "iife",
  globalName: "Plotly",
  bundle: true,
  minify: true,
  target: "es2020",
  define: { global: "window", "define.amd": "false" },
  banner: { js: `/* plotly.js v${version}, bars, points and lines; Copyright 2012-2026, Plotly, Inc.; MIT license */` },
  legalComments: "eof",
  plugins: [
    without(/maplibre-gl\.css$/, () => ""), // the style of maps
    without(/plotly\.js\/src\/core\.js$/, (text) => text.replace(UNUSED, "")),
    without(/plotly\.js\/src\/.*attributes?\.js$/, (text) => text.replace(DESCRIPTION, "")), // as Plotly's own bundles
    inlineCss(),
    environmentPlugin({ NODE_DEBUG: false }),
  ],
});
