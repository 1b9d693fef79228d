import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vite';
import product from '../../vite.config.ts';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The screens with a kiosk of paper behind them: `vite -c renderer/preview/vite.config.ts`. Never in the product. */
export default mergeConfig(
  { ...product, build: { ...product.build, rolldownOptions: {} } },
  defineConfig({
    root: at('.'),
    build: { outDir: at('../../dist/preview'), rolldownOptions: { input: at('preview.html') } },
  }),
);
