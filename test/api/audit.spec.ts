import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { DateTime } from 'luxon'

import { AuditLog } from '../../src/audit/audit-log.service.js'
import { commands } from '../../src/command-line/commands.js'
import { UsageError } from '../../src/command-line/usage.js'
import { LogWatchService } from '../../src/workspace/log-watch.service.js'
import type { LogEntry, LogPage, LogStanding } from '../../src/workspace/log.dto.js'
import type { TestApp } from '../support/app.js'
import { emailOf } from '../support/app.js'
import type { FakeNetwork } from '../support/fake-network.js'
import { moveLate, runDue, startOver, startQuietApp, TestGroup } from '../support/group-fixture.js'
import { rewrite, tamper } from '../support/tampering.js'

let app: TestApp
let network: FakeNetwork
let river: TestGroup
let folder: string

beforeAll(async () => {
  ;({ app, network } = await startQuietApp())
  folder = mkdtempSync(join(tmpdir(), 'seconder-log-'))
})
beforeEach(async () => {
  await startOver(app, network)
  river = await TestGroup.make(app, 'River')
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await app?.close()
})

const watch = () => app.app.get(LogWatchService)
const standing = async (name = 'Dee') =>
  (await (await river.as(name)).get<LogStanding>(river.path('log/standing'))).body

async function entries(filter: Record<string, string> = {}, name = 'Dee'): Promise<LogEntry[]> {
  const path = river.path(`log?${new URLSearchParams(filter).toString()}`)
  const { status, body } = await (await river.as(name)).get<LogPage>(path)
  if (status !== 200) throw new Error(`the log answered ${status}: ${JSON.stringify(body)}`)
  return body.entries
}

/** Somebody goes round the product and changes an entry. */
const alter = (seq = 2) =>
  tamper(app, (manager) =>
    manager.query(
      `update audit_entries set payload = replace(payload, '"kind"', '"kinds"') where group_id = $1 and seq = $2`,
      [river.id, seq],
    ),
  )

async function takenDown() {
  const post = await river.approved()
  await river.toSlot(post)
  await runDue(app)
  const { id } = await river.publication(post)
  const taken = await (
    await river.as('Ben')
  ).post(river.path(`publications/${id}/retract`), {
    reason: 'Eli is named in it.',
  })
  if (taken.status >= 300) throw new Error(`not taken down: ${JSON.stringify(taken.body)}`)
  return post
}

describe('what is written down', () => {
  it('is the whole way of a post, from being asked to being taken down, in sentences', async () => {
    const post = await takenDown()
    const about = await entries({ post: post.id })
    expect(about.map(({ kind }) => kind).reverse()).toEqual([
      'link-minted',
      'link-minted',
      'sent-for-review',
      'verdict-given',
      'publication-claimed',
      'attempt-ended',
      'retract-asked',
      'retracted',
    ])
    expect(about.map(({ sentence }) => sentence).reverse()).toEqual([
      'Ben was asked to review, by a link.',
      'Cleo was asked to review, by a link.',
      'Ana sent the post for review.',
      'Ben answered the review: approved.',
      'It was taken to be sent, try 1.',
      expect.stringMatching(/^Try 1 ended: published\. Its id at the network: .+\.$/),
      'Ben asked to take it down: “Eli is named in it.”.',
      expect.stringMatching(/^It was taken down\. Its id at the network: .+\.$/),
    ])
    expect(about.every((each) => each.post?.firstWords === 'The river walk starts at ten.')).toBe(true)
  })

  it('names what has a name, and holds none: neither names nor addresses nor texts are in it', async () => {
    await takenDown()
    const [row] = await app.query<{ all: string }>(
      'select string_agg(payload, $2) as all from audit_entries where group_id = $1',
      [river.id, '\n'],
    )
    for (const word of ['Ana', 'Ben', 'Eli', 'example.org', 'river walk', 'is named'])
      expect(row!.all).not.toContain(word)
    expect(row!.all).toMatch(/"reasonCommitment":"[0-9a-f]{64}"/)
  })

  it('says in a hold and its end who did it', async () => {
    const post = await river.sent()
    await river.command(post, 'hold', 'Eli')
    await river.decide(post, 'Ben', 'approve')
    expect((await entries({ post: post.id })).map(({ sentence }) => sentence).slice(0, 3)).toEqual([
      'An approval by Ben ended the hold.',
      'Ben answered the review: approved.',
      'Eli put the post on hold.',
    ])
  })
})

