import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const root = join(import.meta.dirname, '..', '..')

/** Chromium without a window; the program is in a package. `SECONDER_BROWSER` names another one. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['SECONDER_BROWSER'] ?? (await unpackedProgram())
  // none of the package's own flags: they are for a cloud, and switch the protection of web pages off
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--font-render-hinting=none', '--disable-webgl', '--hide-scrollbars'],
    headless: true,
    timeout: 90_000,
  })
}

/**
 * Unpacks it once for this checkout: a place that all users share would be the first one's, and not to be trusted.
 * Several of jest's workers may do so at once: a rename makes it whole or not there. Whatever else the test starts
 * meanwhile goes on: a connection that it waits for would be too late after the seconds that this takes.
 */
async function unpackedProgram(): Promise<string> {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>
  }
  const cache = join(root, 'node_modules', '.cache')
  const home = join(cache, `chromium-${devDependencies['@sparticuz/chromium']}`)
  if (!existsSync(home)) {
    mkdirSync(cache, { recursive: true })
    const unpacked = mkdtempSync(`${home}-`)
    // in a process of its own, since the package unpacks to wherever the process keeps its temporary files
    const script = "await (await import('@sparticuz/chromium')).default.executablePath()"
    await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
      cwd: root,
      env: { ...process.env, TMPDIR: unpacked },
    })
    try {
      renameSync(unpacked, home)
    } catch {
      rmSync(unpacked, { recursive: true })
    }
  }
  return join(home, 'chromium')
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What axe finds on the page as it is now, each with the first elements concerned. */
export async function barriers(page: Page): Promise<string[]> {
  // evaluated from outside, so that the page's own content policy stays as it is
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe)
  return page.evaluate(`axe.run({ runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] }).then((result) =>
    result.violations.map((found) => found.id + ': ' + found.nodes.slice(0, 4).map((node) => node.html.slice(0, 300) + ' ' + node.failureSummary).join(' | ')))`)
}

/** The elements that reach out of the page, or of a dialog, to the right; none, unless it scrolls sideways. */
export function sideways(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const found = []
    for (const whole of [document.documentElement, ...document.querySelectorAll('dialog[open]')]) {
      if (whole.scrollWidth <= whole.clientWidth) continue
      const right = whole.getBoundingClientRect().left + whole.clientLeft + whole.clientWidth + 1
      const wide = [...whole.querySelectorAll('*')].filter((each) => each.getBoundingClientRect().right > right)
      found.push('scrolls to ' + whole.scrollWidth, ...wide.slice(0, 5).map((each) => each.outerHTML.slice(0, 160)))
    }
    return found
  })()`)
}

/** The texts of which a part cannot be seen because their box is too small. What only screen readers get is left out. */
export function cutOff(page: Page): Promise<string[]> {
  return page.evaluate(`(() => {
    const hides = /hidden|clip/
    return [...document.body.querySelectorAll('*')].filter((each) => {
      const style = getComputedStyle(each)
      const box = each.getBoundingClientRect()
      if (box.width <= 1 || box.height <= 1 || !each.textContent.trim() || each.closest('svg')) return false
      return (hides.test(style.overflowX) && each.scrollWidth > each.clientWidth + 1)
        || (hides.test(style.overflowY) && each.scrollHeight > each.clientHeight + 1)
    }).map((each) => each.outerHTML.slice(0, 200))
  })()`)
}

/**
 * Fills with what no page does: an error in the console (also what the content policy refused), an exception, a request
 * that came to nothing, an answer that says no (such as `404 GET /nowhere`).
 */
export function troubleOf(context: BrowserContext): string[] {
  const trouble: string[] = []
  context.on('console', (message) => {
    // the browser's word for an answer that is listed below with its address
    const isAnswer = message.text().startsWith('Failed to load resource: the server responded')
    if (message.type() === 'error' && !isAnswer) trouble.push(message.text())
  })
  context.on('weberror', (error) => trouble.push(String(error.error().stack)))
  context.on('requestfailed', (request) => {
    const { errorText } = request.failure() ?? { errorText: 'unknown' }
    // what was on its way when the page was left
    if (errorText !== 'net::ERR_ABORTED') trouble.push(`${errorText} ${request.method()} ${request.url()}`)
  })
  context.on('response', (response) => {
    if (response.status() < 400) return
    trouble.push(`${response.status()} ${response.request().method()} ${new URL(response.url()).pathname}`)
  })
  return trouble
}

/** Waits until the page has drawn what it was last told, and nothing on it moves any more. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    await frame()
    await frame()
    const moving = document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime !== Infinity)
    await Promise.all(moving.map((each) => each.finished.catch(() => undefined)))
    await document.fonts.ready
  })()`)
}
