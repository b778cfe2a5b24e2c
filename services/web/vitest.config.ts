import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const web = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@': `${web}src` }, },
  server: { fs: { allow: [fileURLToPath(new URL('../..', import.meta.url))] } },
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['tests/web/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'tests/web/browser/**'],
    environment: 'happy-dom',
    testTimeout: 20_000,
  },
});