describe('the page of the log', () => {
  it('is for admins only, and of their own group', async () => {
    for (const name of ['Ana', 'Ben']) {
      expect((await (await river.as(name)).get(river.path('log'))).status).toBe(403)
      expect((await (await river.as(name)).post(river.path('log/export'))).status).toBe(403)
      expect((await (await river.as(name)).post(river.path('log/verify'))).status).toBe(403)
      expect((await (await river.as(name)).post(river.path('log/resume'), { reason: 'I say so.' })).status).toBe(403)
      expect((await (await river.as(name)).get(river.path('log/hold'))).body).toEqual({ since: null })
    }
    await app.makeGroup({ name: 'Lake' }, [{ name: 'Ludo', roles: ['admin'] }])
    const ludo = await app.signedIn(emailOf('Ludo'))
    expect((await ludo.get(river.path('log'))).status).toBe(404)
  })

  it('shows the newest first, by topic, person, post and day', async () => {
    const first = await river.sent()
    const second = await river.sent({ text: 'Another walk.' })
    await river.decide(second, 'Ben', 'approve')
    const all = await entries()
    expect(all.map(({ seq }) => seq)).toEqual(all.map(({ seq }) => seq).toSorted((a, b) => b - a))
    expect((await entries({ about: 'channels' })).every(({ about }) => about === 'channels')).toBe(true)
    expect(await entries({ about: 'channels' })).not.toHaveLength(0)
    expect((await entries({ post: first.id })).every((each) => each.post?.id === first.id)).toBe(true)
    const bens = await entries({ member: river.memberId('Ben'), post: second.id })
    expect(bens.map(({ kind }) => kind)).toEqual(['verdict-given', 'link-minted'])
    const today = DateTime.fromISO('2026-11-23')
    expect(await entries({ from: today.toISODate()! })).toHaveLength(all.length)
    expect(await entries({ to: today.toISODate()! })).toHaveLength(all.length)
    expect(await entries({ from: today.plus({ days: 1 }).toISODate()! })).toEqual([])
    expect(await entries({ to: today.minus({ days: 1 }).toISODate()! })).toEqual([])
    const wrongs: Record<string, string>[] = [{ about: 'nothing' }, { member: '%' }, { from: 'today' }, { before: '0' }]
    for (const wrong of wrongs) await expect(entries(wrong)).rejects.toThrow('answered 422')
  })

  it('goes on page by page, by the number of the entry, also while entries are added', async () => {
    const audit = app.app.get(AuditLog)
    const held = { kind: 'post-held', member: river.memberId('Ana') } as const
    const more = Array.from({ length: 120 }, () => ({ groupId: river.id, event: held }))
    await audit.appendAll(app.owner.manager, more)
    const { seq } = await audit.head(river.id)
    const seen: number[] = []
    for (let before = seq + 1; before > 1;) {
      const page = await entries({ before: String(before) })
      seen.push(...page.map((each) => each.seq))
      before = page.at(-1)!.seq
      await audit.append(app.owner.manager, river.id, held)
    }
    expect(seen).toEqual(Array.from({ length: seq }, (_, index) => seq - index))
  })

  it('shows what cannot be read as such, and goes on', async () => {
    await tamper(app, (manager) =>
      manager.query(`update audit_entries set payload = 'no JSON' where group_id = $1 and seq = 2`, [river.id]),
    )
    expect((await entries()).find(({ seq }) => seq === 2)!.sentence).toBe('This entry cannot be read.')
  })
})

