import { DateTime } from 'luxon'

import type { CountedFact, PublicationFact, SummaryFacts } from './facts.js'
import { summaryOf, withoutLoad } from './summary.js'

const at = (iso: string) => DateTime.fromISO(iso, { zone: 'utc' })
/** Monday after week 47 of 2026. */
const now = at('2026-11-23T08:00:00Z')

function counters(reactions: number | null, given: Partial<CountedFact> = {}): CountedFact {
  const none = { replies: null, reposts: null, clicks: null, impressions: null }
  return { age: '48h', takenAt: at('2026-11-20T10:00:00Z'), reactions, ...none, ...given }
}

let made = 0
function publication(given: Partial<PublicationFact> = {}): PublicationFact {
  made += 1
  const slot = given.slot ?? at('2026-11-18T17:22:00Z')
  return {
    id: `publication-${made}`,
    postId: `post-${made}`,
    channelId: 'bluesky',
    channelName: 'Bluesky',
    network: 'bluesky',
    state: 'published',
    slot,
    publishedAt: slot.plus({ seconds: 4 }),
    windowName: 'after work',
    text: 'Repair café this Saturday at the library',
    url: 'https://example.org/1',
    cause: null,
    hasPicture: false,
    labels: [],
    counters: null,
    ...given,
  }
}

function facts(given: Partial<SummaryFacts> = {}): SummaryFacts {
  return {
    week: '2026-W47',
    now,
    final: true,
    group: { name: 'Riverside', slug: 'riverside', zone: 'Europe/London' },
    publications: [],
    review: { requests: 0, rounds: [], sentBack: 0, stopped: 0, load: [] },
    needs: { waiting: [], held: [], troubled: [], channels: [], activeAdmins: 2 },
    auditHead: { seq: 128, hash: 'ab'.repeat(32) },
    ...given,
  }
}

const needs = facts().needs!

/** Two months of posts on one channel, each with as many reactions as given. */
function history(weekly: readonly number[], given: Partial<PublicationFact> = {}): PublicationFact[] {
  return Array.from({ length: 8 }, (_, index) => index + 1).flatMap((ago) =>
    weekly.map((reactions, hour) =>
      publication({
        slot: at('2026-11-18T09:00:00Z').minus({ weeks: ago }).plus({ hours: hour }),
        counters: counters(reactions),
        ...given,
      }),
    ),
  )
}

describe('the headline', () => {
  it('has the facts: what went out, what waits, and when a queue runs dry', () => {
    const posts = Array.from({ length: 9 }, () => publication())
    const waiting = [1, 2].map((n) => ({ postId: `p${n}`, text: 'Soup', since: now.minus({ days: n }) }))
    const channels = [
      { name: 'Facebook', toReconnect: false, lastPlanned: at('2026-11-26T17:00:00Z') },
      { name: 'Bluesky', toReconnect: false, lastPlanned: at('2026-11-30T17:00:00Z') },
    ]
    expect(summaryOf(facts({ publications: posts, needs: { ...needs, waiting, channels } })).headline).toBe(
      'Riverside: 9 posts went out, 2 need a reviewer, Facebook is empty after Thursday',
    )
  })

  it('counts a post on two channels once', () => {
    const posts = [
      publication({ postId: 'one' }),
      publication({ postId: 'one', channelId: 'n', channelName: 'Noticeboard', network: 'noticeboard' }),
    ]
    expect(summaryOf(facts({ publications: posts })).headline).toBe('Riverside: 1 post went out')
  })

  it('says what is most urgent first and not more than fits', () => {
    const troubled = [
      { postId: 'a', text: 'Soup', channelName: 'Bluesky', state: 'failed', cause: 'Too long', repostOf: null },
      { postId: 'b', text: 'Tea', channelName: 'Bluesky', state: 'unconfirmed', cause: null, repostOf: null },
    ]
    const channels = [{ name: 'Facebook', toReconnect: true, lastPlanned: null }]
    const summary = summaryOf(facts({ needs: { ...needs, troubled, channels } }))
    expect(summary.headline).toBe('Riverside: nothing went out, Facebook has to be connected again, 1 could not go out')
    expect(summary.needsYou).toEqual([
      { text: 'Facebook has to be connected again; its posts wait.', path: '/g/riverside/settings/channels' },
      { text: '“Soup” could not go out on Bluesky: Too long.', path: '/g/riverside/posts/a' },
      { text: 'Is “Tea” on Bluesky? The network did not answer; please look and say.', path: '/g/riverside/posts/b' },
    ])
  })

  it('says of a repost whose it passes on, and that it was undone, not that a post was taken down', () => {
    const repost = { postId: 'a', text: '', channelName: 'X', cause: 'No', repostOf: 'Ana Lee (@ana)' }
    const troubled = ['retracted', 'unconfirmed', 'missed', 'failed'].map((state) => ({ ...repost, state }))
    expect(summaryOf(facts({ needs: { ...needs, troubled } })).needsYou.map(({ text }) => text)).toEqual([
      'Our repost of Ana Lee (@ana) was undone on X; a second person has to confirm it.',
      'Is our repost of Ana Lee (@ana) on X? The network did not answer; please look and say.',
      'Our repost of Ana Lee (@ana) missed its time on X.',
      'Our repost of Ana Lee (@ana) could not go out on X: No.',
    ])
  })

  it('is one line for a quiet week', () => {
    const channels = [{ name: 'Noticeboard', toReconnect: false, lastPlanned: null }]
    const summary = summaryOf(facts({ needs: { ...needs, channels } }))
    expect(summary.quiet).toBe(true)
    expect(summary.headline).toBe('Riverside: a quiet week, nothing went out, nothing waits and nothing is planned')
  })

  it('says nothing of what waits now when the week is long over', () => {
    const summary = summaryOf(facts({ needs: null }))
    expect([summary.headline, summary.needsYou]).toEqual(['Riverside: a quiet week, nothing went out', []])
  })
})

