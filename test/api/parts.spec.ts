import { Transaction } from '../../src/database/transaction.js'
import type { Extras } from '../../src/drafts/content.js'
import { ExpiryService } from '../../src/reviewers/expiry.service.js'
import { AftercareService } from '../../src/scheduler/aftercare.service.js'
import { ClaimsStore, type Claim } from '../../src/scheduler/claims.store.js'
import { PartsStore } from '../../src/scheduler/parts.store.js'
import type { PostDetail } from '../../src/workspace/post-views.dto.js'
import type { TestApp } from '../support/app.js'
import type { FakeNetwork } from '../support/fake-network.js'
import { runDue, sentences, setClock, startOver, startQuietApp, TestGroup } from '../support/group-fixture.js'

const refused = { kind: 'rejected', cause: 'The network takes no such link.', field: 'link' } as const
const busy = { kind: 'retry', cause: 'The network is being mended.', afterSeconds: null } as const
const text = 'One: the ferry is back.'
const below = (...texts: string[]) => texts.map((each) => ({ text: each, link: null, pictures: [] }))
const thread = below('Two: it sails at ten.', 'Three: bring the children.')

let app: TestApp
let network: FakeNetwork
let river: TestGroup

beforeAll(async () => {
  ;({ app, network } = await startQuietApp())
})
beforeEach(async () => {
  await startOver(app, network)
  river = await TestGroup.make(app, 'River')
})
afterAll(() => app?.close())

async function due(extras: Extras = { thread }): Promise<PostDetail> {
  const post = await river.approved({ text, extras })
  await river.toSlot(post)
  return post
}

const publicHere = () => network.public.filter((sent) => sent.account === river.bluesky.remoteAccountId)
const textsHere = () => publicHere().map((sent) => sent.text)
const all = [text, ...thread.map((part) => part.text)]

/** The next looks after the network has settled, and what they set going. */
async function later(seconds = 6): Promise<void> {
  await app.letPass({ seconds })
  await runDue(app)
}

/** What a worker took before it was gone. */
async function taken(): Promise<Claim> {
  const [claim] = await app.app
    .get(Transaction)
    .run((manager) => app.app.get(ClaimsStore).claimDue(manager, 'worker-gone', 60, 1, []))
  return claim!
}

/** As the worker that holds the claim did it before it was gone. */
function sentBy({ publication }: Claim, number: number, words: string): { remoteId: string; url: string } {
  const key = number === 1 ? publication.publishKey! : `${publication.publishKey!}/${number}`
  const account = river.bluesky.remoteAccountId
  network.public.push({ account, text: words, key, createdAt: '2026-11-23T12:00:00.000Z', pictures: [] })
  return { remoteId: `at://${account}/${key}`, url: `https://bsky.test/post/${key}` }
}

async function stateOf(post: { id: string }): Promise<string> {
  return (await river.publication(post)).state
}

