import jestConfig from '../../jest.config.js'

/** The specs beside the rules alone: no database, no browser, nothing to set up. */
const { extensionsToTreatAsEsm, moduleNameMapper, setupFiles, testEnvironment, testMatch, transform } = jestConfig

export default {
  extensionsToTreatAsEsm,
  moduleNameMapper,
  setupFiles,
  testEnvironment,
  testMatch,
  transform,
  rootDir: process.cwd(),
  roots: ['<rootDir>/src/drafts', '<rootDir>/src/reviewers'],
}
