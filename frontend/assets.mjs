// What Trunk's build still lacks, done in its staging folder after each build: the fonts, the chart and PDF libraries and the
// API reference's script come from npm, the rule editor becomes one script, the viewer page gets its styles and sentences, the
// administrators' program a page that loads it, scripts inside the pages move into files of their own, and a release gets each
// text file in compressed form beside it (`.br`, `.gz`), so that the server spends no time on it.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { build } from "esbuild";

const staging = process.env.TRUNK_STAGING_DIR;
const isRelease = process.env.TRUNK_PROFILE === "release";
if (!staging) {
  throw new Error("TRUNK_STAGING_DIR is not set: this script is run by Trunk, see trunk.toml");
}

await copyPackages();
await copyPdfLibrary();
await makeEditor();
await makeViewer();
await makeAdminPage();
await moveScriptsOut("index.html");
await moveScriptsOut("admin.html");
if (isRelease) await compressTexts();

async function copyPackages() {
  // One file per script, so that a page loads only the letters that it shows.
  const scripts = ["latin", "latin-ext", "cyrillic", "cyrillic-ext", "greek", "greek-ext", "vietnamese"];
  const inter = "node_modules/@fontsource-variable/inter";
  const redoc = "node_modules/redoc/bundles/redoc.standalone.js";
  const files = [
    ...scripts.map((script) => [`${inter}/files/inter-${script}-wght-normal.woff2`, `fonts/inter-${script}.woff2`]),
    [`${inter}/LICENSE`, "fonts/LICENSE.txt"],
    ["node_modules/echarts/dist/echarts.min.js", "vendor/echarts/echarts.min.js"],
    ["node_modules/echarts/LICENSE", "vendor/echarts/LICENSE.txt"],
    [redoc, "vendor/redoc/redoc.standalone.js"],
    [`${redoc}.LICENSE.txt`, "vendor/redoc/LICENSE.txt"],
  ];
  for (const [from, to] of files) {
    const target = join(staging, to);
    await mkdir(dirname(target), { recursive: true });
    await cp(from, target);
  }
}

// Without what it has for browsers that know no WebAssembly, and without its engine for the scripts inside documents. `.js`,
// because not every server knows that `.mjs` is a script.
async function copyPdfLibrary() {
  const [from, to] = ["node_modules/pdfjs-dist", join(staging, "vendor/pdfjs")];
  await mkdir(join(to, "wasm"), { recursive: true });
  await cp(join(from, "build/pdf.min.mjs"), join(to, "pdf.js"));
  await cp(join(from, "build/pdf.worker.min.mjs"), join(to, "pdf.worker.js"));
  await cp(join(from, "LICENSE"), join(to, "LICENSE.txt"));
  await cp(join(from, "cmaps"), join(to, "cmaps"), { recursive: true });
  await cp(join(from, "standard_fonts"), join(to, "fonts"), { recursive: true });
  await cp(join(from, "iccs"), join(to, "iccs"), { recursive: true });
  const wanted = /^(LICENSE_(?!.*QUICKJS).*|jbig2\.wasm|openjpeg\.wasm|qcms_bg\.wasm)$/;
  const files = (await readdir(join(from, "wasm"))).filter((file) => wanted.test(file));
  await Promise.all(files.map((file) => cp(join(from, "wasm", file), join(to, "wasm", file))));
}

// CodeMirror and our own modules in one script; the licences of whatever went into it beside it.
async function makeEditor() {
  const to = join(staging, "vendor/editor");
  const { metafile } = await build({
    entryPoints: ["frontend/editor/main.js"],
    outfile: join(to, "editor.js"),
    bundle: true,
    format: "iife",
    target: "es2022",
    minify: true,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
  });
  const folders = new Set(
    Object.keys(metafile.inputs).map((file) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]),
  );
  folders.delete(undefined);
  const licences = [...folders].sort().map(async (folder) => {
    const file = (await readdir(folder)).find((found) => /^licen[cs]e/i.test(found));
    if (!file) throw new Error(`${folder} brings no licence`);
    return `${folder.replace(/^.*node_modules\//, "")}\n\n${await readFile(join(folder, file), "utf8")}`;
  });
  await writeFile(join(to, "LICENSE.txt"), (await Promise.all(licences)).join("\n---\n\n"));
}

