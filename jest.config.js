/** Jest runs TypeScript through swc as native ES modules; see docs/style.md for what belongs where. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/web', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/test/(platforms/pds|mutation)/node_modules'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      },
    ],
  },
  setupFiles: ['./test/support/laws.js'],
  globalSetup: './test/support/global-setup.js',
  globalTeardown: './test/support/global-teardown.js',
  reporters: ['default', './test/support/closing-line-reporter.js'],
  // Against hanging only: a busy machine is slow, and speed is measured in bench/.
  testTimeout: 90_000,
  maxWorkers: '100%',
}