describe('what needs somebody', () => {
  it('is one link each: the post where it is one, else the queue', () => {
    const one = { postId: 'p1', text: 'Soup for everyone', since: now.minus({ hours: 30 }) }
    expect(summaryOf(facts({ needs: { ...needs, waiting: [one] } })).needsYou).toEqual([
      { text: '“Soup for everyone” has waited 30 hours for a reviewer.', path: '/g/riverside/posts/p1' },
    ])
    const more = [{ ...one, since: now.minus({ days: 4 }) }, one]
    expect(summaryOf(facts({ needs: { ...needs, waiting: more } })).needsYou).toEqual([
      { text: '2 posts wait for a reviewer, the oldest for 4 days.', path: '/g/riverside/queue' },
    ])
  })

  it('warns of a group that hangs on one admin', () => {
    expect(summaryOf(facts({ needs: { ...needs, activeAdmins: 1 } })).needsYou.map((each) => each.path)).toEqual([
      '/g/riverside/settings/people',
    ])
  })

  it('never ends a post’s first words in half a character', () => {
    const waiting = [{ postId: 'p', text: '🎉'.repeat(200), since: now }]
    expect(summaryOf(facts({ needs: { ...needs, waiting } })).needsYou[0]!.text.isWellFormed()).toBe(true)
  })
})

describe('what went out', () => {
  it('is told by channel, with what was late and why something failed', () => {
    const late = publication({ slot: at('2026-11-17T12:00:00Z'), publishedAt: at('2026-11-17T12:09:30Z') })
    const failed = publication({ state: 'failed', publishedAt: null, cause: 'Bluesky refused the text' })
    const [channel] = summaryOf(facts({ publications: [publication(), publication(), late, failed] })).wentOut
    expect(channel).toEqual({
      channelName: 'Bluesky',
      network: 'bluesky',
      published: 3,
      failed: 1,
      onTime: 2,
      text: '3 of 4 posts went out; 2 of 3 on time, the others late by up to 10 minutes. 1 did not go out: Bluesky refused the text.',
    })
  })

  it('belongs to the week in which it went out, by the group’s own Sunday night', () => {
    const sunday = publication({ slot: at('2026-11-22T23:59:00Z') })
    const monday = publication({ slot: at('2026-11-23T00:00:00Z') })
    expect(summaryOf(facts({ publications: [sunday, monday] })).headline).toBe('Riverside: 1 post went out')
  })

  it('tells what is still planned of a week that is not over', () => {
    const later = publication({ state: 'planned', publishedAt: null, slot: at('2026-11-20T17:00:00Z') })
    const [channel] = summaryOf(
      facts({ now: at('2026-11-19T12:00:00Z'), publications: [publication(), later] }),
    ).wentOut
    expect(channel?.text).toBe('1 post went out, on time. 1 more is planned.')
  })
})

