// Copies what the desk's pages use from node_modules into desk/static/vendor, with each package's licence.
// No bundler: htmx ships minified, and the desk's own scripts are plain modules served as they are.
import { cpSync, mkdirSync, rmSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const vendor = join(here, "..", "static", "vendor");

// [package, file in it, name in vendor]
const wanted = [
  ["htmx.org", "dist/htmx.min.js", "htmx.min.js"],
  ["htmx.org", "LICENSE", "htmx.LICENSE.txt"],
  ["@fontsource-variable/noto-sans-devanagari",
    "files/noto-sans-devanagari-devanagari-wght-normal.woff2", "noto-devanagari.woff2"],
  ["@fontsource-variable/noto-sans-devanagari",
    "files/noto-sans-devanagari-latin-wght-normal.woff2", "noto-latin.woff2"],
  ["@fontsource-variable/noto-sans-devanagari", "LICENSE", "noto.LICENSE.txt"],
];

rmSync(vendor, { recursive: true, force: true });
mkdirSync(vendor, { recursive: true });
for (const [name, file, as] of wanted) {
  cpSync(join(modules, name, file), join(vendor, as));
  const { version } = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
  console.log(`static/vendor/${as}  from ${name} ${version}`);
}
