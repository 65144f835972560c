import type { EnvelopeChannel } from '../../drafts/envelope.js'
import { revisionDifference } from '../../drafts/revision-difference.js'
import { firstCode, pointsOf } from '../../governance/code-of-ethics.js'
import { composeMail } from '../../mail/mail-layout.js'
import type { ReviewView } from '../page/review-view.js'
import { codeMail, movedMail, receiptMail, requestMail, type Receipt, type WrittenMail } from './review-mail.js'

const link = 'https://queue.example.org/r/token'
const nasty = '<img src=x onerror=alert(1)> & "more"'

const sealed: EnvelopeChannel = {
  channelId: 'c1',
  network: 'bluesky',
  remoteAccountId: 'did:plc:1',
  text: 'Stall this Saturday, 11am.',
  link: 'https://example.org/bus',
  language: 'en-GB',
  pictures: [{ sha256: 'p1', mime: 'image/jpeg', alt: 'Poster: save the 42 bus' }],
}

/** What changed since version 1, which was the same but for this. */
function since(
  over: Partial<EnvelopeChannel> | null,
  timing: { before: string; after: string } | null = null,
): ReviewView['since'] {
  const wall = (at: string) => ({ kind: 'exact', zone: 'Europe/London', wall: at, toleranceMinutes: 5 }) as const
  const envelope = (channels: EnvelopeChannel[], at: string) => ({ version: 1 as const, channels, timing: wall(at) })
  const difference = revisionDifference(
    envelope(over === null ? [] : [{ ...sealed, ...over }], timing?.before ?? '2026-11-24T17:00'),
    envelope([sealed], timing?.after ?? '2026-11-24T17:00'),
  )
  const channels = difference.channels.map((each) => ({
    ...each,
    channelName: 'Riverside buses',
    networkName: 'Bluesky',
  }))
  return { ...difference, version: 1, because: 'answered', channels, pictures: {} }
}

const view: ReviewView = {
  requestId: 'r1',
  groupName: 'Riverside',
  authorName: 'Ana',
  reviewerName: 'Ben',
  version: 2,
  hash: 'ab'.repeat(32),
  csrf: '',
  pass: null,
  channels: [
    {
      channelId: 'c1',
      network: 'bluesky',
      networkName: 'Bluesky',
      channelName: 'Riverside buses',
      text: 'Stall this Saturday, 11am.',
      link: 'https://example.org/bus',
      pictures: [{ src: '/p', small: '/p?small=9', alt: 'Poster: save the 42 bus', width: 10, height: 10 }],
      length: '26 of 300 characters',
      below: [],
      contentWarning: null,
      visibility: null,
      target: null,
      when: 'Tuesday 24 November, 17:22 (Europe/London), after work',
    },
  ],
  deadline: 'Tuesday 24 November, 16:22 (Europe/London)',
  since: since({
    text: 'Stall this Saturday, 10am.',
    pictures: [{ sha256: 'p0', mime: 'image/jpeg', alt: 'Old poster' }],
  }),
  earlierVersions: [1],
  remarks: [],
  remarksLeftOut: 0,
  noticed: ['“CLP” may not be clear to everyone.'],
  held: false,
  strict: false,
  needs: 'Needs one approval, from anyone but Ana.',
  ethics: { points: pointsOf(firstCode), number: 1, madeOn: '23 November 2026' },
}

const receipt: Receipt = {
  groupName: 'Riverside',
  reviewerName: 'Ben',
  decision: 'approve',
  note: null,
  version: 2,
  firstWords: 'Stall this Saturday, 11am.',
  approved: true,
  when: ['Tuesday 24 November, 17:22 (Europe/London)'],
  auditHead: '17:3f9a',
}

const moved = {
  silence: null,
  approved: false,
  groupName: 'Riverside',
  channelName: 'Riverside buses',
  firstWords: 'Stall this Saturday',
  was: 'Tuesday 24 November, 17:22 (Europe/London)',
  now: 'Wednesday 25 November, 07:41 (Europe/London)',
  needs: 'Needs one approval, from anyone but Ana.',
}

function textOf({ subject, parts }: WrittenMail): string {
  return composeMail(parts, { title: subject, groupName: 'Riverside' }).text
}

