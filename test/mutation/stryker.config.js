import { fileURLToPath } from 'node:url'

import jest from './jest.config.js'

/** See scripts/mutate.mjs. A file without a role suffix holds rules. */
export default {
  plugins: [fileURLToPath(import.meta.resolve('@stryker-mutator/jest-runner'))],
  packageManager: 'npm',
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  jest: { projectType: 'custom', config: jest, enableFindRelatedTests: true },
  coverageAnalysis: 'perTest',
  concurrency: 1,
  // how a page or a mail is laid out is no rule; their specs look at what they say
  mutate: [
    'src/{drafts,reviewers}/**/+([^.]).ts',
    '!src/reviewers/page/{review-*page*,safe-html}.ts',
    '!src/reviewers/**/*-mail.ts',
  ],
  ignorePatterns: ['/*', '!/src', '!/test', '!/*.js', '!/*.json', '/test/*', '!/test/support', '!/test/mutation'],
  reporters: ['clear-text', 'json'],
  clearTextReporter: { logTests: false, reportTests: false },
  jsonReporter: { fileName: 'coverage/mutation.json' },
  tempDirName: '.stryker-tmp',
  thresholds: { high: 90, low: 85, break: 85 },
}
