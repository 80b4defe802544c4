// Bundles the embed: `node embed.mjs OUT`; `python build.py embed` calls it.
//
// Every reader of a page with a model downloads this, so it is made small here, without a word less in the sources:
// * what runs blobs (kernel.ts) is bundled first and put in as one function, which also is the worker's script;
// * the places of uPlot, Lit and the signals library are taken by lines.ts, lit.ts and signals.ts;
// * what a reader has to ask for (more.ts) is a module of its own, loaded from beside by a name with its hash;
// * style sheets and templates lose their indentation, and tables (icons, texts of errors) the rows that nothing uses.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transformSync } from "esbuild";
import { minify } from "terser";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
const source = (name) => join(here, "src/embed", name);
const common = { bundle: true, minify: true, write: false, target: "es2022", legalComments: "none", logLevel: "warning", charset: "utf8", absWorkingDir: here };

/** One space for any, and none where CSS needs none. A hole in a template counts as a word. */
function tightStyles(css) {
  return css
    .replace(/\/\*.*?\*\//gs, "")
    .replace(/\s+/g, " ")
    .replace(/ ?([{};,]) ?/g, "$1")
    .replace(/: /g, ":")
    .replaceAll(";}", "}")
    .trim();
}

/** Line ends in templates begin indentation: one space stands for both. Those that are written \n are meant. */
function tightTemplates(text) {
  const meant = text.replace(/(?<=(?<!\\)(?:\\\\)*)\\n/g, "\ue000");
  const code = transformSync(meant, { loader: "ts", target: "es2022", minifyWhitespace: true, charset: "utf8" }).code;
  return code.replace(/\n\s*/g, " ").replaceAll("\ue000", "\\n");
}

const tight = {
  name: "tight",
  setup({ onLoad }) {
    onLoad({ filter: /web\/src\/.*\.ts$/ }, ({ path }) => {
      const written = readFileSync(path, "utf8");
      const text = (path.endsWith("views/icons.ts") ? drawn(written) : written).replace(/\bcss`([^`]*)`/g, (_, css) => `css\`${tightStyles(css)}\``);
      return { contents: tightTemplates(text), loader: "js" };
    });
    onLoad({ filter: /\.css$/ }, ({ path }) => ({ contents: tightStyles(readFileSync(path, "utf8")), loader: "text" }));
  },
};

/** Texts of errors that the code around them never raises. */
function pruned(code) {
  return code.replace(/PEN\d{3}:\{severity:"[^"]*",message:"[^"]*",advice:"[^"]*"\},?/g, (row) => (code.includes(`"${row.slice(0, 6)}"`) ? row : ""));
}

/** The icons that the embed's views name. */
function drawn(code) {
  const used = ["views/time-bar.ts", "diagram/diagram.ts", "embed/face.ts"].map((name) => readFileSync(join(here, "src", name), "utf8")).join("");
  return code.replace(/^  (\w+): icon\(.*\),\n/gm, (row, name) => (used.includes(`icons.${name}`) ? row : ""));
}

/** Custom properties that no rule reads. */
function read(code) {
  return code.replace(/--ps-([\w-]+):[^;{}]*;/g, (row, name) => (code.includes(`var(--ps-${name}`) || /^s\dt?$/.test(name) || code.includes(`"${name}"`) ? row : ""));
}

async function bundled(entry, options) {
  const result = await build({ ...common, ...options, entryPoints: [source(entry)] });
  const code = read(pruned(result.outputFiles[0].text));
  const module = options.format === "esm";
  return (await minify(code, { module, ecma: 2022, compress: { passes: 3, pure_getters: false } })).code;
}

const kernel = {
  name: "kernel",
  async setup({ onResolve, onLoad }) {
    const code = await bundled("kernel.ts", { format: "iife", globalName: "K" });
    onResolve({ filter: /^penstock-kernel$/ }, () => ({ path: "kernel", namespace: "made" }));
    onLoad({ filter: /.*/, namespace: "made" }, () => ({ contents: `export default function(){${code}return K}` }));
  },
};

const place = {
  name: "place",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^uplot$/ }, () => ({ path: source("lines.ts") }));
    onResolve({ filter: /^lit(\/|$)/ }, () => ({ path: source("lit.ts") }));
    onResolve({ filter: /^@preact\/signals-core$/ }, () => ({ path: source("signals.ts") }));
    onResolve({ filter: /^uplot\/.*\.css$/ }, () => ({ path: "none", namespace: "unstyled" }));
    onLoad({ filter: /.*/, namespace: "unstyled" }, () => ({ contents: "", loader: "text" }));
    onResolve({ filter: /\/cull\.js$/ }, () => ({ path: "uncut", namespace: "uncut" })); // drawings are not large here
    onLoad({ filter: /.*/, namespace: "uncut" }, () => ({ contents: "export class Cull { apply() {} }" }));
    onResolve({ filter: /editing\/tools\.js$/ }, ({ path }) => ({ path, external: true })); // needs Python, which is not here
  },
};

/** A script that can stand inside HTML. */
function inline(script) {
  const safe = script.trim().replaceAll("<!--", "\\x3c!--"); // the same in a string
  if (/<\/script/i.test(safe)) throw new Error("a script in a page must not contain </script");
  return safe;
}

const STYLE = "body{margin:0}";
const sum = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The frame: one file, since a sandbox lets it load nothing; only its own script runs in it, and data files of its site. */
function frame(script) {
  const policy = `default-src 'none'; script-src 'self' ${sum(script)} 'wasm-unsafe-eval'; style-src 'self' ${sum(STYLE)}; worker-src blob:; connect-src 'self' data:; img-src 'self' data:; frame-src http: https:; base-uri 'none'; form-action 'none'`;
  const parts = { "CONTENT-SECURITY-POLICY": policy, STYLE, SCRIPT: script };
  return readFileSync(source("embed.html"), "utf8").replace(/CONTENT-SECURITY-POLICY|STYLE|SCRIPT/g, (name) => parts[name]);
}

mkdirSync(out, { recursive: true });
const plugins = [kernel, place, tight];
const more = await bundled("more.ts", { format: "esm", plugins });
const moreName = `penstock-embed-more.${createHash("sha256").update(more).digest("hex").slice(0, 16)}.js`;
const beside = {
  name: "beside",
  setup({ onResolve }) {
    onResolve({ filter: /\/more\.js$/ }, () => ({ path: `./${moreName}`, external: true }));
  },
};
writeFileSync(join(out, "penstock-embed-more.js"), more);
writeFileSync(join(out, "penstock-embed.js"), await bundled("main.ts", { format: "esm", plugins: [beside, ...plugins] }));
writeFileSync(join(out, "penstock-embed.classic.js"), inline(await bundled("main.ts", { format: "iife", plugins })));
writeFileSync(join(out, "embed.html"), frame(inline(await bundled("frame.ts", { format: "iife", plugins }))));
writeFileSync(join(out, "model.js"), await bundled("model.ts", { format: "esm" }));
