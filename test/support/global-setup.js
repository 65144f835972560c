import { makeDirectory, removeCluster } from './throwaway-cluster.js'

/** Before all tests: a directory for the throwaway PostgreSQL that test/support/database.ts starts when one is needed. */
export default function setUp() {
  const directory = makeDirectory()
  process.env.SECONDER_TEST_DIRECTORY = directory
  // also when the run is broken off and jest never gets to its teardown
  process.once('exit', () => removeCluster(directory))
}
