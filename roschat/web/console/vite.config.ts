import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const src = fileURLToPath(new URL("./src", import.meta.url));
const roschat = fileURLToPath(new URL("../..", import.meta.url));
const modules = join(roschat, "modules");

/** Pages stand in their modules, where no node_modules is: their packages are those of the console. */
function pagesOfModules(): Plugin {
  return {
    name: "pages-of-modules",
    enforce: "pre",
    resolveId(source, importer, options) {
      const path = /^[./\0]/.test(source) || source.startsWith("@console/") || source.startsWith("virtual:");
      if (path || !importer?.startsWith(`${modules}/`)) return null;
      return this.resolve(source, join(src, "main.tsx"), { ...options, skipSelf: true });
    },
  };
}

/** Copies of the files as they are sent, so that the server packs nothing at run time. */
function packed(): Plugin {
  const worth = /\.(css|js|json|svg|html)$/;
  let folder = "";
  return {
    name: "packed",
    apply: "build",
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const name of readdirSync(folder, { recursive: true }) as string[]) {
        const path = join(folder, name);
        if (!worth.test(name) || statSync(path).size < 1024) continue;
        const content = readFileSync(path);
        writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
        writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  base: "/",
  plugins: [pagesOfModules(), react(), packed()],
  resolve: { alias: { "@console": src }, dedupe: ["react", "react-dom", "@mantine/core"] },
  server: { fs: { allow: [roschat] } },
  // light-dark() is left as it is: the colour scheme is set on the page at run time.
  build: {
    target: "es2023",
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    sourcemap: false,
    chunkSizeWarningLimit: 700,
  },
});
