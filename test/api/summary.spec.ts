import { DateTime } from 'luxon'
import PostalMime from 'postal-mime'

import type { Group } from '../../src/groups/group.js'
import type { Member } from '../../src/groups/member.js'
import { Sealing } from '../../src/kernel/sealing.js'
import { type MailContent, unpackContent } from '../../src/mail/new-mail.js'
import type { EngagementView } from '../../src/summaries/engagement.dto.js'
import { SummariesService } from '../../src/summaries/summaries.service.js'
import type { Summary } from '../../src/summaries/summary.js'
import { startApp, type TestApp } from '../support/app.js'
import { type PastPost, publishedPost } from '../support/published-post.js'

const at = (iso: string) => DateTime.fromISO(iso, { zone: 'utc' })
/** Monday 23 November 2026, 08:00 in London: week 47 is over. */
const monday = at('2026-11-23T08:00:00Z')

let app: TestApp
beforeAll(async () => {
  app = await startApp({ ticking: false })
  await setClock(monday)
})
afterAll(() => app?.close())

/** Process and database alike, to the minute. */
async function setClock(instant: DateTime): Promise<void> {
  await app.letPass({ minutes: Math.ceil(instant.diff(app.clock.now(), 'minutes').minutes) })
}

interface Made {
  readonly group: Group
  readonly ana: Member
  readonly ben: Member
  readonly cleo: Member
  readonly channelId: string
}

/** Ana (admin, writes), Ben and Cleo (review; Cleo wants the summary), Dora (admin), and a Bluesky account. */
async function makeGroup(name: string, began = at('2026-11-01T09:00:00Z'), timeZone = 'Europe/London'): Promise<Made> {
  const { group, members } = await app.makeGroup({ name, timeZone }, [
    { name: `Ana ${name}`, roles: ['admin', 'editor'] },
    { name: `Ben ${name}`, roles: ['reviewer'] },
    { name: `Cleo ${name}`, roles: ['reviewer'] },
    { name: `Dora ${name}`, roles: ['admin'] },
  ])
  const [ana, ben, cleo] = members
  await app.query('update groups set created_at = $2 where id = $1', [group.id, began.toJSDate()])
  await app.query('update members set gets_summary = true where id = $1', [cleo.id])
  const [channel] = await app.query<{ id: string }>(
    `insert into channels (group_id, id, network, remote_account_id, name, handle, sealed_credentials, gap_minutes, daily_cap, created_at)
     values ($1, gen_random_uuid(), 'bluesky', 'did:plc:' || $2, 'Bluesky', 'x.example.org', '', 30, 10, $3) returning id`,
    [group.id, group.slug, began.toJSDate()],
  )
  return { group, ana, ben, cleo, channelId: channel!.id }
}

function post(
  { group, ana, ben, channelId }: Made,
  given: Omit<PastPost, 'groupId' | 'channelId' | 'author' | 'reviewer'>,
) {
  return publishedPost(app, { groupId: group.id, channelId, author: ana, reviewer: ben, ...given })
}

const summaries = () => app.app.get(SummariesService)

async function mailsOf(group: Group): Promise<({ to: string; subject: string } & MailContent)[]> {
  const rows = await app.query<{ recipient: string; subject: string; sealed_content: string }>(
    `select recipient, subject, sealed_content from mails where group_id = $1 and kind = 'weekly-summary' order by recipient, created_at`,
    [group.id],
  )
  return rows.map((row) => ({
    to: row.recipient,
    subject: row.subject,
    ...unpackContent(app.app.get(Sealing).open(row.sealed_content, 'mail')),
  }))
}

async function keptWeeks(group: Group): Promise<Record<string, boolean>> {
  const rows = await app.query<{ week: string; mailed: boolean }>(
    'select week, mailed_at is not null as mailed from summaries where group_id = $1 order by week',
    [group.id],
  )
  return Object.fromEntries(rows.map((row) => [row.week, row.mailed]))
}

