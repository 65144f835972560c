import type { Envelope, EnvelopeChannel } from '../../drafts/envelope.js'
import { revisionDifference } from '../../drafts/revision-difference.js'
import { firstCode, longestCode, pointsOf } from '../../governance/code-of-ethics.js'
import { checklist } from '../checklist.js'
import { reviewPage } from './review-page.js'
import type { ChangesSince, ReviewedChannel, ReviewPage, ReviewView } from './review-view.js'

const hash = '3f9a'.repeat(16)
const nasty = `<script>alert('x')</script> & "quotes"`

const bluesky: ReviewedChannel = {
  channelId: 'c1',
  network: 'bluesky',
  networkName: 'Bluesky',
  channelName: 'Riverside',
  text: 'Stall this Saturday, 11am. #SaveOur42 https://example.org/bus?a=1&b=2.',
  link: 'https://example.org/',
  pictures: [
    {
      src: '/review/r1/picture/p1',
      small: '/review/r1/picture/p1?small=7000',
      alt: 'Poster: save the 42 bus',
      width: 1200,
      height: 675,
    },
  ],
  length: '98 of 300 characters',
  below: [],
  contentWarning: null,
  visibility: null,
  target: null,
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
  pass: null,
  channels: [bluesky],
  deadline: 'Tuesday 24 November, 16:22 (Europe/London)',
  since: null,
  earlierVersions: [],
  remarks: [],
  remarksLeftOut: 0,
  noticed: ['“CLP” may not be clear to everyone.'],
  held: false,
  strict: false,
  needs: 'Needs one more, from anyone but Ana.',
  ethics: { points: pointsOf(firstCode), number: 1, madeOn: '23 November 2026' },
}

/** Bluesky's part of an envelope as `bluesky` shows it, but for what is different. */
function sealed(over: Partial<EnvelopeChannel> = {}): EnvelopeChannel {
  return {
    channelId: 'c1',
    network: 'bluesky',
    remoteAccountId: 'did:plc:1',
    text: bluesky.text,
    link: bluesky.link,
    language: 'en-GB',
    pictures: [{ sha256: 'p1', mime: 'image/jpeg', alt: 'Poster: save the 42 bus' }],
    ...over,
  }
}

const envelope = (channels: EnvelopeChannel[], timing: Envelope['timing'] = soon): Envelope => ({
  version: 1,
  channels,
  timing,
})
const soon = { kind: 'as_soon_as_approved', zone: 'Europe/London' } as const

/** What changed from these channels to what is shown. */
function since(before: Envelope, after = envelope([sealed()]), because: ChangesSince['because'] = 'answered') {
  const difference = revisionDifference(before, after)
  const pictures = Object.fromEntries(
    ['p0', 'p1', 'p2'].map((hash) => [
      hash,
      { src: `/review/r1/picture/${hash}`, small: `/review/r1/picture/${hash}?small=900`, width: 12, height: 9 },
    ]),
  )
  const channels = difference.channels.map((each) => ({ ...each, channelName: 'Riverside', networkName: 'Bluesky' }))
  return { since: { ...difference, version: 1, because, channels, pictures }, earlierVersions: [1] }
}

const open = (over: Partial<ReviewView> = {}, rest: Partial<ReviewPage & { kind: 'open' }> = {}): string =>
  reviewPage({ kind: 'open', view: { ...view, ...over }, answers: null, problem: null, ...rest })

const answers = { decision: 'approve', ticks: ['kind'], note: `Well done ${nasty}`, place: '', words: '' }