// The page that shows evidence stands beside the app: plain scripts, the app's colours, sentences of its own.
async function makeViewer() {
  const [from, to] = ["frontend/viewer", join(staging, "viewer")];
  await mkdir(to, { recursive: true });
  const copied = (await readdir(from)).filter((file) => [".html", ".js"].includes(extname(file)));
  await Promise.all(copied.map((file) => cp(join(from, file), join(to, file))));
  const catalogues = (await readdir(from)).filter((file) => extname(file) === ".toml");
  const sentences = {};
  for (const file of catalogues) {
    const [, locale] = file.split(".");
    sentences[locale] = flatten(await readFile(join(from, file), "utf8"), file);
  }
  await writeFile(join(to, "sentences.json"), JSON.stringify(sentences));
  const styles = ["-i", join(from, "viewer.css"), "-o", join(to, "viewer.css"), "--minify"];
  await promisify(execFile)(process.execPath, ["node_modules/@tailwindcss/cli/dist/index.mjs", ...styles]);
}

// The catalogue's files are tables of one-line texts; anything else in them is an error.
function flatten(toml, file) {
  const entries = {};
  let table = "";
  for (const line of toml.split("\n").map((text) => text.trim())) {
    const [, name] = /^\[([\w.]+)\]$/.exec(line) ?? [];
    const [, key, text] = /^(\w+) = (".*")$/.exec(line) ?? [];
    if (name) table = `${name}.`;
    else if (key) entries[`${table}${key}`] = JSON.parse(text);
    else if (line && !line.startsWith("#")) throw new Error(`${file}: cannot read ${line}`);
  }
  return entries;
}

// The page of the second program is the first one's with the other's files in it. Trunk leaves hashes out of their names.
async function makeAdminPage() {
  const html = await readFile(join(staging, "index.html"), "utf8");
  const main = /kpi-web-[0-9a-f]+/.exec(html)?.[0];
  if (!main) throw new Error("index.html does not name the files of kpi-web");
  const files = ["kpi-admin.js", "kpi-admin_bg.wasm"];
  const contents = await Promise.all(files.map((file) => readFile(join(staging, file))));
  const admin = `kpi-admin-${shortHash(...contents)}`;
  const renamed = files.map((file) => rename(join(staging, file), join(staging, file.replace("kpi-admin", admin))));
  await Promise.all(renamed);
  await writeFile(join(staging, "admin.html"), html.replaceAll(main, admin));
}

function shortHash(...contents) {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(content);
  return hash.digest("hex").slice(0, 16);
}

// Trunk starts the app from a script inside the page. In a file of its own it runs under `script-src 'self'`, whoever serves
// the page, and nobody has to keep a hash in step with it.
async function moveScriptsOut(name) {
  const page = join(staging, name);
  let html = await readFile(page, "utf8");
  const inside = /<script((?:\s+(?!src\b)[\w-]+(?:=(?:"[^"]*"|'[^']*'|[^\s>]+))?)*)\s*>([\s\S]+?)<\/script>/g;
  for (const [whole, attributes, code] of html.matchAll(inside)) {
    const script = `start-${shortHash(code)}.js`;
    await writeFile(join(staging, script), `${code.trim()}\n`);
    html = html.replace(whole, () => `<script${attributes} src="/${script}"></script>`);
  }
  await writeFile(page, html);
}

async function compressTexts() {
  const endings = new Set([".css", ".html", ".js", ".json", ".svg", ".wasm", ".webmanifest"]);
  const entries = await readdir(staging, { recursive: true, withFileTypes: true });
  const texts = entries.filter((entry) => entry.isFile() && endings.has(extname(entry.name)));
  await Promise.all(texts.map((entry) => compress(join(entry.parentPath ?? entry.path, entry.name))));
}

async function compress(file) {
  const smallest = 1024; // bytes; below, the header costs more than it saves
  const plain = await readFile(file);
  if (plain.length < smallest) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: plain.length };
  await Promise.all([
    promisify(brotliCompress)(plain, { params }).then((small) => writeFile(`${file}.br`, small)),
    promisify(gzip)(plain, { level: 9 }).then((small) => writeFile(`${file}.gz`, small)),
  ]);
}