describe('a finished week', () => {
  it('is summed up and mailed once, though several processes finish it at the same moment', async () => {
    const made = await makeGroup('Once')
    await post(made, { slot: at('2026-11-18T17:22:00Z') })
    const { createApp } = await import('../../src/start.js')
    const other = await createApp(app.config, app.database, { quiet: true })
    try {
      const both = [app.app, other].flatMap((process) =>
        [process, process, process].map((each) => each.get(SummariesService)),
      )
      const won = await Promise.all(both.map((each) => each.finish(made.group.id, '2026-W47')))
      expect(won.filter(Boolean)).toHaveLength(1)
    } finally {
      await other.close()
    }
    expect((await mailsOf(made.group)).map((mail) => mail.to)).toEqual([
      'ana.once@example.org',
      'cleo.once@example.org',
      'dora.once@example.org',
    ])
    expect(await keptWeeks(made.group)).toEqual({ '2026-W47': true })
  })

  it('is mailed once to a human being with two memberships, and not to who left or wants none', async () => {
    const made = await makeGroup('Person')
    await app.query('update people set same_as = $2 where id = $1', [made.cleo.personId, made.ana.personId])
    await app.query('update members set gets_summary = true where id = $1', [made.ben.id])
    await app.query(`update members set status = 'suspended' where id = $1`, [made.ben.id])
    await summaries().finish(made.group.id, '2026-W47')
    expect((await mailsOf(made.group)).map((mail) => mail.to)).toEqual([
      'ana.person@example.org',
      'dora.person@example.org',
    ])
  })

  it('is due on Monday at eight, back to when the group began; only the newest is mailed', async () => {
    const made = await makeGroup('Due', at('2026-11-05T12:00:00Z'))
    await setClock(monday.minus({ minutes: 2 }))
    await summaries().finishDue()
    expect(await keptWeeks(made.group)).toEqual({ '2026-W45': false, '2026-W46': true })
    await setClock(monday)
    await summaries().finishDue()
    await summaries().finishDue()
    expect(await keptWeeks(made.group)).toEqual({ '2026-W45': false, '2026-W46': true, '2026-W47': true })
    expect((await mailsOf(made.group)).filter((mail) => mail.to === 'ana.due@example.org')).toHaveLength(2)
  })

  it('stays as it was computed, whatever is counted later', async () => {
    const made = await makeGroup('Kept')
    const { publicationId } = await post(made, {
      slot: at('2026-11-21T17:22:00Z'),
      counters: { '24h': { reactions: 3 } },
    })
    await summaries().finish(made.group.id, '2026-W47')
    const before = await summaries().get(made.group.id, '2026-W47')
    await app.query(
      `insert into engagement_samples (group_id, publication_id, age, taken_at, reactions) values ($1, $2, '48h', clock(), 90)`,
      [made.group.id, publicationId],
    )
    expect(await summaries().get(made.group.id, '2026-W47')).toEqual(before)
    expect([before.final, before.top[0]?.text]).toEqual([
      true,
      '3 reactions, replies not available, reposts not available, as counted at 24 hours, as there is no later count yet.',
    ])
  })

  it('is undone altogether when it cannot be mailed, and made at the next try', async () => {
    const made = await makeGroup('Again')
    await app.query(
      `alter table mails add constraint no_mail_again check (recipient <> 'dora.again@example.org') not valid`,
    )
    await expect(summaries().finish(made.group.id, '2026-W47')).rejects.toThrow('no_mail_again')
    expect([await keptWeeks(made.group), await mailsOf(made.group)]).toEqual([{}, []])
    await app.query('alter table mails drop constraint no_mail_again')
    expect(await summaries().finish(made.group.id, '2026-W47')).toBe(true)
    expect(await mailsOf(made.group)).toHaveLength(3)
  })
})

