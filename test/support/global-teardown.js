import { removeCluster } from './throwaway-cluster.js'

/** After all tests, passed or failed. */
export default function tearDown() {
  removeCluster(process.env.SECONDER_TEST_DIRECTORY)
}
