// SPDX-License-Identifier: MIT
//
// How the console is built and served while it is written. `npm run dev`
// passes /api to a running daemon: to the console's nginx, or to the daemon
// itself when AIPROXY_API names its loopback address.

import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const api = process.env.AIPROXY_API ?? 'http://127.0.0.1:9090';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: {
    port: 8000,
    strictPort: true,
    host: '127.0.0.1',
    // The daemon answers only what says that it comes from the console's
    // server; here that server is this one.
    proxy: {
      '/api': { target: api, headers: { 'X-Aiproxy-Console': '1' } },
      // The playground; only nginx knows the way to the gateway.
      '/gateway': { target: api },
    },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    // Nothing as a data: address: the content security policy has no such
    // source for fonts and scripts.
    assetsInlineLimit: 0,
    manifest: true,
    reportCompressedSize: false,
    // The charts, which are loaded when one is drawn; tools/ counts what matters.
    chunkSizeWarningLimit: 600,
  },
});
