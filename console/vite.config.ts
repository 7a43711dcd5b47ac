import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run dev` takes the API from a running hub: DTH_HUB=http://127.0.0.1:8080 npm run dev
const hub = process.env.DTH_HUB ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  server: { host: '127.0.0.1', proxy: { '/graphql': { target: hub, ws: true }, '/version': hub } },
  build: {
    target: 'es2022', assetsInlineLimit: 0, cssCodeSplit: true, modulePreload: { polyfill: false }, reportCompressedSize: false,
    sourcemap: false, chunkSizeWarningLimit: 3000,
    // Names that dth knows to change with their content (net::StaticAssets::has_content_hash).
    rolldownOptions: {
      output: {
        hashCharacters: 'hex', entryFileNames: 'assets/[name]-[hash:16].js', chunkFileNames: 'assets/[name]-[hash:16].js',
        assetFileNames: 'assets/[name]-[hash:16][extname]',
      },
    },
  },
});
