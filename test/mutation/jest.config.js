import jestConfig from '../../jest.config.js'

/** The specs of the rules alone, which need no database and no browser: those that `SECONDER_SPECS` names. */
const { extensionsToTreatAsEsm, moduleNameMapper, setupFiles, testEnvironment, transform } = jestConfig

export default {
  extensionsToTreatAsEsm,
  moduleNameMapper,
  setupFiles,
  testEnvironment,
  transform,
  roots: ['<rootDir>/src/drafts', '<rootDir>/src/reviewers'],
  testMatch: (process.env.SECONDER_SPECS ?? '**/*.spec.ts').split(','),
}