describe('the file that is exported', () => {
  const fetched = async () => {
    const dee = await river.as('Dee')
    const answer = await fetch(`${app.origin}${river.path('log/export')}`, {
      method: 'POST',
      headers: { 'X-Seconder': '1', Origin: app.origin, Cookie: dee.cookieHeader },
    })
    return { answer, text: await answer.text() }
  }

  it('is checked by the few lines of docs/audit.md alone, which finds what was changed and cut', async () => {
    await river.approved()
    const head = await app.app.get(AuditLog).head(river.id)
    const { answer, text } = await fetched()
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-disposition')).toContain('river')
    const [, checker] = /```js\n([\s\S]*?)```/.exec(readFileSync('docs/audit.md', 'utf8'))!
    writeFileSync(join(folder, 'check.mjs'), checker!)
    const check = (content: string, ...anchor: string[]) => {
      writeFileSync(join(folder, 'log.ndjson'), content)
      try {
        const file = [join(folder, 'check.mjs'), join(folder, 'log.ndjson')]
        return { status: 0, said: execFileSync(process.execPath, [...file, ...anchor], { encoding: 'utf8' }).trim() }
      } catch (error) {
        const { status, stdout } = error as { status: number; stdout: string }
        return { status, said: stdout.trim() }
      }
    }
    const lines = text.trim().split('\n')
    expect(check(text)).toEqual({ status: 0, said: `whole, head ${(JSON.parse(lines[0]!) as { head: string }).head}` })
    expect(check(text, `${head.seq}:${head.hash}`).status).toBe(0)
    expect(check(text, `${head.seq}:${'f'.repeat(64)}`).status).toBe(2)
    expect(check(text.replace('sent-for-review', 'sent-for-reviews')).status).toBe(1)
    expect(check(lines.toSpliced(3, 1).join('\n'))).toEqual({ status: 1, said: 'broken at 3' })
    expect(check(lines.slice(0, -1).join('\n'))).toEqual({ status: 1, said: `broken at ${lines.length - 1}` })
  })

  it('is written down', async () => {
    await fetched()
    expect((await entries())[0]!.sentence).toMatch(/^Dee exported the log up to entry \d+\.$/)
  })
})

describe('the nightly check', () => {
  const nextNight = () => app.letPass({ days: 1 })

  it('happens once a night, however many ask, and is written down', async () => {
    await watch().checkDue()
    const before = await app.app.get(AuditLog).head(river.id)
    await nextNight()
    await Promise.all([watch().checkDue(), watch().checkDue(), watch().checkDue()])
    const checks = await river.audit('log-verified')
    expect(checks).toEqual([{ kind: 'log-verified', upTo: before.seq, member: null, whole: true }])
    expect(await standing()).toMatchObject({ checkedUpTo: before.seq, broken: null })
    await nextNight()
    await watch().checkDue()
    expect(await river.audit('log-verified')).toHaveLength(2)
  })

  it('is taken over when the process that had begun it is gone', async () => {
    await watch().checkDue()
    await nextNight()
    await app.query('update audit_states set checking_since = clock()')
    expect(await watch().checkDue()).toBe(0)
    await app.letPass({ minutes: 11 })
    expect(await watch().checkDue()).toBeGreaterThan(0)
    expect(await river.audit('log-verified')).toHaveLength(1)
  })

  it('on a log that does not fit holds publishing, tells all admins once, and leaves stopping and taking down', async () => {
    await watch().checkDue()
    const out = await river.approved()
    await river.toSlot(out)
    await runDue(app)
    const next = await river.approved({ text: 'Goes out tomorrow.', wish: { kind: 'queue' } })
    await alter()
    await nextNight()
    await watch().checkDue()
    await nextNight()
    await watch().checkDue()
    expect(await river.audit('log-found-broken')).toHaveLength(2)
    for (const name of ['Dee', 'Eli']) {
      const mails = await river.mails(name, 'log-broken')
      expect(mails).toHaveLength(1)
      expect(mails[0]!.text).toContain('does not fit from entry 2 on')
    }
    expect(await river.mails('Ana', 'log-broken')).toEqual([])
    expect(await standing()).toMatchObject({ broken: { entry: 2 }, resumeAskedBy: null })
    expect((await (await river.as('Ben')).get<{ since: string }>(river.path('log/hold'))).body.since).not.toBeNull()

    await moveLate(app)
    await river.toSlot(next)
    expect(await runDue(app)).toBe(0)
    expect((await river.publication(next)).state).toBe('planned')
    const { id } = await river.publication(out)
    expect(
      (await (await river.as('Ben')).post(river.path(`publications/${id}/retract`), { reason: 'Wrong day.' })).status,
    ).toBe(200)
    expect((await river.publication(out)).state).toBe('retracted')
    expect((await river.command(next, 'hold')).status).toBe(200)
  })

  it('the database itself claims nothing of such a group, whoever asks; of another it does', async () => {
    await watch().checkDue()
    const post = await river.approved()
    await river.toSlot(post)
    await alter()
    await watch().check(river.group, null)
    const take = `update publications p set state = 'publishing', publish_key = 'by hand', revision_id = r.id, hash = r.hash
      from posts po join revisions r on r.group_id = po.group_id and r.id = po.current_revision_id
      where p.post_id = $1 and po.group_id = p.group_id and po.id = p.post_id`
    await expect(app.query(take, [post.id])).rejects.toThrow('the audit log is broken')
    const asReplica = app.owner.transaction(async (manager) => {
      await manager.query('set local session_replication_role = replica')
      await manager.query(take, [post.id])
    })
    await expect(asReplica).rejects.toThrow('the audit log is broken')
    const lake = await TestGroup.make(app, 'Lake')
    const other = await lake.approved()
    await lake.toSlot(other)
    expect(await runDue(app)).toBe(1)
  })
})

