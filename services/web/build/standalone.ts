/**
 * Vite plugin: entries that must stand alone (scan page, clinic screen) are built one by one as a single classic script
 * without imports, after the main build, and are added to its manifest.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin, type Rollup } from 'vite';

export function standalone(names: string[], target: string[]): Plugin {
  let outDir = 'dist';
  let isBuild = false;
  return {
    name: 'zhudian-standalone',
    configResolved(config) {
      outDir = config.build.outDir;
      isBuild = config.command === 'build';
    },
    closeBundle: {
      order: 'pre',
      sequential: true,
      async handler() {
        if (!isBuild) return;
        const path = join(outDir, '.vite', 'manifest.json');
        const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
        for (const name of names) {
          const src = `src/entries/${name}/main.ts`;
          manifest[src] = { file: await buildOne(name, src, outDir, target), name, src, isEntry: true };
        }
        writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
      },
    },
  };
}

async function buildOne(name: string, src: string, outDir: string, target: string[]): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      target,
      outDir,
      emptyOutDir: false,
      modulePreload: false,
      copyPublicDir: false,
      rollupOptions: { input: { [name]: src }, output: { format: 'iife', entryFileNames: 'assets/[name]-[hash].js' } },
    },
  })) as Rollup.RollupOutput;
  return built.output[0].fileName;
}
