import { join } from 'node:path'

import type { Browser } from 'playwright-core'

import type { Connection } from '../../src/platforms/platform.js'
import { barriers, launchBrowser, sideways } from '../support/browser.js'
import { aPicture, inTime, startNoticeboard } from './noticeboard-fixture.js'

let board: Awaited<ReturnType<typeof startNoticeboard>>
let browser: Browser
let oaks: Connection
let withPictures: string

beforeAll(async () => {
  board = await startNoticeboard()
  browser = await launchBrowser()
  oaks = await board.group('oaks', 'Friends of Oakfield Library')
  await board.publish(
    oaks,
    { text: 'Doors open at 18:30.', link: 'https://example.org/meetings/november?from=board' },
    '2026-11-22T12:10:00.000Z',
  )
  await board.publish(oaks, { text: 'Wir suchen Freiwillige für Samstag.', language: 'de' }, '2026-11-23T08:04:00.000Z')
  withPictures = await board.publish(oaks, {
    text: 'The library stays open! 1,204 of you signed, and on Monday the council voted 31 to 14 to keep it.\n\nThank you. We meet on Tuesday at 19:00 in the reading room to plan what comes next – the agenda is at https://example.org/agenda, and cake is on us.\n\n#SaveOurLibraries',
    pictures: [
      await aPicture(
        'About forty people outside the library, holding a banner that reads "Still open"',
        '#4d7c8a',
        800,
        600,
      ),
      await aPicture('The vote on the screen in the council chamber: 31 for, 14 against', '#b7a57a', 600, 800),
      await aPicture('', '#7f5a58', 800, 500),
    ],
  })
})

afterAll(async () => {
  await browser?.close()
  await board?.stop()
})

describe('the noticeboard in a browser', () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [320, 1280]) {
      it(`is free of known barriers in ${colorScheme} at ${width} px, and never scrolls sideways`, async () => {
        const page = await browser.newPage({ colorScheme, viewport: { width, height: 800 } })
        const paths = ['/noticeboard/oaks', `/noticeboard/oaks/${withPictures}?useful=counted`, '/noticeboard/oaks/x']
        for (const [index, path] of paths.entries()) {
          await page.goto(board.origin + path)
          const found = await barriers(page)
          expect([path, found]).toEqual([path, []])
          expect([path, await sideways(page)]).toEqual([path, []])
          const folder = process.env['SECONDER_SCREENSHOTS']
          if (folder)
            await page.screenshot({
              path: join(folder, `noticeboard-${index}-${colorScheme}-${width}.png`),
              fullPage: true,
            })
        }
        await page.close()
      })
    }
  }

  it('counts a notice that was on the screen, and a press of the button by keyboard, without a cookie', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    const seen = page.waitForResponse((response) => response.url().endsWith('/views'))
    await page.goto(`${board.origin}/noticeboard/oaks/${withPictures}`)
    expect((await seen).status()).toBe(204)
    await page.getByRole('button', { name: 'This was useful' }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('status').waitFor()
    expect(await page.getByRole('status').textContent()).toContain('Thank you. This was counted')
    const counters = await board.adapter.counters(oaks, [withPictures], inTime())
    expect(counters.get(withPictures)).toMatchObject({ reactions: 1, impressions: 1 })
    expect(await context.cookies()).toEqual([])
    await context.close()
  })

  it('works without a script, and then counts no view', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    const asked: string[] = []
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`))
    await page.goto(`${board.origin}/noticeboard/oaks/${withPictures}`)
    await page.getByRole('button', { name: 'This was useful' }).click()
    await page.getByRole('status').waitFor()
    expect(asked.filter((line) => line.startsWith('POST'))).toEqual([`POST /noticeboard/oaks/${withPictures}/useful`])
    await context.close()
  })
})
