import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '..', '..')

/**
 * The lines that a simulation said, played as its command plays it: by a process of its own. That it found something,
 * and so ended with another status than 0, is for the caller to judge; that it did not get as far as its last line is not.
 *
 * @param path of its entry, from the root of the repository
 * @throws Error with what it complained of, when it broke
 */
export async function played(
  path: string,
  options: string[],
  settings: Record<string, string> = {},
): Promise<string[]> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', './test/support/run-typescript.js', path, ...options],
    { cwd: root, env: { ...process.env, ...settings } },
  ).catch((failed: { stdout: string; stderr: string }) => failed)
  const lines = stdout.trim().split('\n')
  if (!lines.at(-1)?.startsWith('violations: ')) throw new Error(`The simulation broke.\n${stdout}${stderr}`)
  return lines
}
