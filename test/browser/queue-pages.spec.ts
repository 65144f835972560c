import type { Browser } from 'playwright-core'

import { barriers, launchBrowser, settled, sideways, troubleOf } from '../support/browser.js'
import { Instance } from '../support/instance.js'

const lately = `select date_trunc('second', max(updated_at)) as at from posts`

let instance: Instance
let browser: Browser

beforeAll(async () => {
  ;[instance, browser] = await Promise.all([Instance.start(), launchBrowser()])
}, 180_000)

afterAll(async () => {
  await browser?.close()
  expect(await instance?.stop()).toBe(0)
})

it('a long queue says that it is long, and shows more by keyboard: it says how many came, and the focus stays', async () => {
  // Drafts like those that are there, a second apart.
  await instance.query(
    `insert into posts (group_id, id, author_id, state, content, wish, editing, created_at, updated_at)
     select group_id, gen_random_uuid(), author_id, 'draft', content, wish, true, created_at, (${lately}) - n * interval '1 second'
     from (select * from posts where state = 'draft' order by id limit 1) as draft, generate_series(1, 130) as n`,
  )
  const ana = (await instance.people()).find(({ name }) => name.startsWith('Ana'))!
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, reducedMotion: 'reduce' })
  const trouble = troubleOf(context)
  const page = await context.newPage()
  await context.request.post(`${instance.origin}/api/demo/enter`, {
    data: { memberId: ana.memberId },
    headers: { 'x-seconder': '1', origin: instance.origin },
  })
  await page.goto(`${instance.origin}/`)
  await page.waitForURL('**/queue')
  await page.getByText('There are many posts').waitFor()
  const drafts = page.locator('section', { has: page.getByRole('heading', { name: /^Drafts/ }) })
  await drafts.getByText('50 so far').waitFor()
  const more = page.getByRole('button', { name: 'Show more posts' })
  await settled(page)
  expect(await barriers(page)).toEqual([])

  await more.focus()
  await page.keyboard.press('Enter')
  await page.getByText('50 more posts are shown.', { exact: true }).waitFor()
  await drafts.getByText('100 so far').waitFor()
  expect(await more.evaluate((button) => button.matches(':focus'))).toBe(true)

  await page.keyboard.press('Enter')
  const all = page.getByText(/^\d+ more posts are shown\. That is all of them\.$/)
  await all.waitFor()
  expect(await more.count()).toBe(0)
  expect(await all.evaluate((words) => words.matches(':focus'))).toBe(true)
  expect(await drafts.getByRole('article').count()).toBeGreaterThanOrEqual(130)
  expect(await page.getByText('There are many posts').count()).toBe(0)
  expect(await sideways(page)).toEqual([])
  expect(trouble).toEqual([])
}, 120_000)
