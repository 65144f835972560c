import { checklist } from './checklist.js'
import { reviewPage } from './review-page.js'
import type { ReviewedChannel, ReviewPage, ReviewView } from './review-view.js'

const hash = '3f9a'.repeat(16)
const nasty = `<script>alert('x')</script> & "quotes"`

const bluesky: ReviewedChannel = {
  channelId: 'c1',
  network: 'bluesky',
  networkName: 'Bluesky',
  channelName: 'Riverside',
  text: 'Stall this Saturday, 11am. #SaveOur42 https://example.org/bus?a=1&b=2.',
  link: 'https://example.org/',
  pictures: [{ src: '/review/r1/picture/p1', alt: 'Poster: save the 42 bus', width: 1200, height: 675 }],
  length: '98 of 300 characters',
  before: null,
  when: 'Tuesday 24 November, 17:22 (Europe/London), after work',
}

const view: ReviewView = {
  requestId: 'r1',
  groupName: 'Riverside',
  authorName: 'Ana',
  reviewerName: 'Ben',
  version: 2,
  hash,
  csrf: 'csrf-of-this-page',
  channels: [bluesky],
  deadline: 'Tuesday 24 November, 16:22 (Europe/London)',
  earlierVersion: null,
  noticed: ['“CLP” may not be clear to everyone.'],
  held: false,
  needs: 'Needs one more, from anyone but Ana.',
}

const open = (over: Partial<ReviewView> = {}, rest: Partial<ReviewPage & { kind: 'open' }> = {}): string =>
  reviewPage({ kind: 'open', view: { ...view, ...over }, answers: null, problem: null, ...rest })

const answers = { decision: 'approve', ticks: ['kind'], note: `Well done ${nasty}` }

const everyKind: Record<string, ReviewPage> = {
  open: { kind: 'open', view, answers: null, problem: null },
  code: { kind: 'code', view, answers, problem: 'That is not the code.', triesLeft: 3, sentTo: 'b…@example.org' },
  decided: { kind: 'decided', view, decision: 'approve', mayStop: true, problem: null },
  explained: {
    kind: 'explained',
    groupName: 'Riverside',
    title: 'Cleo was quicker',
    sentences: ['Cleo approved it.', 'Thank you.'],
  },
}

/** The values of a form's fields of one name, in order. */
function values(page: string, name: string): string[] {
  return [...page.matchAll(new RegExp(`name="${name}" value="([^"]*)"`, 'g'))].map((match) => match[1]!)
}

