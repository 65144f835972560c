import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Built into `dist/web`, which the server serves; in development `/api` goes to the running server. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy allows no data: fonts, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/api', '/health', '/r', '/review', '/noticeboard', '/media', '/mailbox', '/sign-in/confirm'].map((path) => [
        path,
        process.env['SECONDER_URL'] ?? 'http://127.0.0.1:3000',
      ]),
    ),
  },
})
