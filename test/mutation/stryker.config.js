import { fileURLToPath } from 'node:url'

import jest from './jest.config.js'

/** See scripts/mutate.mjs, which says what is changed and which specs are to notice. */
export default {
  plugins: [fileURLToPath(import.meta.resolve('@stryker-mutator/jest-runner'))],
  packageManager: 'npm',
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: { projectType: 'custom', config: jest, enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  timeoutMS: 2000,
  mutate: process.env.SECONDER_RULES?.split(',') ?? [],
  ignorePatterns: ['/*', '!/src', '!/test', '!/*.js', '!/*.json', '/test/*', '!/test/support', '!/test/mutation'],
  reporters: ['clear-text', 'json'],
  clearTextReporter: { logTests: false, reportTests: false, reportScoreTable: false, skipFull: true },
  jsonReporter: { fileName: process.env.SECONDER_REPORT ?? 'coverage/mutation.json' },
  tempDirName: '.stryker-tmp',
  warnings: { slow: false },
}
