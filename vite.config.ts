import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Builds the three screens, one page for each audience; everything is a file of its own, as the pages' policy asks. */
export default defineConfig({
  root: at('renderer'),
  base: './',
  build: {
    outDir: at('dist/renderer'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: false,
    target: 'chrome140',
    rolldownOptions: {
      input: ['traveller', 'guard', 'technician'].map((audience) => at(`renderer/${audience}.html`)),
    },
  },
  worker: { format: 'es' },
});