describe('the facts of a week', () => {
  let made: Made
  let summary: Summary
  beforeAll(async () => {
    made = await makeGroup('Facts', at('2026-08-01T09:00:00Z'))
    for (let ago = 1; ago <= 8; ago += 1) {
      const day = at('2026-11-18T17:22:00Z').minus({ weeks: ago })
      await post(made, { slot: day, counters: { '48h': { reactions: 4 + ago, replies: 1, reposts: 0 } } })
      await post(made, {
        slot: day.minus({ hours: 5 }),
        windowName: 'lunch',
        labels: ['local'],
        counters: { '48h': { reactions: ago, replies: 0, reposts: 0 } },
      })
    }
    await post(made, {
      slot: at('2026-11-16T00:00:00Z'),
      text: 'The first minute of Monday',
      hasPicture: true,
      counters: { '1h': { reactions: 1 }, '48h': { reactions: 20, replies: 2, reposts: 1 } },
    })
    await post(made, {
      slot: at('2026-11-18T17:22:00Z'),
      lateSeconds: 300,
      answeredAfterMinutes: 200,
      counters: { '48h': { reactions: 7, replies: null } },
    })
    await post(made, { slot: at('2026-11-19T17:22:00Z'), counters: { '48h': { reactions: null } } })
    await post(made, { slot: at('2026-11-20T17:22:00Z'), refused: 'Bluesky refused the text' })
    await post(made, { slot: at('2026-11-15T23:20:00Z'), text: 'The last hour of the Sunday before' })
    await post(made, { slot: at('2026-11-22T12:00:00Z') })
    await setClock(monday)
    await summaries().finish(made.group.id, '2026-W47')
    summary = await summaries().get(made.group.id, '2026-W47')
  })

  it('are of that week by the group’s own clock, by channel, with cause and lateness', () => {
    expect(summary.headline).toBe(
      'Facts: 4 posts went out, 1 could not go out, nothing is planned on Bluesky and Noticeboard',
    )
    expect(summary.wentOut).toEqual([
      {
        channelName: 'Bluesky',
        network: 'bluesky',
        published: 4,
        failed: 1,
        onTime: 3,
        text: '4 of 5 posts went out; 3 of 4 on time, the others late by up to 5 minutes. 1 did not go out: Bluesky refused the text.',
      },
    ])
  })

  it('never make a number of what was not told', () => {
    expect(summary.top.map((each) => [each.firstWords, each.text])).toEqual([
      ['The first minute of Monday', '20 reactions, 2 replies, 1 repost, as counted at 48 hours.'],
      [
        'Repair café this Saturday at the library',
        '7 reactions, replies not available, reposts not available, as counted at 48 hours.',
      ],
    ])
    expect(summary.usual).toContain(
      'Too few posts to say whether this week was usual. 2 posts have no count at 48 hours yet.',
    )
  })

  it('tell windows from eight posts on, and the fewer as too few', () => {
    expect(summary.byWindow.map(({ name, n }) => [name, n])).toEqual([['after work', 10], ['lunch', 8]]) // prettier-ignore
    expect(summary.byPicture.find((each) => each.name === 'with a picture')).toMatchObject({ n: 1, mean: null })
    expect(summary.byLabel).toMatchObject([{ name: 'local', n: 8 }])
  })

  it('tell how review went, and who was asked only to admins', async () => {
    expect(summary.review).toMatchObject({
      requests: 4,
      medianMinutes: 20,
      slowestMinutes: 200,
      within24: 'All 4 posts were answered within 24 hours.',
    })
    const path = `/api/groups/${made.group.slug}/engagement?week=2026-W47`
    const seen = async (email: string) => (await (await app.signedIn(email)).get<EngagementView>(path)).body
    const [ana, ben] = [await seen('ana.facts@example.org'), await seen('ben.facts@example.org')]
    expect(ana.review.load).toEqual([
      { name: 'Ben Facts', asked: 4, answered: 4 },
      { name: 'Cleo Facts', asked: 0, answered: 0 },
    ])
    expect(ben).toEqual({ ...ana, review: { ...ana.review, load: null } })
    expect(ana.weeks.slice(0, 3)).toEqual(['2026-W47', '2026-W46', '2026-W45'])
    const mails = await mailsOf(made.group)
    expect(mails.map((mail) => [mail.to.split('.')[0], mail.text.includes('Reviewer: Ben Facts')])).toEqual([
      ['ana', true],
      ['cleo', false],
      ['dora', true],
    ])
  })

  it('can be looked at while the week is on, and nothing of that is kept', async () => {
    const answer = await (
      await app.signedIn('ben.facts@example.org')
    ).get<EngagementView>(`/api/groups/${made.group.id}/engagement?week=2026-W48`)
    expect(answer.body).toMatchObject({ week: '2026-W48', from: '2026-11-23', to: '2026-11-29', final: false })
    expect(Object.keys(await keptWeeks(made.group))).toEqual(['2026-W47'])
    const wrong = await (
      await app.signedIn('ben.facts@example.org')
    ).get(`/api/groups/${made.group.id}/engagement?week=2025-W53`)
    expect([wrong.status, wrong.body['code']]).toEqual([422, 'no-such-week'])
  })

  it('come as a table for spreadsheets, which runs nothing', async () => {
    await post(made, { slot: at('2026-11-17T09:10:00Z'), text: '=HYPERLINK("http://evil.example","x")' })
    const ana = await app.signedIn('ana.facts@example.org')
    const { body, headers } = await ana.get<string>(
      `/api/groups/${made.group.slug}/engagement.csv?from=2026-11-16&to=2026-11-22`,
    )
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const lines = body.trim().split('\r\n')
    expect(lines).toHaveLength(7)
    expect(lines[1]).toMatch(
      /^2026-11-16 00:00:03,2026-11-16 00:00:00,Bluesky,bluesky,published,The first minute of Monday,.*,48h,20,2,1,,,/,
    )
    expect(body).toContain(`"'=HYPERLINK(""http://evil.example"",""x"")"`)
    expect((await ana.get(`/api/groups/${made.group.slug}/engagement.csv?from=2026-11-22&to=2026-11-16`)).status).toBe(
      422,
    )
  })

  it('are another group’s business to nobody', async () => {
    const other = await makeGroup('Elsewhere')
    await summaries().finish(other.group.id, '2026-W47')
    const { headline, quiet } = await summaries().get(other.group.id, '2026-W47')
    expect([quiet, headline]).toEqual([
      true,
      'Elsewhere: a quiet week, nothing went out, nothing waits and nothing is planned',
    ])
  })
})