describe('every page of the review link', () => {
  it.each(Object.entries(everyKind))('is a whole small document without scripts: %s', (_, page) => {
    const text = reviewPage(page)
    expect(text).toMatch(/^<!doctype html><html lang="en-GB">.*<\/html>$/s)
    expect(text).not.toMatch(/<script|javascript:|\son[a-z]+=|undefined|\[object|@import|url\(/i)
    expect(text.match(/<h1/g)).toHaveLength(1)
    expect(text).toContain('<meta name="robots" content="noindex">')
    expect(text).toContain('<meta name="referrer" content="no-referrer">')
    expect(Buffer.byteLength(text)).toBeLessThan(20_000)
  })

  it('has headings in order, without gaps', () => {
    for (const page of [...Object.values(everyKind).map(reviewPage), open({ earlierVersion: 1 })]) {
      const levels = [...page.matchAll(/<h([1-6])/g)].map((match) => Number(match[1]))
      expect(levels[0]).toBe(1)
      expect(levels.filter((level, index) => index > 0 && level > levels[index - 1]! + 1)).toEqual([])
    }
  })

  it('shows whatever people typed as text, never as markup', () => {
    const hostile: ReviewedChannel = {
      ...bluesky,
      channelName: nasty,
      networkName: nasty,
      text: `${nasty} https://example.org/"onmouseover="x`,
      link: 'javascript:alert(1)',
      pictures: [{ src: '/p"x', alt: nasty, width: 10, height: 10 }],
      before: { text: `before ${nasty}`, pictures: [{ alt: `old ${nasty}` }] },
      when: nasty,
    }
    const all: ReviewView = {
      requestId: 'r/1"',
      groupName: nasty,
      authorName: nasty,
      reviewerName: nasty,
      version: 2,
      hash: nasty,
      csrf: nasty,
      channels: [hostile],
      deadline: nasty,
      earlierVersion: 1,
      noticed: [nasty],
      held: true,
      needs: nasty,
    }
    const badAnswers = { decision: nasty, ticks: [nasty], note: `</textarea>${nasty}` }
    const pages: ReviewPage[] = [
      { kind: 'open', view: all, answers: badAnswers, problem: nasty },
      { kind: 'code', view: all, answers: badAnswers, problem: nasty, triesLeft: 5, sentTo: nasty },
      { kind: 'decided', view: all, decision: nasty, mayStop: true, problem: nasty },
      { kind: 'decided', view: all, decision: 'approve', mayStop: true, problem: nasty },
      { kind: 'explained', groupName: nasty, title: nasty, sentences: [nasty] },
    ]
    for (const page of pages.map(reviewPage)) {
      expect(page).not.toMatch(/<script|<\/textarea><|href="javascript|"onmouse|"quotes"/)
      expect(page).toContain('&lt;script&gt;')
    }
    expect(reviewPage(pages[0]!)).toContain('action="/review/r%2F1%22"')
  })
})

describe('the page on which a reviewer decides', () => {
  it('shows the words, the link, the pictures with their descriptions, when, and until when', () => {
    const page = open()
    expect(page).toContain('Stall this Saturday, 11am.')
    expect(page).toContain('src="/review/r1/picture/p1?small=1"')
    expect(page).toContain('alt="Poster: save the 42 bus"')
    expect(page).toContain('Description: Poster: save the 42 bus')
    expect(page).toContain('<a href="/review/r1/picture/p1"')
    expect(page).toContain('Tuesday 24 November, 17:22 (Europe/London), after work')
    expect(page).toContain(
      'If nobody answers by <strong>Tuesday 24 November, 16:22 (Europe/London)</strong> it will <strong>not</strong> go out.',
    )
    expect(page).toContain('“CLP” may not be clear to everyone.')
  })

  it('leads to the addresses in the text without swallowing the full stop', () => {
    expect(open()).toContain('href="https://example.org/bus?a=1&amp;b=2"')
  })

  it('says plainly when a picture has no description', () => {
    expect(open({ channels: [{ ...bluesky, pictures: [{ ...bluesky.pictures[0]!, alt: '' }] }] })).toContain(
      'Description: <strong>none</strong>',
    )
  })

  it('offers four answers and names the content they are for', () => {
    const page = open()
    const buttons = [...page.matchAll(/name="decision" value="(\w+)">([^<]+)</g)].map(([, value, label]) => [
      value,
      label,
    ])
    expect(buttons).toEqual([
      ['approve', 'Approve: let it go out'],
      ['changes', 'Ask for changes'],
      ['stop', 'Stop this post'],
      ['hand_over', 'Someone else should check this'],
    ])
    expect(page).toContain('method="post" action="/review/r1"')
    expect(values(page, 'hash')).toEqual([hash])
    expect(values(page, 'csrf')).toEqual(['csrf-of-this-page'])
  })

  it('has one tick for every check, none of them ticked or demanded beforehand', () => {
    const page = open()
    expect(values(page, 'tick')).toEqual(checklist.map((item) => item.id))
    expect(page).not.toMatch(/<(input|textarea)[^>]* (checked|required)/)
  })

  it('sends nothing when Enter is pressed in a tick box', () => {
    const form = open().split('<form')[1]!
    expect(form.indexOf('formmethod="dialog"')).toBeLessThan(form.indexOf('name="decision"'))
    expect(form.match(/<button[^>]*>/)![0]).toContain(' formmethod="dialog"')
  })

  it('comes again with the problem first and the answers kept', () => {
    const page = open({}, { answers, problem: 'Please tick what you have checked.' })
    const main = page.split('<main>')[1]!
    expect(main.indexOf('role="alert" tabindex="-1" autofocus')).toBeLessThan(main.indexOf('<h1>'))
    expect(main).toContain('Please tick what you have checked.')
    expect(page).toContain('<title>Problem: ')
    expect(page).toContain('value="kind" checked')
    expect(page.match(/Not ticked yet/g)).toHaveLength(2)
    expect(page).toContain('Well done &lt;script&gt;')
  })

  it('shows what changed since the reviewer last looked, to eyes and to screen readers', () => {
    const before = {
      text: 'Stall this Saturday, 10am. #SaveOur42 https://example.org/bus?a=1&b=2.',
      pictures: [{ alt: 'Old poster' }],
    }
    const page = open({ earlierVersion: 1, channels: [{ ...bluesky, before }] })
    expect(page).toContain('What changed since version 1')
    expect(page).toContain('<del><span class="v">[removed: </span>10am.<span class="v">] </span></del>')
    expect(page).toContain('<ins><span class="v">[added: </span>11am.<span class="v">] </span></ins>')
    expect(page).toContain('[removed: </span>Old poster<')
    expect(page).toContain('[added: </span>Poster: save the 42 bus<')
  })

  it('says when nothing changed, and when a channel is new', () => {
    const before = { text: bluesky.text, pictures: bluesky.pictures }
    expect(open({ earlierVersion: 1, channels: [{ ...bluesky, before }] })).toContain(
      'are the same as when you last looked',
    )
    expect(open({ earlierVersion: 1 })).toContain('New since version 1')
    expect(open()).not.toContain('since version')
  })

  it('says that a post is on hold', () => {
    expect(open({ held: true })).toContain('On hold.')
    expect(open()).not.toContain('On hold.')
  })

  it('stays under 20 KB with a long post for three channels and all that changed', () => {
    const text = 'Come to the library and sign for the bus. '.repeat(24)
    const long = { ...bluesky, text, before: { text: text.replaceAll('bus', 'train'), pictures: [] } }
    expect(
      Buffer.byteLength(
        open({ earlierVersion: 1, channels: [bluesky, { ...bluesky, before: { text: 'Short', pictures: [] } }, long] }),
      ),
    ).toBeLessThan(20_000)
  })
})

describe('the page that asks for the mailed code', () => {
  const page = reviewPage(everyKind['code']!)

  it('carries the answers along', () => {
    expect(page).toContain('action="/review/r1/code"')
    expect(values(page, 'decision')).toEqual(['approve'])
    expect(values(page, 'tick')).toEqual(['kind'])
    expect(values(page, 'hash')).toEqual([hash])
    expect(values(page, 'csrf')).toEqual(['csrf-of-this-page'])
    expect(values(page, 'note')[0]).toContain('Well done &lt;script&gt;')
  })

  it('lets a phone fill in the code, and sends a new one without it', () => {
    expect(page).toMatch(/name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="6"/)
    expect(page).toMatch(/name="again" value="1" formnovalidate/)
    expect(page).toContain('3 tries left')
    expect(page).toContain('b…@example.org')
    expect(page).toContain('That is not the code.')
  })
})

describe('the page after the decision', () => {
  const decided = (decision: string, mayStop: boolean) =>
    reviewPage({ kind: 'decided', view, decision, mayStop, problem: null })

  it.each([
    ['approve', 'you approved version 2'],
    ['changes', 'You asked for changes'],
    ['stop', 'You stopped this post'],
    ['hand_over', 'Someone else will check it'],
  ])('says what was decided: %s', (decision, words) => {
    expect(decided(decision, false)).toContain(words)
  })

  it('offers to stop only while that is possible', () => {
    expect(decided('approve', true)).toContain('name="decision" value="stop"')
    expect(values(decided('approve', true), 'hash')).toEqual([hash])
    expect(decided('approve', false)).not.toContain('<form')
  })
})