describe('letting it go on', () => {
  const resume = async (name: string, reason = 'The disk was full; the backup of Sunday is in.') =>
    (await river.as(name)).post<{ goesOn?: boolean; code?: string }>(river.path('log/resume'), { reason })

  it('takes two admins, who are two people', async () => {
    expect((await resume('Dee')).status).toBe(409)
    const post = await river.approved()
    await alter()
    await watch().check(river.group, null)
    expect((await resume('Dee', 'x')).status).toBe(422)
    expect((await resume('Dee')).body).toEqual({ goesOn: false })
    expect((await standing('Eli')).resumeAskedBy).toMatchObject({ name: 'Dee' })
    expect((await resume('Dee')).status).toBe(403)
    expect((await resume('Eli')).body).toEqual({ goesOn: true })
    expect(await standing()).toMatchObject({ broken: null, resumeAskedBy: null })
    expect((await entries({ about: 'log' })).map(({ sentence }) => sentence).slice(0, 2)).toEqual([
      'Eli let publishing go on, as Dee had asked, after the log broke at entry 2: “The disk was full; the backup of Sunday is in.”.',
      'Dee asked to let publishing go on after the log broke at entry 2: “The disk was full; the backup of Sunday is in.”.',
    ])
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
  })

  it('is not undone by the next check, which begins there; what breaks later holds again', async () => {
    await alter()
    await watch().check(river.group, null)
    await resume('Dee')
    await resume('Eli')
    expect(await watch().check(river.group, null)).toMatchObject({ kind: 'whole' })
    expect(await app.app.get(AuditLog).verify(river.id)).toMatchObject({ kind: 'broken', brokenAt: 2 })
    const { acceptedUpTo } = await standing()
    await river.sent()
    await alter(acceptedUpTo + 2)
    expect(await watch().check(river.group, null)).toMatchObject({ kind: 'broken', brokenAt: acceptedUpTo + 2 })
    expect(await river.mails('Dee', 'log-broken')).toHaveLength(2)
  })

  it('is asked for in the middle of what an admin sees: checking now shows whether it fits', async () => {
    const dee = await river.as('Dee')
    const whole = await dee.post<LogStanding>(river.path('log/verify'))
    expect(whole.body).toMatchObject({ broken: null })
    expect(whole.body.checkedWholeAt).not.toBeNull()
    await alter()
    expect((await dee.post<LogStanding>(river.path('log/verify'))).body).toMatchObject({ broken: { entry: 2 } })
  })
})

