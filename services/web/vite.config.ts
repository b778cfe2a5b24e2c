import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { compressed } from './build/compressed.ts';
import { purged } from './build/purged.ts';
import { standalone } from './build/standalone.ts';

export const TARGET = ['es2017', 'chrome61', 'safari12'];

export default defineConfig({
  base: '/',
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  plugins: [vue(), purged(), standalone(['scan', 'screen', 'sw'], TARGET), compressed()],
  build: {
    target: TARGET,
    manifest: true,
    sourcemap: false,
    assetsInlineLimit: 2048,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { physician: 'src/entries/physician/main.ts' } },
  },
});