describe('the mail that asks a reviewer', () => {
  it('says in its subject which group, when, and which version', () => {
    expect(requestMail(view, link).subject).toBe('Riverside: please check a post for Tuesday 17:22 (version 2)')
  })

  it('has no time in its subject when none is set', () => {
    const channels = view.channels.map((channel) => ({ ...channel, when: 'As soon as it is approved' }))
    expect(requestMail({ ...view, channels, deadline: null }, link).subject).toBe(
      'Riverside: please check a post (version 2)',
    )
    expect(textOf(requestMail({ ...view, channels, deadline: null }, link))).toContain('only once it has been approved')
  })

  it('says that there is a film, and where it can be seen', () => {
    const film = { src: '/f', small: '', alt: 'The ferry comes in', width: 10, height: 10, film: true }
    const channels = view.channels.map((channel) => ({ ...channel, pictures: [film] }))
    expect(textOf(requestMail({ ...view, channels }, link))).toContain(
      'A film, to be seen on the page: “The ferry comes in”',
    )
  })

  it('says plainly that somebody’s post would be passed on, with words of ours or without any', () => {
    const target = {
      remoteId: '7',
      root: '7',
      address: 'https://social.example/@ana/7',
      author: { handle: 'ana', name: 'Ana' },
      text: 'Come all!',
      version: 'v',
    }
    const [channel] = view.channels
    const repost = { ...channel!, text: '', link: null, pictures: [], target: { ...target, manner: 'repost' as const } }
    const asked = { ...view, since: null, channels: [repost] }
    const text = textOf(requestMail(asked, link)).replace(/\s+/g, ' ')
    expect(text).toContain(
      'You would pass on, without words of our own, what Ana (@ana) wrote at https://social.example/@ana/7: > Come all! All of their post goes along',
    )
    // Nothing of ours is quoted, not even emptily.
    expect(text.match(/> /g)).toHaveLength(1)
    expect(text).not.toContain('What we add')
    expect(textOf(requestMail(asked, link, null, 'teaser')).replace(/\s+/g, ' ')).toContain(
      'without words of our own, what Ana (@ana) wrote: > Come all!',
    )
    const quote = { ...view, since: null, channels: [{ ...channel!, target: { ...target, manner: 'quote' as const } }] }
    expect(textOf(requestMail(quote, link)).replace(/\s+/g, ' ')).toMatch(
      /with words of our own above it, what Ana .*> Come all! .*What we add: > Stall this Saturday/,
    )
  })

  it('has the words, the pictures by their descriptions, the link, when and until when, and one button', () => {
    const text = textOf(requestMail(view, link))
    expect(text).toContain('> Stall this Saturday, 11am.')
    expect(text).toContain('[Picture: Poster: save the 42 bus]')
    expect(text).toContain('https://example.org/bus')
    expect(text).toContain('When: Tuesday 24 November, 17:22 (Europe/London), after work.')
    expect(text).toContain('If nobody answers by Tuesday 24 November, 16:22 (Europe/London) it will not go out.')
    expect(text).toContain('“CLP” may not be clear to everyone.')
    expect(text).toContain(`Look and decide:\n${link}`)
  })

  it('says in words what changed since the reviewer last looked', () => {
    const text = textOf(requestMail(view, link))
    expect(text).toContain('What changed since version 1')
    expect(text).toContain('* “10am.” is now “11am.”')
    expect(text).toContain('* Picture 1 is another picture now: “Poster: save the 42 bus”')
    expect(textOf(requestMail({ ...view, since: null }, link))).not.toContain('What changed')
  })

  it.each([
    [{ text: 'Stall this 11am.' }, '* Added: “Saturday,”'],
    [{ text: 'Stall this very Saturday, 11am.' }, '* Removed: “very”'],
    [{ pictures: [] }, '* Picture added: “Poster: save the 42 bus”'],
    [
      { pictures: [...sealed.pictures, { ...sealed.pictures[0]!, sha256: 'p2', alt: '' }] },
      '* Picture removed: “without',
    ],
    [
      { pictures: [{ ...sealed.pictures[0]!, alt: 'Poster' }] },
      '* Description of picture 1: “Poster” is now “Poster: save',
    ],
    [{ link: null }, '* Link: “none” is now “https://example.org/bus”'],
    [{ language: 'cy' }, '* Language: “cy” is now “en-GB”'],
    [{ remoteAccountId: 'did:plc:2' }, '* the channel is connected to another account now.'],
    [null, '* Riverside buses: new; the post did not go to this channel before.'],
    [{}, 'Nothing that will be public differs from version 1, which you answered.'],
  ])('says in words what came and what went: %j', (over, words) => {
    expect(textOf(requestMail({ ...view, since: since(over) }, link))).toContain(words)
  })

  it('says when only the time is another', () => {
    const changes = since({}, { before: '2026-11-24T17:00', after: '2026-11-25T08:00' })
    expect(textOf(requestMail({ ...view, since: changes }, link))).toContain(
      '* The time: “Tuesday 24 November, 17:00 (Europe/London)” is now “Wednesday 25 November, 08:00 (Europe/London)”',
    )
  })

  it('says who passed it on', () => {
    expect(textOf(requestMail(view, link, 'Cleo'))).toContain(
      'Cleo thinks that somebody else should check this post by Ana',
    )
  })

  it('loads nothing from anywhere', () => {
    const { subject, parts } = requestMail(view, link)
    expect(composeMail(parts, { title: subject, groupName: 'Riverside' }).html).not.toMatch(/<img|url\(|<link/)
  })
})

describe('the receipt', () => {
  it('tells the reviewer when it goes out, how to stop it, and the head of the log', () => {
    const mail = receiptMail(receipt, { link, forReviewer: true })
    expect(mail.subject).toBe('Riverside: you approved version 2')
    expect(textOf(mail)).toContain('It goes out: Tuesday 24 November, 17:22 (Europe/London).')
    expect(textOf(mail)).toContain(`Look at it, or stop it:\n${link}`)
    expect(textOf(mail)).toContain('log 17:3f9a')
  })

  it('tells the author who approved, and whether more is needed', () => {
    const mail = receiptMail({ ...receipt, approved: false, note: 'Lovely' }, { link, forReviewer: false })
    expect(mail.subject).toBe('Riverside: Ben approved version 2')
    expect(textOf(mail)).toContain('It needs one more approval at least')
    expect(textOf(mail)).not.toContain('It goes out:')
    expect(textOf(mail)).toContain('Ben writes:\n\n> Lovely')
  })

  it('names every time when channels differ, and a shared one once', () => {
    const times = textOf(
      receiptMail({ ...receipt, when: ['Monday', 'Tuesday', 'Monday'] }, { link, forReviewer: true }),
    )
    expect(times).toContain('* Monday\n* Tuesday\n')
    expect(times.match(/Monday/g)).toHaveLength(1)
  })

  it('brings the author the reason for changes', () => {
    const mail = receiptMail(
      { ...receipt, decision: 'changes', note: 'It is 11am, not 10am.' },
      { link, forReviewer: false },
    )
    expect(mail.subject).toBe('Riverside: Ben asks for changes (version 2)')
    expect(textOf(mail)).toContain('> It is 11am, not 10am.')
    expect(textOf(mail)).toContain('This version will not go out.')
  })

  it('says that a stopped post stays where it is until a fresh look', () => {
    const mail = receiptMail({ ...receipt, decision: 'stop' }, { link, forReviewer: false })
    expect(mail.subject).toBe('Riverside: Ben stopped a post (version 2)')
    expect(textOf(mail)).toContain('unless somebody who did not work on it looks at it afresh')
    expect(textOf(mail)).not.toContain('It goes out')
  })
})

describe('the other mails of reviewing', () => {
  it('carry the code, but not where a lock screen shows it', () => {
    const mail = codeMail('048151', 'Riverside')
    expect(mail.subject).not.toContain('048151')
    expect(textOf(mail)).toContain('048151')
    expect(textOf(mail)).toContain('Nobody from Riverside will ever ask you')
  })

  it('tell the author of a new time, or that there is none', () => {
    expect(movedMail(moved, link, null).subject).toBe('Riverside: not approved in time, moved to Wednesday 07:41')
    expect(textOf(movedMail(moved, link, null))).toContain(
      'Its new time is Wednesday 25 November, 07:41 (Europe/London).',
    )
    expect(movedMail({ ...moved, now: null }, link, null).subject).toBe(
      'Riverside: not approved in time, so it waits for a new time',
    )
    expect(textOf(movedMail({ ...moved, now: null }, link, null))).toContain(
      'It has no new time. Open it to give it one',
    )
    // A reviewer cannot give it one.
    expect(textOf(movedMail({ ...moved, now: null }, link, 'Ana'))).toContain('Ana, who wrote it, or another editor')
  })
})

describe('every mail of reviewing', () => {
  const hostile = `${nasty}\r\nBcc: all@example.org`
  const channel = {
    ...view.channels[0]!,
    networkName: hostile,
    channelName: hostile,
    text: hostile,
    link: hostile,
    when: hostile,
  }
  const hostileView: ReviewView = {
    ...view,
    groupName: hostile,
    authorName: hostile,
    reviewerName: hostile,
    channels: [
      {
        ...channel,
        pictures: [{ src: '', small: '', alt: hostile, width: 1, height: 1 }],
      },
    ],
    since: since({ text: `${hostile} before`, link: hostile, pictures: [{ ...sealed.pictures[0]!, alt: hostile }] }),
    deadline: hostile,
    noticed: [hostile],
    needs: hostile,
  }
  const hostileReceipt: Receipt = {
    ...receipt,
    groupName: hostile,
    reviewerName: hostile,
    note: hostile,
    firstWords: hostile,
    when: [hostile],
    auditHead: hostile,
  }
  const mails: [string, WrittenMail][] = [
    ['request', requestMail(hostileView, link, hostile)],
    ...(['approve', 'changes', 'stop'] as const).flatMap((decision): [string, WrittenMail][] => [
      [`${decision}, reviewer`, receiptMail({ ...hostileReceipt, decision }, { link, forReviewer: true })],
      [`${decision}, author`, receiptMail({ ...hostileReceipt, decision }, { link, forReviewer: false })],
    ]),
    ['code', codeMail(nasty, hostile)],
    ['moved, reviewer', movedMail({ ...moved, now: null }, link, hostile)],
    [
      'moved',
      movedMail(
        {
          groupName: hostile,
          channelName: hostile,
          firstWords: hostile,
          was: hostile,
          now: hostile,
          needs: hostile,
          approved: false,
          silence: hostile,
        },
        link,
        null,
      ),
    ],
  ]

  it.each(mails)('shows what people typed as text, and keeps to one line of subject: %s', (_, { subject, parts }) => {
    const { html } = composeMail(parts, { title: subject, groupName: hostile })
    expect(html).not.toContain('<img')
    expect(html).toContain('&lt;img src=x')
    expect(subject).not.toMatch(/[\r\n]/)
  })
})