describe('a thread with a first comment', () => {
  it('goes out part after part, each below the one before, and the comment below the post', async () => {
    const picture = await river.upload()
    const withPicture = [{ ...thread[0]!, pictures: [{ mediaId: picture.id, alt: 'A ferry.' }] }, thread[1]!]
    const post = await due({ thread: withPicture, firstComment: 'Where: the pier.' })
    expect(await runDue(app)).toBe(1)
    const [one, two, three, comment] = publicHere()
    const id = (sent: { key: string } | undefined) => `at://${river.bluesky.remoteAccountId}/${sent!.key}`
    expect(textsHere()).toEqual([...all, 'Where: the pier.'])
    expect((await river.see(post)).attempts).toMatchObject([{ outcome: 'Went out', part: 1 }])
    expect(two).toMatchObject({
      under: { kind: 'thread', root: id(one), parent: id(one) },
      pictures: [{ alt: 'A ferry.' }],
    })
    expect(three).toMatchObject({ under: { kind: 'thread', root: id(one), parent: id(two) } })
    expect(comment).toMatchObject({ under: { kind: 'comment', root: id(one), parent: id(one) } })
    expect(publicHere().map((sent) => sent.key.replace(one!.key, ''))).toEqual(['', '/2', '/3', '/4'])
    // in order for whoever sorts by time
    const times = publicHere().map((sent) => sent.createdAt)
    expect(times.toSorted()).toEqual(times)
    expect(new Set(times).size).toBe(4)

    const seen = await river.see(post)
    expect(seen.publications[0]).toMatchObject({ state: 'published', url: `https://bsky.test/post/${one!.key}` })
    expect(seen.parts.map(({ number, kind }) => `${number} ${kind}`)).toEqual([
      '1 post',
      '2 thread',
      '3 thread',
      '4 comment',
    ])
    expect(await river.audit('part-published')).toHaveLength(4)
    expect(await river.audit('attempt-ended')).toEqual([expect.objectContaining({ remote: id(one) })])
    expect(seen.revisions[0]!.content.channels[0]!.below.map((part) => part.text)).toEqual([
      ...thread.map((part) => part.text),
      'Where: the pier.',
    ])
  })

  it('is shown to the reviewer whole, on the page and in the mail', async () => {
    const picture = await river.upload()
    const post = await river.sent({
      text,
      extras: {
        thread: [
          { ...thread[0]!, link: 'https://example.org/ferry' },
          { ...thread[1]!, pictures: [{ mediaId: picture.id, alt: 'A rope.' }] },
        ],
        firstComment: 'Where: the pier.',
      },
    })
    const page = await river.open(post, 'Ben', await river.as('Ben'))
    const said = sentences(page.html)
    for (const words of [
      ...all,
      'Part 2 of 3',
      'Part 3 of 3',
      'The first comment',
      'Where: the pier.',
      'A rope.',
      'https://example.org/ferry',
    ])
      expect(said).toContain(words)
    const [, src] = /<img src="([^"]+)"/.exec(page.html)!
    expect((await page.visitor.get(src!.replaceAll('&amp;', '&'))).status).toBe(200)
    const [mail] = await river.mails('Ben', 'review-request', post)
    for (const words of [...all, 'Where: the pier.', 'A rope.', 'https://example.org/ferry'])
      expect(mail!.text).toContain(words)
  })

  it('is compared part by part when it was changed', async () => {
    const post = await river.sent({ text, extras: { thread, firstComment: 'Where: the pier.' } })
    await river.save(await river.see(post), { text, extras: { thread: below('Two: it sails at nine.') } })
    await river.send(await river.see(post))
    const { body } = await (
      await river.as('Ben')
    ).get<{ channels: { below: object[] }[] }>(river.path(`posts/${post.id}/difference?from=1&to=2`))
    expect(body.channels[0]!.below).toMatchObject([
      { part: 'thread', number: 2, kind: 'changed' },
      { part: 'thread', number: 3, kind: 'removed' },
      { part: 'comment', number: 4, kind: 'removed' },
    ])
    const said = sentences((await river.open(post, 'Ben', await river.as('Ben'))).html)
    for (const words of ['Part 2 changed.', 'Part 3 was removed.', 'The first comment was removed.'])
      expect(said).toContain(words)
    const mail = (await river.mails('Ben', 'review-request', post)).at(-1)
    expect(mail!.text).toContain('First comment was removed')
  })

  it('has whoever uploaded a picture of any part among its contributors', async () => {
    const picture = await river.upload('Eli')
    const post = await river.write({
      text,
      extras: { thread: [{ ...thread[0]!, pictures: [{ mediaId: picture.id, alt: '' }] }] },
    })
    const rows = await app.query<{ member: string }>(
      'select member_id as member from contributors where post_id = $1',
      [post.id],
    )
    expect(rows.map((row) => row.member).sort()).toEqual([river.memberId('Ana'), river.memberId('Eli')].sort())
  })

  it('is not sent for review where the network has no such thing, or a part is too long', async () => {
    const wanted = {
      text,
      channels: [river.bluesky.id, river.board.id],
      extras: { thread: below('x'.repeat(301)), contentWarning: 'boats' },
    }
    const { status, body } = await river.trySend(await river.write(wanted))
    expect(status).toBe(422)
    const said = JSON.stringify(body)
    for (const words of [
      'Part 2: Bluesky takes 300 characters',
      'Noticeboard has no threads',
      'Bluesky has no content warnings',
    ])
      expect(said).toContain(words)
  })

  it('can be different on one channel, or not there at all', async () => {
    const input = river.input({ text, channels: [river.bluesky.id, river.board.id], extras: { thread } })
    const channels = [input.content.channels[0]!, { ...input.content.channels[1]!, thread: [] }]
    const { status, body } = await (
      await river.as('Ana')
    ).post<PostDetail>(river.path('posts'), {
      ...input,
      content: { ...input.content, channels },
    })
    expect(status).toBe(201)
    const sent = await river.send(body)
    expect(sent.content.channels[1]).toMatchObject({ thread: [] })
    expect(sent.revisions[0]!.content.channels.map((channel) => channel.below.length)).toEqual([2, 0])
  })
})

