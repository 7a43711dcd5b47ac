import { defineConfig } from 'vitest/config';

export default defineConfig({ test: { include: ['src/**/*_test.{ts,tsx}'], environment: 'node' } });