describe('the command audit:verify', () => {
  const run = async (given: Record<string, string>) => {
    const said: string[] = []
    const { run: verify, onFile } = commands['audit:verify']!
    const say = (line: string) => said.push(line)
    const status = given['file'] === undefined ? await verify(app.app, given, say) : await onFile!(given, say)
    return { status, said: said.join('\n') }
  }

  it('ends with 0 for whole, 1 for broken, 2 where the anchor is not met; of the log, and of what it exported', async () => {
    const group = river.group.slug
    const file = join(folder, 'command.ndjson')
    const { seq, hash } = await app.app.get(AuditLog).head(river.id)
    const whole = await run({ group, anchor: `${seq}:${hash}`, export: file })
    expect(whole).toEqual({
      status: 0,
      said: `${group}: whole, ${seq} entries, head ${seq}:${hash}\n${group}: wrote ${seq} entries to ${file}`,
    })
    expect((await entries())[0]!.sentence).toBe(`Whoever runs the server exported the log up to entry ${seq}.`)
    expect((await run({ file, anchor: `${seq}:${hash}` })).status).toBe(0)
    const other = `${seq}:${'f'.repeat(64)}`
    const unmet: Record<string, string>[] = [
      { group, anchor: other },
      { file, anchor: other },
    ]
    for (const given of unmet)
      expect(await run(given)).toMatchObject({ status: 2, said: expect.stringContaining('anchor is not met') })
    writeFileSync(file, readFileSync(file, 'utf8').replace('channel-connected', 'channel-removed'))
    expect(await run({ file })).toMatchObject({ status: 1, said: expect.stringMatching(/broken at \d+: the content/) })
    await alter()
    expect(await run({ group })).toMatchObject({ status: 1, said: `${group}: broken at 2: the content was changed` })
    expect((await run({ group, since: `${seq}:${hash}` })).status).toBe(0)
    expect((await run({})).status).toBe(1)
  })

  it('cannot run, which the process ends with 3 for, on what is no anchor, no export, no file or no group', async () => {
    const group = river.group.slug
    const noExport = join(folder, 'none.ndjson')
    writeFileSync(noExport, '{}\n')
    const wrongs: Record<string, string>[] = [
      { group, anchor: '12' },
      { group, since: 'yesterday' },
      { anchor: `1:${'f'.repeat(64)}` },
      { group: 'nowhere' },
      { file: noExport },
      { file: join(folder, 'nothing') },
    ]
    for (const given of wrongs) await expect(run(given)).rejects.toBeInstanceOf(UsageError)
  })

  it('lets the operator resume with a reason, which is written down', async () => {
    await alter()
    await watch().check(river.group, null)
    const said: string[] = []
    const given = { group: river.group.slug, reason: 'The disk was full.' }
    expect(await commands['audit:accept']!.run(app.app, given, (line) => said.push(line))).toBe(0)
    expect(said[0]).toContain('publishing goes on')
    expect((await entries({ about: 'log' }))[0]!.sentence).toBe(
      'Whoever runs the server let publishing go on after the log broke at entry 2: “The disk was full.”.',
    )
    await expect(commands['audit:accept']!.run(app.app, given, () => undefined)).rejects.toThrow('nothing to let go on')
  })
})

describe('an anchor', () => {
  it('is in every receipt, and meets the log until somebody writes it anew', async () => {
    await river.approved()
    const [receipt] = await river.mails('Ben', 'review-receipt')
    const [, seq, hash] = /(\d+):([0-9a-f]{64})/.exec(receipt!.text)!
    const anchor = { seq: Number(seq), hash: hash! }
    const ofReceipt = (await entries()).find((each) => each.seq === anchor.seq)
    expect(ofReceipt?.sentence).toBe('Ben answered the review: approved.')
    const audit = app.app.get(AuditLog)
    expect(await audit.verify(river.id, { anchor })).toMatchObject({ kind: 'whole', anchorMet: true })
    await tamper(app, (manager) => rewrite(manager, river.id, 3, '{"kind":"group-made"}'))
    expect(await audit.verify(river.id, { anchor })).toMatchObject({ kind: 'whole', anchorMet: false })
  })
})