const everyKind: Record<string, ReviewPage> = {
  open: { kind: 'open', view, answers: null, problem: null },
  code: {
    kind: 'code',
    view,
    answers,
    problem: 'That is not the code.',
    triesLeft: 3,
    sentTo: 'b…@example.org',
    passkey: false,
  },
  decided: { kind: 'decided', view, decision: 'approve', mayStop: true, showPost: true, problem: null },
  suggest: {
    kind: 'suggest',
    view,
    places: [
      { word: 'text', label: 'the text for all channels', words: 'Stall at ten.', picture: null },
      { word: 'alt:m1', label: 'the description of picture 1', words: '', picture: bluesky.pictures[0]! },
    ],
    answers: null,
    problem: null,
  },
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
    for (const page of [
      ...Object.values(everyKind).map(reviewPage),
      open(since(envelope([sealed({ text: 'Other words.' })]))),
    ]) {
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
      pictures: [{ src: '/p"x', small: '/p"x?small=1', alt: nasty, width: 10, height: 10 }],
      target: {
        remoteId: nasty,
        root: nasty,
        address: `https://example.org/${nasty}`,
        author: { handle: nasty, name: nasty },
        text: `</blockquote>${nasty}`,
        version: nasty,
        manner: 'quote',
      },
      when: nasty,
    }
    const nastyPart = (number: number) =>
      sealed({
        text: `${number} ${nasty}`,
        link: `https://example.org/${number}${nasty}`,
        pictures: [{ sha256: `"${number}`, mime: 'image/png', alt: `${number} ${nasty}` }],
      })
    const { since: nastyChanges } = since(
      envelope([nastyPart(1), { ...nastyPart(1), channelId: 'gone' }]),
      envelope([nastyPart(2)], { kind: 'exact', zone: nasty, wall: nasty, toleranceMinutes: 5 }),
    )
    const all: ReviewView = {
      requestId: 'r/1"',
      groupName: nasty,
      authorName: nasty,
      reviewerName: nasty,
      version: 2,
      hash: nasty,
      csrf: nasty,
      pass: null,
      channels: [hostile],
      deadline: nasty,
      remarks: [
        {
          name: nasty,
          when: nasty,
          version: 1,
          text: nasty,
          suggestion: { label: nasty, state: 'open', difference: [{ kind: 'added', text: nasty }] },
        },
      ],
      remarksLeftOut: 3,
      since: {
        ...nastyChanges,
        channels: nastyChanges.channels.map((each) => ({ ...each, channelName: nasty, networkName: nasty })),
      },
      earlierVersions: [1],
      noticed: [nasty],
      held: true,
      strict: false,
      needs: nasty,
      ethics: { points: [nasty, nasty, nasty, nasty], number: 1, madeOn: nasty },
    }
    const badAnswers = {
      decision: 'suggest',
      ticks: [nasty],
      note: `</textarea>${nasty}`,
      place: nasty,
      words: `</textarea>${nasty}`,
    }
    const nastyPlace = { word: nasty, label: nasty, words: `</textarea>${nasty}`, picture: null }
    const pages: ReviewPage[] = [
      { kind: 'open', view: all, answers: badAnswers, problem: nasty },
      { kind: 'code', view: all, answers: badAnswers, problem: nasty, triesLeft: 5, sentTo: nasty, passkey: false },
      { kind: 'decided', view: all, decision: nasty, mayStop: true, showPost: true, problem: nasty },
      { kind: 'decided', view: all, decision: 'approve', mayStop: true, showPost: true, problem: nasty },
      { kind: 'suggest', view: all, places: [nastyPlace], answers: null, problem: nasty },
      { kind: 'suggest', view: all, places: [nastyPlace], answers: badAnswers, problem: nasty },
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
    expect(page).toContain('src="/review/r1/picture/p1?small=7000"')
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

  it('shows what the post answers before our words, apart from them, with nothing of it to be pressed but its address', () => {
    const target = {
      remoteId: '7',
      root: '7',
      address: 'https://social.example/@ana/7',
      author: { handle: 'ana', name: 'Ana' },
      text: 'See https://elsewhere.example now',
      version: 'v',
      manner: 'answer' as const,
    }
    const page = open({ channels: [{ ...bluesky, target }] })
    expect(page).toContain('<h4>This answers <bdi>Ana (@ana)</bdi>, who wrote:</h4>')
    expect(page).toContain('<blockquote dir="auto">See https://elsewhere.example now</blockquote>')
    expect(page).toContain('<a href="https://social.example/@ana/7"')
    expect(page.indexOf('<blockquote')).toBeLessThan(page.indexOf('Stall this Saturday'))
    const bare = open({ channels: [{ ...bluesky, target: { ...target, text: '', address: 'javascript:alert(1)' } }] })
    expect(bare).toContain('It has no words')
    expect(bare).not.toContain('href="javascript')
  })

  it('says plainly that somebody’s post would be passed on, with words of ours or without any', () => {
    const target = {
      remoteId: '7',
      root: '7',
      address: 'https://social.example/@ana/7',
      author: { handle: 'ana', name: 'Ana' },
      text: 'Come all!',
      version: 'v',
      manner: 'repost' as const,
    }
    const wordless = { ...bluesky, text: '', link: null, pictures: [], target }
    const said = (html: string) => html.replace(/<[^>]+>/g, '').replace(/\s+/g, ' ')
    const repost = said(open({ channels: [wordless] }))
    expect(repost).toContain('You would pass on, without words of our own, what Ana (@ana) wrote: Come all!')
    expect(repost).toContain('its pictures, films and links too')
    expect(open({ channels: [wordless] })).not.toContain('class="words"')
    const quote = said(open({ channels: [{ ...bluesky, target: { ...target, manner: 'quote' } }] }))
    expect(quote).toContain('You would pass on, with words of our own above it, what Ana (@ana) wrote: Come all!')
  })

  it('lets a film be played, with its description, and shows no small one of it', () => {
    const page = open({ channels: [{ ...bluesky, pictures: [{ ...bluesky.pictures[0]!, small: '', film: true }] }] })
    expect(page).toMatch(/<video controls[^>]* src="\/review\/r1\/picture\/p1"/)
    expect(page).toContain('Description: Poster: save the 42 bus')
    expect(page).not.toContain('<img')
  })

  it('says plainly when a picture has no description', () => {
    expect(open({ channels: [{ ...bluesky, pictures: [{ ...bluesky.pictures[0]!, alt: '' }] }] })).toContain(
      'Description: <strong>none</strong>',
    )
  })

  it('says where a description is shown to nobody', () => {
    const page = open({ channels: [{ ...bluesky, network: 'telegram', networkName: 'Telegram' }] })
    expect(page).toContain('Description (Telegram does not show it): Poster: save the 42 bus')
  })

  it('offers four answers and a note on its own, and names the content they are for', () => {
    const page = open()
    const buttons = [...page.matchAll(/name="decision" value="(\w+)">([^<]+)</g)].map(([, value, label]) => [
      value,
      label,
    ])
    expect(buttons).toEqual([
      ['approve', 'Approve: let it go out'],
      ['changes', 'Ask for changes'],
      ['stop', 'Stop this post'],
      ['comment', 'Only send the note'],
      ['words', 'Suggest other words'],
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
    const before = sealed({ text: 'Stall this Saturday, 10am. #SaveOur42 https://example.org/bus?a=1&b=2.' })
    const page = open(since(envelope([before])))
    expect(page).toContain('What changed since version 1')
    expect(page).toContain('the last one that you answered')
    expect(page).toContain('<del><i>[removed: </i>10am.<i>] </i></del>')
    expect(page).toContain('<ins><i>[added: </i>11am.<i>] </i></ins>')
  })

  it('shows an exchanged picture beside the former one, each named and described', () => {
    const page = open(
      since(envelope([sealed({ pictures: [{ sha256: 'p0', mime: 'image/jpeg', alt: 'Old poster' }] })])),
    )
    expect(page).toContain('Picture 1 was replaced.')
    expect(page).toMatch(/<figcaption>Before<\/figcaption>.*picture\/p0\?small=900.*alt="Before: Old poster"/)
    expect(page).toMatch(/<figcaption>Now<\/figcaption>.*picture\/p1\?small=900.*alt="Now: Poster: save the 42 bus"/)
    expect(page).toMatch(/Description of picture 1: .*\[removed: <\/i>Old poster</)
  })

  it.each([
    ['a new order of pictures', { pictures: ['p2', 'p1'] }, 'Picture 2 was picture 1.'],
    ['a picture more', { pictures: [] }, 'Picture 1 is new.'],
    ['a picture less', { pictures: ['p1', 'p2', 'p0'] }, 'A picture was removed,</strong> the former picture 3.'],
    ['another link', { link: 'https://example.net/' }, '[removed: </i>https://example.net/<'],
    ['another language', { language: 'cy' }, '[removed: </i>cy<'],
    ['another account', { remoteAccountId: 'did:plc:2' }, 'connected to a different account'],
  ])('says it when there is %s', (_, over, said) => {
    const picture = (sha256: string) => ({ sha256, mime: 'image/jpeg', alt: 'Poster: save the 42 bus' })
    const was = 'pictures' in over ? { pictures: over.pictures.map(picture) } : over
    const now = sealed({ pictures: ['p1', 'p2'].map(picture) })
    expect(open(since(envelope([sealed({ pictures: now.pictures, ...was })]), envelope([now])))).toContain(said)
  })

  it('says when nothing changed, when a channel is new or gone, and when the time is another', () => {
    expect(open(since(envelope([sealed()])))).toContain('Nothing that will be public differs')
    expect(open(since(envelope([])))).toContain('New since version 1')
    const gone = open(since(envelope([sealed(), sealed({ channelId: 'c9', text: 'Only there.' })])))
    expect(gone).toContain('Not any more: Riverside')
    expect(gone).toContain('[removed: </i>Only there.<')
    const exact = { kind: 'exact', zone: 'Europe/London', wall: '2026-11-24T17:20', toleranceMinutes: 5 } as const
    expect(open(since(envelope([sealed()], exact)))).toContain('Tuesday 24 November, 17:20 (Europe/London)')
    expect(open()).not.toContain('since version')
  })

  it('leads to the comparison with any other version', () => {
    const page = open({ ...since(envelope([sealed()])), earlierVersions: [3, 2, 1] })
    expect(page).toContain('<a href="/review/r1?since=3">version 3</a>')
    expect(page).toContain('<a href="/review/r1?since=2">version 2</a>')
    expect(page).not.toContain('since=1"')
    expect(open({ earlierVersions: [1] })).toContain('which you have not been asked about')
  })

  it('says that a post is on hold', () => {
    expect(open({ held: true })).toContain('On hold.')
    expect(open()).not.toContain('On hold.')
  })

  it('shows the first points of the code of ethics, the rest behind one tap, and which version it is', () => {
    const page = open({
      ethics: { points: ['Be kind.', 'Be true.', 'Be brief.', 'Be <b>bold</b>.'], number: 3, madeOn: '1 May 2026' },
    })
    const [shown, rest] = page.slice(page.indexOf('Our code of ethics')).split('<details>')
    expect(shown).toContain('Be brief.')
    expect(rest).toContain('The other point (version 3 of 1 May 2026)')
    expect(rest).toContain('Be &lt;b&gt;bold&lt;/b&gt;.')
    const few = open({ ethics: { points: ['Be kind.'], number: 1, madeOn: '1 May 2026' } })
    expect(few).toContain('This is version 1 of 1 May 2026.')
  })

  it('leaves the pictures their share of 50 KB, with long words of their own for three channels, all of them changed', () => {
    const text = 'Come to the library and sign for the bus. '.repeat(24)
    const channels = ['c1', 'c2', 'c3'].map((channelId) => ({ ...bluesky, channelId, text }))
    const parts = (words: string) =>
      channels.map(({ channelId }) => sealed({ channelId, text: `${channelId} ${words}` }))
    const changes = since(envelope(parts(text.replaceAll('bus', 'train'))), envelope(parts(text)))
    expect(Buffer.byteLength(open({ ...changes, channels }))).toBeLessThan(25_500)
    const ethics = {
      points: Array<string>(25).fill('o'.repeat(longestCode / 25)),
      number: 99,
      madeOn: '23 November 2026',
    }
    expect(Buffer.byteLength(open({ ...changes, channels, ethics }))).toBeLessThan(27_000)
    // As long as ReviewViewsService lets them be.
    const words = (word: string) => ({ kind: 'added' as const, text: `${word} `.repeat(240 / 5) })
    const difference = [words('here'), { ...words('gone'), kind: 'removed' as const }]
    const suggestion = { label: 'the text for all channels', state: 'applied' as const, difference }
    const remark = { name: 'Cleo', when: 'Monday 23 November, 09:30', version: 1, text: words('what').text, suggestion }
    const remarks = [remark, remark, remark, remark]
    expect(Buffer.byteLength(open({ ...changes, channels, ethics, remarks }))).toBeLessThan(31_000)
  })
})

describe('what a reviewer says without deciding', () => {
  it('can be a note on its own, and is confirmed as what it is', () => {
    expect(open()).toContain('<button class="quiet" name="decision" value="comment">Only send the note</button>')
    expect(open({}, { said: 'comment' })).toContain('Your note was sent.')
    expect(open({}, { said: 'comment' })).toContain('This decided nothing.')
    expect(open()).not.toContain('was sent.')
  })

  it('can be other words, one form a place, filled in with what is there', () => {
    const page = reviewPage(everyKind['suggest']!)
    expect(open()).toContain('<button class="quiet" name="decision" value="words">Suggest other words</button>')
    expect(page.match(/<form/g)).toHaveLength(2)
    expect(values(page, 'place')).toEqual(['text', 'alt:m1'])
    expect(values(page, 'csrf')).toEqual(['csrf-of-this-page', 'csrf-of-this-page'])
    expect(page).toContain('<label for="w0">The text for all channels</label>')
    expect(page).toMatch(/<textarea id="w0" name="words"[^>]*>\nStall at ten\.<\/textarea>/)
    expect(page).toContain('src="/review/r1/picture/p1?small=7000"')
  })

  it('comes again with its problem, and nothing that was typed is lost', () => {
    const suggest = everyKind['suggest'] as ReviewPage & { kind: 'suggest' }
    const typed = { decision: 'suggest', ticks: [], note: 'Clearer', place: 'text', words: 'Stall at 10.' }
    const page = reviewPage({ ...suggest, answers: typed, problem: 'Change something first.' })
    expect(page).toContain('Change something first.')
    expect(page).toContain('\nStall at 10.</textarea>')
    expect(page).toContain('\nClearer</textarea>')
    const code = reviewPage({
      kind: 'code',
      view,
      answers: typed,
      problem: null,
      triesLeft: 5,
      sentTo: 'b…@example.org',
      passkey: false,
    })
    expect([values(code, 'place'), values(code, 'words'), values(code, 'decision')]).toEqual([
      ['text'],
      ['Stall at 10.'],
      ['suggest'],
    ])
  })

  it('is shown to the others before they decide, with what became of it', () => {
    const remark = {
      name: 'Cleo',
      when: 'Monday 23 November, 09:30',
      version: 1,
      text: 'Which library?',
      suggestion: null,
    }
    const suggestion = {
      label: 'the words',
      state: 'applied' as const,
      difference: [
        { kind: 'removed' as const, text: 'ten' },
        { kind: 'added' as const, text: 'eleven' },
      ],
    }
    const page = open({ remarks: [remark, { ...remark, text: '', suggestion }], remarksLeftOut: 2 })
    expect(page).toContain('Which library?')
    expect(page).toContain('<del><i>[removed: </i>ten<i>] </i></del><ins><i>[added: </i>eleven<i>] </i></ins>')
    expect(page).toContain('the author took it up')
    expect(page).toContain('2 earlier remarks are')
    expect(open()).not.toContain('What people said')
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
    reviewPage({ kind: 'decided', view, decision, mayStop, showPost: true, problem: null })

  it.each([
    ['approve', 'you approved version 2'],
    ['changes', 'You asked for changes'],
    ['stop', 'You stopped this post'],
    ['hand_over', 'Someone else will check it'],
  ])('says what was decided: %s', (decision, words) => {
    expect(decided(decision, false)).toContain(words)
  })

  it('leads whoever approved to a later hold, which they may end', () => {
    const held = {
      kind: 'decided',
      view: { ...view, held: true },
      mayStop: false,
      showPost: true,
      problem: null,
    } as const
    expect(reviewPage({ ...held, decision: 'approve' })).toContain('put on hold after that')
    expect(reviewPage({ ...held, decision: 'stop' })).not.toContain('put on hold after that')
    expect(decided('approve', false)).not.toContain('put on hold after that')
  })

  it('offers to stop only while that is possible', () => {
    expect(decided('approve', true)).toContain('name="decision" value="stop"')
    expect(values(decided('approve', true), 'hash')).toEqual([hash])
    expect(decided('approve', false)).not.toContain('<form')
  })
})
