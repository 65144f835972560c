import { writeFileSync, writeSync } from 'node:fs'

/**
 * Ends the output with `tests: N passed, N failed`. A suite that cannot even load counts as one failed test,
 * and a run of no tests is a failure.
 */
export default class ClosingLineReporter {
  #passed = 0
  #failed = 0
  #finished = false

  onRunStart() {
    // on exit, because jest itself may still speak after the last reporter
    process.once('exit', () => {
      if (!this.#finished) this.#failed += 1
      const line = `tests: ${this.#passed} passed, ${this.#failed} failed\n`
      const file = process.env.SECONDER_CLOSING_LINE_FILE
      if (file) writeFileSync(file, line)
      else writeSync(1, line)
    })
  }

  onRunComplete(_contexts, results) {
    this.#finished = true
    this.#passed = results.numPassedTests
    this.#failed = results.numFailedTests + results.testResults.filter((suite) => suite.testExecError).length
    if (this.#passed + this.#failed === 0) this.#failed = 1
  }

  /** What jest asks to learn whether to end with a failure. */
  getLastError() {
    return this.#finished && this.#failed > 0 ? new Error(`${this.#failed} failed`) : undefined
  }
}