describe('what people responded to', () => {
  it('is told in plain numbers; what the network did not tell is not available, never 0', () => {
    const seen = publication({ counters: counters(12, { replies: 3 }) })
    const [top] = summaryOf(facts({ publications: [seen] })).top
    expect(top?.text).toBe('12 reactions, 3 replies, reposts not available, as counted at 48 hours.')
    expect(top?.counters).toMatchObject({ reactions: 12, replies: 3, reposts: null })
    const board = publication({
      network: 'noticeboard',
      channelName: 'Noticeboard',
      counters: counters(2, { impressions: 40 }),
    })
    expect(summaryOf(facts({ publications: [board] })).top[0]?.text).toBe(
      '2 reactions, 40 views, as counted at 48 hours.',
    )
  })

  it('takes the three with the most responses, and says when a count is younger', () => {
    const posts = [5, 1, 9, 3].map((n) =>
      publication({ text: `Post ${n}`, counters: counters(n, { age: n === 9 ? '24h' : '48h' }) }),
    )
    const { top } = summaryOf(facts({ publications: [...posts, publication()] }))
    expect(top.map((each) => each.firstWords)).toEqual(['Post 9', 'Post 5', 'Post 3'])
    expect(top[0]!.text).toContain('as counted at 24 hours, as there is no later count yet')
  })

  it('leaves out posts that nobody responded to or that were not counted', () => {
    const { top, usual } = summaryOf(
      facts({ publications: [publication(), publication({ counters: counters(null) })] }),
    )
    expect(top).toEqual([])
    expect(usual).toBe('Responses at 48 hours are not available yet.')
  })

  it('is compared with the eight weeks before, without percentages', () => {
    const before = history([3, 6, 12])
    const week = (reactions: number) =>
      [0, 1, 2].map((hour) =>
        publication({ slot: at('2026-11-17T09:00:00Z').plus({ hours: hour }), counters: counters(reactions) }),
      )
    const said = (reactions: number) => summaryOf(facts({ publications: [...before, ...week(reactions)] })).usual
    expect(said(6)).toMatch(
      /^A typical post drew 6 responses at 48 hours\. That is as usual: by the 8 weeks before, [\d.]+ to [\d.]+ is ordinary/,
    )
    expect(said(40)).toContain('more than usual')
    expect(said(0)).toContain('less than usual')
    expect(said(6)).not.toContain('%')
    expect(summaryOf(facts({ publications: week(6) })).usual).toBe('Too few posts to say whether this week was usual.')
  })

  it('compares a small channel with itself, not with a large one', () => {
    const large = history([300, 500], { channelId: 'large' })
    const small = history([1, 3], { channelId: 'small' })
    const week = [0, 1, 2].map((hour) =>
      publication({
        channelId: 'small',
        slot: at('2026-11-17T09:00:00Z').plus({ hours: hour }),
        counters: counters(2),
      }),
    )
    expect(summaryOf(facts({ publications: [...large, ...small, ...week] })).usual).toMatch(
      /^A typical post drew 1\.\d times what is usual on its channel at 48 hours\. That is as usual: by the 8 weeks before, 0\.\d to 1\.\d times is/,
    )
  })
})

describe('windows, pictures and labels', () => {
  it('have an interval from eight posts on, and below that too few to say', () => {
    const posts = [...history([4, 8]), ...history([6], { windowName: 'lunch', labels: ['local'] }).slice(0, 7)]
    const { byWindow, byLabel, byPicture, chartSvg } = summaryOf(facts({ publications: posts }))
    expect(byWindow.map(({ name, n, mean }) => [name, n, mean === null])).toEqual([
      ['after work', 16, false],
      ['lunch', 7, true],
    ])
    expect(byWindow[1]!.text).toBe('Lunch: too few posts to say (7 posts).')
    expect(byLabel).toMatchObject([{ name: 'local', n: 7, mean: null, low: null, high: null }])
    expect(byPicture).toMatchObject([{ name: 'without a picture', n: 23 }])
    expect(chartSvg).toContain('After work (16)')
    expect(chartSvg).not.toContain('Lunch')
  })

  it('keep a weekend’s window apart from the same on weekdays', () => {
    const posts = [...history([4]), ...history([4]).map((each) => ({ ...each, slot: each.slot.plus({ days: 3 }) }))]
    expect(summaryOf(facts({ publications: posts })).byWindow.map((each) => each.name)).toEqual([
      'after work',
      'after work (weekend)',
    ])
  })

  it('have no chart while there is nothing to draw', () => {
    expect(summaryOf(facts({ publications: [publication({ counters: counters(3) })] })).chartSvg).toBe('')
  })
})

describe('review', () => {
  const rounds = [30, 90, 2000].map((minutes) => ({
    askedAt: at('2026-11-17T09:00:00Z'),
    answeredAt: at('2026-11-17T09:00:00Z').plus({ minutes }),
  }))

  it('is told by the first answer to each version', () => {
    const { review } = summaryOf(facts({ review: { requests: 6, rounds, sentBack: 2, stopped: 1, load: [] } }))
    expect(review).toMatchObject({
      requests: 6,
      medianMinutes: 90,
      slowestMinutes: 2000,
      within24: '2 of 3 posts were answered within 24 hours.',
      caught: 'Review caught something: it sent 2 posts back for changes and stopped 1 post.',
    })
  })

  it('counts what nobody has answered for a day, and not what is fresh', () => {
    const open = [
      { askedAt: now.minus({ hours: 30 }), answeredAt: null },
      { askedAt: now.minus({ hours: 2 }), answeredAt: null },
    ]
    const { review } = summaryOf(facts({ review: { requests: 2, rounds: open, sentBack: 0, stopped: 0, load: [] } }))
    expect(review).toMatchObject({
      medianMinutes: null,
      slowestMinutes: null,
      within24: 'One post was not answered within 24 hours.',
    })
  })

  it('keeps who was asked how often from all but admins', () => {
    const load = [{ name: 'Ben', asked: 3, answered: 2 }]
    const summary = summaryOf(facts({ review: { requests: 3, rounds, sentBack: 0, stopped: 0, load } }))
    expect([summary.review.load, withoutLoad(summary).review.load]).toEqual([load, null])
  })
})