describe('a worker that is gone', () => {
  it('between two parts leaves the rest to another, which begins with the next one', async () => {
    const post = await due()
    const claim = await taken()
    const { manager } = app.app.get(Transaction)
    const hold = { publication: claim.publication, state: 'publishing' as const }
    await app.app.get(PartsStore).settle(manager, hold, { number: 1, kind: 'post' }, sentBy(claim, 1, text))
    await later(65)
    await later()
    expect((await river.see(post)).attempts.at(-1)).toMatchObject({
      number: 1,
      part: 2,
      outcome: 'No clear answer came',
    })
    expect(await stateOf(post)).toBe('published')
    expect(textsHere()).toEqual(all)
    expect(network.lookedUp.at(-1)).toBe(`${claim.publication.publishKey!}/2`)
    expect(publicHere()[1]).toMatchObject({
      under: { root: `at://${river.bluesky.remoteAccountId}/${claim.publication.publishKey!}` },
    })
  })

  it('before it wrote down what was out has it found, and only the rest is sent', async () => {
    const post = await due()
    const claim = await taken()
    sentBy(claim, 1, text)
    await later(65)
    await later()
    expect(await stateOf(post)).toBe('published')
    expect(textsHere()).toEqual(all)
  })

  it('after the last part leaves nothing to send', async () => {
    const post = await due()
    const claim = await taken()
    const { manager } = app.app.get(Transaction)
    const hold = { publication: claim.publication, state: 'publishing' as const }
    for (const [index, words] of all.entries()) {
      const kind = index === 0 ? ('post' as const) : ('thread' as const)
      await app.app.get(PartsStore).settle(manager, hold, { number: index + 1, kind }, sentBy(claim, index + 1, words))
    }
    const tried = network.tried.length
    await later(65)
    await later()
    expect(await stateOf(post)).toBe('published')
    expect(network.tried).toHaveLength(tried)
  })

  it('writes down nothing more once somebody else has taken over', async () => {
    await due()
    const claim = await taken()
    await later(65)
    await later()
    expect(textsHere()).toEqual(all)
    const before = await app.everything()
    const { manager } = app.app.get(Transaction)
    const late = { remoteId: 'late', url: 'https://bsky.test/late' }
    const store = app.app.get(PartsStore)
    for (const state of ['publishing', 'in_doubt'] as const) {
      const hold = { publication: claim.publication, state }
      expect(await store.settle(manager, hold, { number: 1, kind: 'post' }, late)).toBe(false)
      expect(await store.keep(manager, hold, { number: 1, kind: 'post' }, 'late')).toBe(false)
    }
    expect(await app.everything()).toEqual(before)
  })
})

describe('an answer that is lost in the middle of a thread', () => {
  it('has its part looked up and found, and the rest sent', async () => {
    const post = await due()
    network.next('works', 'answer lost')
    await runDue(app)
    const seen = await river.publication(post)
    expect(seen).toMatchObject({ state: 'in_doubt', stateText: 'Out in part; the rest is looked up or follows' })
    expect(seen.cause).toBe('Part 1 of 3 is out; the next one may be. No answer came.')
    await later()
    expect(await stateOf(post)).toBe('published')
    expect(textsHere()).toEqual(all)
  })

  it('has its part sent again with the same key when it is not there', async () => {
    const post = await due()
    network.next('works', 'request lost')
    await runDue(app)
    await later()
    expect(await stateOf(post)).toBe('published')
    expect(textsHere()).toEqual(all)
    const keys = network.tried.filter(
      (sent) => sent.text === thread[0]!.text && sent.account === river.bluesky.remoteAccountId,
    )
    expect(keys).toHaveLength(2)
    expect(keys[0]).toEqual(keys[1])
  })

  it('is asked about when nobody can look it up, and the answer is about all of it', async () => {
    const post = await due()
    network.next('works', 'request lost')
    await runDue(app)
    network.findSays = { kind: 'cannot-tell', cause: 'It cannot be looked up.' }
    await later()
    const seen = await river.publication(post)
    expect(seen).toMatchObject({ state: 'unconfirmed', nextStep: expect.stringContaining('all of it') })
    expect(seen.cause).toContain('Part 1 of 3 is out')
    const path = river.path(`publications/${seen.id}/answer`)
    expect((await (await river.as('Ana')).post(path, { there: false })).status).toBe(200)
    expect(await river.publication(post)).toMatchObject({ state: 'failed', mayRetract: true })
    expect(textsHere()).toEqual([text])
  })

  it('and a refusal of that very part asks a person: the first try may be there', async () => {
    const post = await due()
    network.next('works', 'request lost', refused)
    await runDue(app)
    await later()
    expect(await stateOf(post)).toBe('unconfirmed')
  })
})