describe('the week of a change of clocks', () => {
  it('is whole: an hour longer in autumn, and what lies outside is not in it', async () => {
    const made = await makeGroup('Clocks', at('2026-08-01T09:00:00Z'))
    // Week 43 of 2026 goes from Sunday 23:00 UTC (summer time) to Monday 00:00 UTC (winter time).
    await post(made, { slot: at('2026-10-18T22:58:00Z'), text: 'before' })
    await post(made, { slot: at('2026-10-18T23:30:00Z'), text: 'first' })
    await post(made, { slot: at('2026-10-25T23:30:00Z'), text: 'last' })
    await post(made, { slot: at('2026-10-26T00:00:00Z'), text: 'after' })
    const out = async (week: string) => (await summaries().compute(made.group.id, week)).wentOut[0]?.published
    expect([await out('2026-W42'), await out('2026-W43'), await out('2026-W44')]).toEqual([1, 2, 1])
  })
})

describe('the mail', () => {
  it('is one line for a quiet week', async () => {
    const made = await makeGroup('Quiet')
    await summaries().finish(made.group.id, '2026-W47')
    const [mail] = await mailsOf(made.group)
    expect(mail?.subject).toBe('Quiet: a quiet week, nothing went out, nothing waits and nothing is planned')
    expect(mail?.attachments).toEqual([])
    const said = mail!.text
      .split('-- ')[0]!
      .split('\n')
      .filter((line) => /\w/.test(line))
    expect(said).toEqual([
      'Quiet',
      'A quiet week, nothing went out, nothing waits and nothing is planned.',
      '* Stop these weekly mails',
      expect.stringMatching(/^ {2}http.*\/unsubscribe\/[\w-]{64}$/),
    ])
  })

  it('has plain text, HTML and the chart inside, under 100 KB, and asks nobody for anything outside', async () => {
    const made = await makeGroup('Chart', at('2026-08-01T09:00:00Z'))
    for (let ago = 0; ago <= 8; ago += 1) {
      await post(made, {
        slot: at('2026-11-18T17:22:00Z').minus({ weeks: ago }),
        counters: { '48h': { reactions: 4 + ago, replies: 1, reposts: 0 } },
      })
    }
    await summaries().finish(made.group.id, '2026-W47')
    const [mail] = await mailsOf(made.group)
    const [chart] = mail!.attachments
    expect(chart).toMatchObject({ cid: 'responses-by-window', mime: 'image/png' })
    expect(mail!.html).toContain(`src="cid:${chart!.cid}" alt="After work typically drew `)
    expect(mail!.html).not.toMatch(/(src|background)="(?!cid:)/)
    expect(mail!.text).toContain('Kind: After work\nPosts: 9\n')
    const { default: nodemailer } = await import('nodemailer')
    const { message } = (await nodemailer.createTransport({ streamTransport: true, buffer: true }).sendMail({
      from: 'a@example.org',
      to: mail!.to,
      subject: mail!.subject,
      text: mail!.text,
      html: mail!.html,
      attachments: mail!.attachments.map(({ cid, filename, content }) => ({ cid, filename, content })),
    })) as unknown as { message: Buffer }
    expect(message.length).toBeLessThan(100_000)
    const read = await PostalMime.parse(message)
    expect([
      read.text?.includes('What went out'),
      read.html?.includes('<table'),
      read.attachments[0]?.mimeType,
    ]).toEqual([true, true, 'image/png'])
  })

  it('goes out again on demand, and says so when the week is not over', async () => {
    const made = await makeGroup('Demand')
    expect(await summaries().send(made.group.id, '2026-W48')).toBe(3)
    expect(await summaries().send(made.group.id, '2026-W48')).toBe(3)
    expect(await mailsOf(made.group)).toHaveLength(6)
    expect(await keptWeeks(made.group)).toEqual({})
    await expect(summaries().send(made.group.id, '2026-W77')).rejects.toThrow('is not a week')
  })
})

describe('the link to stop the mails', () => {
  it('stops them by a press or by the mail program’s one click, never by being opened', async () => {
    const made = await makeGroup('Stop')
    await summaries().finish(made.group.id, '2026-W47')
    const [mail] = await mailsOf(made.group)
    const link = /^<(.*)>$/.exec(mail!.headers['List-Unsubscribe']!)![1]!
    expect(mail!.headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click')
    expect(mail!.html).toContain(link)
    const path = new URL(link).pathname
    const before = await app.everything()
    const page = await app.visitor().get<string>(path)
    expect(page.body).toContain('Stop the weekly summary of Stop?')
    expect((await app.visitor().ask('HEAD', path)).status).toBe(200)
    expect(await app.everything()).toEqual(before)
    // As a mail provider sends it: no origin, no cookie (RFC 8058, section 3.2).
    const stopped = await fetch(new URL(path, app.origin), {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'List-Unsubscribe=One-Click',
    })
    expect([stopped.status, await stopped.text()]).toEqual([
      200,
      expect.stringContaining('The weekly summary of Stop is stopped'),
    ])
    expect((await app.visitor().submit(path)).status).toBe(200)
    await summaries().send(made.group.id, '2026-W48')
    expect((await mailsOf(made.group)).filter((each) => each.to === mail!.to)).toHaveLength(1)
    const entries = await app.query<{ payload: string }>(
      `select payload from audit_entries where group_id = $1 and payload like '%getsSummary%'`,
      [made.group.id],
    )
    expect(entries.map((each) => JSON.parse(each.payload) as unknown)).toEqual([
      { kind: 'member-changed', memberId: made.ana.id, by: made.ana.id, getsSummary: false },
    ])
  })

  it('is worth nothing when it was made up', async () => {
    const made = await makeGroup('Forged')
    const before = await app.everything()
    for (const token of ['x', 'A'.repeat(64), Buffer.from(made.group.id + made.ana.id).toString('base64url')]) {
      expect((await app.visitor().get(`/unsubscribe/${token}`)).status).toBe(404)
      expect((await app.visitor().submit(`/unsubscribe/${token}`)).status).toBe(404)
    }
    expect(await app.everything()).toEqual(before)
  })
})
