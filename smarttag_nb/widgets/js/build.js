/** Bundle the explorer: `npm run build` writes ../static/explorer.js and ../static/explorer.css. */

import { readFile, writeFile } from "node:fs/promises";
import { build, transform } from "esbuild";

const here = new URL(".", import.meta.url);
const to = new URL(process.argv[2] ?? "../static/", here.href);
const styles = ["explorer", "shell", "player", "overlay", "timeline", "list", "transcript", "labels", "story", "search"];

await build({
  entryPoints: [new URL("explorer.js", here).pathname],
  outfile: new URL("explorer.js", to).pathname,
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
});
const css = await Promise.all(styles.map((name) => readFile(new URL(`css/${name}.css`, here), "utf8")));
const { code } = await transform(css.join("\n"), { loader: "css", minify: true, charset: "utf8", target: "es2022" });
await writeFile(new URL("explorer.css", to), code);