describe('a part that the network will not take for now', () => {
  it('waits with the rest: nothing of it can be changed, cancelled or moved, and it goes on from there', async () => {
    const post = await due()
    network.next('works', busy)
    await runDue(app)
    const seen = await river.publication(post)
    expect(seen).toMatchObject({ state: 'in_doubt', nextStep: 'The rest follows by itself.' })
    expect(seen.cause).toBe('Part 1 of 3 is out, the rest is not. The network is being mended.')
    expect((await river.see(post)).stateText).toBe('Out in part')
    expect((await river.command(post, 'cancel')).status).toBe(409)
    expect((await river.save(await river.see(post), { text: 'Other words.' })).status).toBe(409)
    const looks = network.lookedUp.length
    await later(100)
    expect(await stateOf(post)).toBe('published')
    expect(textsHere()).toEqual(all)
    // It is known not to be there, so nobody has to look.
    expect(network.lookedUp).toHaveLength(looks)
  })

  it('keeps its channel quiet when the network asks for a pause', async () => {
    const post = await due()
    const until = app.clock.now().plus({ minutes: 10 }).toISO()!
    network.next('works', { kind: 'limited', cause: 'Too many.', until, scope: 'channel' })
    await runDue(app)
    await later(300)
    expect(textsHere()).toEqual([text])
    await later(310)
    expect(await stateOf(post)).toBe('published')
    expect(textsHere()).toEqual(all)
  })
})

describe('a part that the network refuses for good', () => {
  it('ends it: what is out is named, stays known, and can be taken down from the last to the first', async () => {
    const post = await due()
    network.next('works', 'works', { ...refused, detail: '{"error":"strange"}' })
    await runDue(app)
    const seen = await river.publication(post)
    expect(seen).toMatchObject({
      state: 'failed',
      stateText: 'Out in part',
      cause: 'Parts 1 to 2 of 3 are out, the rest is not. The network takes no such link.',
      url: expect.stringContaining('https://bsky.test/post/'),
      mayRetract: true,
    })
    expect((await river.see(post, 'Ben')).attempts[0]).toMatchObject({ part: 3, detail: null })
    expect((await river.see(post, 'Dee')).attempts[0]!.detail).toBe('{"error":"strange"}')
    expect((await river.command(post, 'cancel')).status).toBe(409)
    const mail = (await river.mails('Ana', 'publication-failed')).at(-1)
    expect(mail!.text).not.toContain('Nothing of it is public')

    const ids = publicHere().map((sent) => `at://${sent.account}/${sent.key}`)
    network.retractOnce(ids[0]!, { kind: 'retry', cause: 'Busy.', afterSeconds: null })
    const path = river.path(`publications/${seen.id}/retract`)
    expect((await (await river.as('Ana')).post(path, { reason: 'Half of it is worse than nothing.' })).status).toBe(200)
    expect(network.retracted).toEqual([ids[1]])
    expect(await stateOf(post)).toBe('retracting')
    await app.letPass({ minutes: 6 })
    await app.app.get(AftercareService).carryOutDue()
    expect(network.retracted).toEqual([ids[1], ids[0]])
    expect(await stateOf(post)).toBe('retracted')
    expect((await river.see(post)).parts.map((part) => part.retracted)).toEqual([true, true])
  })

  it('leaves nothing to end when the time is over in which it was of use, so nobody is told so minute by minute', async () => {
    const post = await river.approved({ text, extras: { thread }, usefulUntil: '2026-11-23T22:00' })
    await river.toSlot(post)
    network.next('works', refused)
    await runDue(app)
    expect(await stateOf(post)).toBe('failed')
    await setClock(app, '2026-11-23T22:00:05Z')
    const end = () => app.app.get(ExpiryService).endUseless()
    expect([await end(), await end()]).toEqual([0, 0])
    expect(await river.mails('Ana', 'post-expired', post)).toEqual([])
  })

  it('after another part’s doubt was cleared ends it too', async () => {
    const post = await due()
    network.next('works', 'answer lost', refused)
    await runDue(app)
    await later()
    expect(await river.publication(post)).toMatchObject({
      state: 'failed',
      cause: 'Parts 1 to 2 of 3 are out, the rest is not. The network takes no such link.',
    })
  })

  it('stays out in part when the network does not let us take it down', async () => {
    const post = await due()
    network.next('works', refused)
    await runDue(app)
    network.retractSays = { kind: 'by-hand', cause: 'Not from here.' }
    const { id } = await river.publication(post)
    await (await river.as('Ana')).post(river.path(`publications/${id}/retract`), { reason: 'Wrong day.' })
    expect(await river.publication(post)).toMatchObject({
      state: 'failed',
      mayRetract: true,
      nextStep: expect.stringContaining('yourself'),
    })
  })
})

