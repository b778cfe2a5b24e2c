import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const packages = '(fake-indexeddb|vue|idb|postcss|lightningcss|happy-dom|uqr)';

export default defineConfig({
  plugins: [vue()],
  // The tests lie in tests/web, outside this folder, and find their packages here.
  resolve: {
    alias: [
      { find: '@', replacement: at('src') },
      { find: new RegExp(`^${packages}(/.*)?$`), replacement: `${at('node_modules')}/$1$2` },
      { find: /^vitest$/, replacement: at('node_modules/vitest/dist/index.js') },
      { find: /^vite$/, replacement: at('node_modules/vite/dist/node/index.js') },
    ],
  },
  server: { fs: { allow: [at('../..')] } },
  test: {
    root: at('../..'),
    dir: at('../../tests/web'),
    include: ['**/*.test.ts'],
    exclude: ['browser/**'],
    environment: 'happy-dom',
    testTimeout: 20_000,
  },
});
