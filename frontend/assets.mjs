// What the browser gets besides the app itself, put into Trunk's staging folder after each build: the fonts, the chart
// library and the API reference's script, all from npm. A release also gets each text file in compressed form beside it
// (`.br`, `.gz`), so that the server spends no time on it.
import { cp, mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const staging = process.env.TRUNK_STAGING_DIR;
const isRelease = process.env.TRUNK_PROFILE === "release";
if (!staging) {
  throw new Error("TRUNK_STAGING_DIR is not set: this script is run by Trunk, see trunk.toml");
}

// One file per script, so that a page loads only the letters that it shows.
const scripts = ["latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "greek-ext", "vietnamese"];
const inter = "node_modules/@fontsource-variable/inter";
const files = [
  ...scripts.map((script) => [`${inter}/files/inter-${script}-wght-normal.woff2`, `fonts/inter-${script}.woff2`]),
  [`${inter}/LICENSE`, "fonts/LICENSE.txt"],
  ["node_modules/echarts/dist/echarts.min.js", "vendor/echarts/echarts.min.js"],
  ["node_modules/echarts/LICENSE", "vendor/echarts/LICENSE.txt"],
  ["node_modules/redoc/bundles/redoc.standalone.js", "vendor/redoc/redoc.standalone.js"],
  ["node_modules/redoc/bundles/redoc.standalone.js.LICENSE.txt", "vendor/redoc/LICENSE.txt"],
];
for (const [from, to] of files) {
  const target = join(staging, to);
  await mkdir(dirname(target), { recursive: true });
  await cp(from, target);
}

const compressible = new Set([".css", ".html", ".js", ".json", ".svg", ".wasm", ".webmanifest"]);
const smallest = 1024; // bytes; below, the header costs more than it saves
const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

async function compress(file) {
  const plain = await readFile(file);
  if (plain.length < smallest) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  await Promise.all([
    toBrotli(plain, { params }).then((small) => writeFile(`${file}.br`, small)),
    toGzip(plain, { level: 9 }).then((small) => writeFile(`${file}.gz`, small)),
  ]);
}

if (isRelease) {
  const entries = await readdir(staging, { recursive: true, withFileTypes: true });
  const texts = entries.filter((entry) => entry.isFile() && compressible.has(extname(entry.name)));
  await Promise.all(texts.map((entry) => compress(join(entry.parentPath, entry.name))));
}