describe('what an adapter keeps', () => {
  it('is there for the look that comes after, and belongs to its part', async () => {
    const post = await due()
    network.memo = 'container'
    network.next('works', 'request lost')
    network.memos.length = 0
    await runDue(app)
    await later()
    expect(await stateOf(post)).toBe('published')
    // part 1, part 2, the look at part 2, part 2 again, part 3
    expect(network.memos).toEqual([null, null, 'container', 'container', null])
  })

  it('is about the words it was made of: when those change before anything is out, it counts no more', async () => {
    const post = await due({})
    network.memo = 'container'
    network.memos.length = 0
    network.next(busy, busy)
    await runDue(app)
    await later(80)
    expect(network.memos).toEqual([null, 'container'])
    expect((await river.save(await river.see(post), { text: 'Other words.' })).status).toBe(200)
    await river.send(await river.see(post))
    await river.decide(post, 'Ben', 'approve')
    await river.toSlot(post)
    await runDue(app)
    expect(network.memos).toEqual([null, 'container', null])
    expect(textsHere()).toEqual(['Other words.'])
  })

  it('is not kept by somebody who does not hold the publication any more, and then nothing is sent', async () => {
    const post = await due({})
    network.memo = 'container'
    network.duringSend = async () => {
      network.duringSend = null
      await app.query('update publications set worker = $2 where post_id = $1', [post.id, 'another'])
    }
    await runDue(app)
    expect(textsHere()).toEqual([])
  })
})

describe('the database', () => {
  it('takes parts only while they are sent or looked up, in order, and changes none', async () => {
    const post = await due()
    const write = (number: number, kind: string) =>
      app.query(
        `insert into publication_parts (group_id, publication_id, number, kind, revision_id, remote_id, published_at, created_at)
         select group_id, id, $2, $3, coalesce(revision_id, id), 'x', clock(), clock() from publications where post_id = $1`,
        [post.id, number, kind],
      )
    await expect(write(1, 'post')).rejects.toThrow('while it is being sent')
    const claim = await taken()
    await expect(write(2, 'thread')).rejects.toThrow('hangs on one that is out')
    await write(1, 'post')
    const parts = `where publication_id = '${claim.publication.id}'`
    await expect(app.query(`update publication_parts set remote_id = 'y' ${parts}`)).rejects.toThrow('only taken down')
    await expect(app.query(`update publication_parts set retracted_at = clock() ${parts}`)).rejects.toThrow(
      'only taken down',
    )
    await expect(app.query(`delete from publication_parts ${parts}`)).rejects.toThrow('long over')
    await expect(app.query('truncate publication_parts')).rejects.toThrow('append-only')
    await expect(app.query(`update publications set state = 'planned' where post_id = $1`, [post.id])).rejects.toThrow(
      'out in part',
    )
  })
})
