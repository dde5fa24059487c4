// Rebuilds everything vendored in static/: `node scripts/vendor.mjs`.
// The output is committed, so running and testing the product need no Node.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const at = (...parts) => join(root, ...parts);
const sha256 = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");

execFileSync("npm", ["ci", "--ignore-scripts"], { cwd: root, stdio: "inherit" });
const { compile } = await import("sass");

const files = [];
const packageOf = (name) => JSON.parse(readFileSync(at("node_modules", name, "package.json")));

function record(output, sources) {
  files.push({
    path: relative(root, output),
    sha256: sha256(output),
    from: sources.map(({ name, source }) => {
      const { version, license } = packageOf(name);
      return { package: name, version, licence: license, source };
    }),
  });
}

function copy(name, source, output) {
  mkdirSync(dirname(output), { recursive: true });
  copyFileSync(at("node_modules", name, source), output);
  record(output, [{ name, source }]);
}

rmSync(at("static/vendor"), { recursive: true, force: true });

// Fonts. The page uses the variable ones, PDFs the static ones: WeasyPrint cannot read axes.
const web = [
  ["source-sans-3", "latin", "normal"],
  ["source-sans-3", "latin-ext", "normal"],
  ["source-sans-3", "vietnamese", "normal"],
  ["source-sans-3", "latin", "italic"],
  ["source-serif-4", "latin", "normal"],
  ["source-serif-4", "latin-ext", "normal"],
  ["source-serif-4", "vietnamese", "normal"],
  ["source-serif-4", "latin", "italic"],
];
for (const [family, subset, style] of web) {
  const file = `${family}-${subset}-wght-${style}.woff2`;
  copy(`@fontsource-variable/${family}`, `files/${file}`, at("static/vendor/fonts", file));
}
const print = [
  ["source-sans-3", ["400-normal", "400-italic", "600-normal", "700-normal"]],
  ["source-serif-4", ["400-normal", "400-italic", "600-normal", "700-normal"]],
];
for (const [family, faces] of print) {
  for (const subset of ["latin", "latin-ext", "vietnamese"]) {
    for (const face of faces) {
      const file = `${family}-${subset}-${face}.woff2`;
      copy(`@fontsource/${family}`, `files/${file}`, at("static/vendor/fonts", file));
    }
  }
}

// Icons: one sprite with the names of static_src/icons.txt.
const names = readFileSync(at("static_src/icons.txt"), "utf8").split("\n").filter(Boolean);
const symbols = names.map((name) => {
  const svg = readFileSync(at("node_modules/lucide-static/icons", `${name}.svg`), "utf8");
  const body = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
  const shapes = body.replace(/\s+/g, " ").replace(/> </g, "><").replaceAll(" />", "/>").trim();
  return (
    `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" ` +
    `stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`
  );
});
mkdirSync(at("static/img"), { recursive: true });
writeFileSync(
  at("static/img/icons.svg"),
  `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`,
);
record(
  at("static/img/icons.svg"),
  [{ name: "lucide-static", source: `icons/ (${names.length} files)` }],
);

// Styles: Bootstrap's grid, resets and form controls below our own layer, in one file.
const quiet = ["import", "global-builtin", "color-functions", "if-function"];
for (const [sheet, sources] of [
  ["app", [{ name: "bootstrap", source: "scss/" }]],
  ["print", []],
]) {
  const { css } = compile(at(`static_src/scss/${sheet}.scss`), {
    loadPaths: [at("node_modules")],
    style: "compressed",
    quietDeps: true,
    silenceDeprecations: quiet,
  });
  const output = at(`static/css/${sheet}.css`);
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, css + "\n");
  record(output, sources);
}

// axe-core looks for accessibility faults in the browser tests and is never served.
copy("axe-core", "axe.min.js", at("tests/browser/vendor/axe.min.js"));

const sources = readdirSync(at("static_src"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
  .sort();
const digest = createHash("sha256");
for (const path of sources) digest.update(`${path}\n${sha256(at(path))}\n`);

files.sort((a, b) => (a.path < b.path ? -1 : 1));
writeFileSync(
  at("static/vendor/MANIFEST.json"),
  JSON.stringify({ static_src: digest.digest("hex"), files }, null, 2) + "\n",
);

const shipped = [...new Set(files.flatMap((file) => file.from.map((one) => one.package)))].sort();
const licences = shipped.map((name) => {
  const { version, license } = packageOf(name);
  const file = readdirSync(at("node_modules", name)).find((one) => /^licen[cs]e/i.test(one));
  const text = readFileSync(at("node_modules", name, file), "utf8").trim();
  return `${name} ${version} (${license})\n${"=".repeat(72)}\n\n${text}\n`;
});
writeFileSync(at("static/vendor/LICENSES.txt"), licences.join("\n\n"));
console.log(`${files.length} files written, ${shipped.length} packages.`);
