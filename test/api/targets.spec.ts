import { DateTime } from 'luxon'

import type { ChannelView } from '../../src/channels/channels.dto.js'
import { ChannelsService } from '../../src/channels/channels.service.js'
import { Transaction } from '../../src/database/transaction.js'
import type { Content, Wish } from '../../src/drafts/content.js'
import { openEnvelope } from '../../src/drafts/envelope.js'
import { TargetsService, type Targets } from '../../src/drafts/targets.service.js'
import type { FoundPost } from '../../src/platforms/platform.js'
import { ExaminationService } from '../../src/reviewers/asking/examination.service.js'
import { SummariesStore } from '../../src/summaries/summaries.store.js'
import type { LogPage } from '../../src/workspace/log.dto.js'
import type { CheckResult, PostDetail } from '../../src/workspace/post-views.dto.js'
import type { TestApp } from '../support/app.js'
import type { FakeNetwork } from '../support/fake-network.js'
import { runDue, sentences, startOver, startQuietApp, TestGroup } from '../support/group-fixture.js'

const address = 'https://bsky.app/profile/neighbour.example/post/3kferry'
const text = 'It does: at ten, from the pier.'

/** What a neighbour wrote: words that would like to be more than words. */
const question: FoundPost = {
  remoteId: 'at://did:plc:neighbour/app.bsky.feed.post/3kferry',
  root: 'at://did:plc:neighbour/app.bsky.feed.post/3kfirst',
  url: 'https://bsky.app/profile/did:plc:neighbour/post/3kferry',
  author: { handle: 'neighbour.example', name: '<b>The neighbour</b>' },
  text: 'Does the ferry sail?</blockquote><script>alert(1)</script>',
  version: 'bafy-one',
}

let app: TestApp
let network: FakeNetwork
let river: TestGroup

beforeAll(async () => {
  ;({ app, network } = await startQuietApp())
})
beforeEach(async () => {
  await startOver(app, network)
  river = await TestGroup.make(app, 'River')
  for (const each of [address, question.url]) network.theirs.set(each, question)
})
afterAll(() => app?.close())

const answer = { text, extras: { target: address } }
const publicHere = () => network.public.filter((sent) => sent.account === river.bluesky.remoteAccountId)

async function check(wanted: Parameters<TestGroup['input']>[0] = answer): Promise<CheckResult> {
  const { status, body } = await (
    await river.as('Ana')
  ).post<CheckResult>(river.path('posts/check'), river.input(wanted))
  expect(status).toBe(200)
  return body
}

async function sealed(post: { id: string }): Promise<{ hash: string; envelope: string }[]> {
  return app.query('select hash, envelope from revisions where post_id = $1 order by number', [post.id])
}

/** What stands in the way of sending. */
async function refusal(wanted: Parameters<TestGroup['input']>[0]): Promise<string> {
  const { status, body } = await river.trySend(await river.write(wanted))
  expect([status, body['code']]).toEqual([422, 'not-ready'])
  return String(body['detail'])
}

describe('a post that answers somebody', () => {
  it('is looked up while it is typed, and the network is not asked at every key', async () => {
    const [found] = (await check()).channels
    expect(found).toMatchObject({
      problems: [],
      target: { author: '<b>The neighbour</b> (@neighbour.example)', address: question.url, text: question.text },
    })
    await check({ ...answer, text: 'It does!' })
    expect(network.addresses).toEqual([address])
  })

  it('is looked up for whoever may write posts alone: a look may cost money', async () => {
    const { status } = await (await river.as('Ben')).post(river.path('posts/check'), river.input(answer))
    expect([status, network.addresses]).toEqual([403, []])
  })

  it('is looked up anew when the look before broke', async () => {
    const channels = app.app.get(ChannelsService)
    const real = channels.connections.bind(channels)
    channels.connections = () => {
      channels.connections = real
      return Promise.reject(new Error('The database went away'))
    }
    expect((await (await river.as('Ana')).post(river.path('posts/check'), river.input(answer))).status).toBe(500)
    expect((await check()).channels).toMatchObject([{ problems: [], target: { address: question.url } }])
  })

  it('is sealed with what it answers, shown to the reviewer as foreign words, and public below it', async () => {
    const post = await river.sent(answer)
    const [{ envelope } = { envelope: '' }] = await sealed(post)
    expect(openEnvelope(envelope).channels[0]?.target).toEqual({
      remoteId: question.remoteId,
      root: question.root,
      address: question.url,
      author: question.author,
      text: question.text,
      version: 'bafy-one',
    })

    const page = await river.open(post, 'Ben', await river.as('Ben'))
    expect(page.html).not.toContain('<script>alert')
    expect(page.html).not.toContain('<b>The neighbour')
    expect(page.html).toContain('Does the ferry sail?&lt;/blockquote&gt;&lt;script&gt;')
    expect(sentences(page.html)).toContain(`Its address: ${question.url}`)
    const [mail] = await river.mails('Ben', 'review-request', post)
    for (const words of ['@neighbour.example', question.text, question.url]) expect(mail!.text).toContain(words)
    expect(mail!.html).not.toContain('<script>')

    expect((await river.see(post)).revisions[0]!.content.channels[0]!.target).toMatchObject({ address: question.url })

    await river.decide(post, 'Ben', 'approve')
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
    expect(publicHere()).toMatchObject([
      { text, under: { kind: 'answer', root: question.root, parent: question.remoteId } },
    ])
    const [kept] = await app.query<{ n: number }>(
      `select count(*)::int as n from audit_entries where group_id = $1 and payload like '%ferry sail%'`,
      [river.id],
    )
    expect(kept).toEqual({ n: 0 })
  })

  it('loses its approval when it is to answer another post, and the reviewer sees which', async () => {
    const other = 'https://bsky.app/profile/neighbour.example/post/3kother'
    network.theirs.set(other, { ...question, remoteId: `${question.remoteId}2`, url: other, text: 'Shall we resign?' })
    const post = await river.approved(answer)
    await river.save(post, { ...answer, extras: { target: other } })
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)

    const again = await river.send(await river.see(post))
    expect(again.state).toBe('in_review')
    const [first, second] = await sealed(post)
    expect(second?.hash).not.toBe(first?.hash)
    const page = await river.open(post, 'Ben', await river.as('Ben'))
    expect(sentences(page.html)).toContain('Shall we resign?')
    expect(sentences(page.html)).toMatch(/Somebody’s post: .*Does the ferry sail.*Shall we resign/)
    const mail = (await river.mails('Ben', 'review-request', post)).at(-1)
    expect(mail!.text).toMatch(/Somebody’s post: .*Does the ferry sail[\s\S]*Shall we resign/)
    const { body } = await (
      await river.as('Ben')
    ).get<{ channels: { kind: string; target: object }[] }>(river.path(`posts/${post.id}/difference?from=1&to=2`))
    expect(body.channels[0]).toMatchObject({ kind: 'changed', target: { before: expect.stringContaining('ferry') } })
    expect(publicHere()).toEqual([])
  })

  it('is another version when the same post says something else, and another when it answers nothing', async () => {
    const post = await river.approved(answer)
    network.theirs.set(address, { ...question, text: 'Shall we resign?', version: 'bafy-two' })
    // Changed and changed back, so that the words of ours are the same.
    await river.save(post, { ...answer, text: 'Yes.' })
    await river.save(await river.see(post), answer)
    await river.send(await river.see(post))
    await river.save(await river.see(post), { text })
    await river.send(await river.see(post))
    const versions = await sealed(post)
    expect(new Set(versions.map(({ hash }) => hash)).size).toBe(3)
    expect(versions.map(({ envelope }) => openEnvelope(envelope).channels[0]?.target?.text)).toEqual([
      question.text,
      'Shall we resign?',
      undefined,
    ])
  })

  it('does not go out when what it answers has been changed since it was approved', async () => {
    const post = await river.approved(answer)
    network.theirs.set(address, { ...question, text: 'Shall we resign?', version: 'bafy-two' })
    network.theirs.set(question.url, { ...question, text: 'Shall we resign?', version: 'bafy-two' })
    await river.toSlot(post)
    await runDue(app)
    expect(publicHere()).toEqual([])
    expect(await river.publication(post)).toMatchObject({
      state: 'failed',
      cause: expect.stringContaining('says something else than when this was approved'),
    })
  })

  it('does not go out when what it answers is gone, and waits while nobody can tell', async () => {
    const post = await river.approved(answer)
    network.lookUpSays = { kind: 'retry', cause: 'The network is being mended.' }
    await river.toSlot(post)
    await runDue(app)
    expect(await river.publication(post)).toMatchObject({ state: 'planned' })
    network.lookUpSays = null
    network.theirs.clear()
    await app.letPass({ minutes: 3 })
    await runDue(app)
    expect(await river.publication(post)).toMatchObject({
      state: 'failed',
      cause: expect.stringContaining('is not there any more'),
    })
    expect(publicHere()).toEqual([])
  })

  it('waits with its channel while the network lets nobody look, which says nothing of what it answers', async () => {
    const post = await river.approved(answer)
    await river.toSlot(post)
    const until = DateTime.fromISO((await river.publication(post)).slot)
      .plus({ hours: 4 })
      .toISO()!
    network.lookUpSays = { kind: 'limited', cause: 'There is no credit left.', until, scope: 'channel' }
    await runDue(app)
    expect(await river.publication(post)).toMatchObject({ state: 'planned' })
    const channel = async () =>
      (await (await river.as('Dee')).get<ChannelView[]>(river.path('channels'))).body.find(
        (each) => each.id === river.bluesky.id,
      )
    expect(await channel()).toMatchObject({ pausedUntil: expect.any(String) })
    await app.query('update channels set limited_until = null where id = $1', [river.bluesky.id])
    await app.query('update publications set next_try_at = clock() where post_id = $1', [post.id])
    network.lookUpSays = { kind: 'unauthorized', cause: 'The permission is gone.' }
    await runDue(app)
    expect(await river.publication(post)).toMatchObject({ state: 'planned' })
    expect(await channel()).toMatchObject({ state: 'to_reconnect' })
    expect(publicHere()).toEqual([])
  })

  it('keeps what it answers, as it was approved, when only its time is changed', async () => {
    const post = await river.approved({ ...answer, wish: { kind: 'exact', at: '2026-11-23T12:30' } })
    network.theirs.set(address, { ...question, text: 'Shall we resign?', version: 'bafy-two' })
    const { id, slot } = await river.publication(post)
    const moved = await (
      await river.as('Ana')
    ).post(river.path(`publications/${id}/move`), { at: '2026-11-24T12:30', seen: slot, asksAgain: true })
    expect([moved.status, moved.body]).toEqual([200, expect.anything()])
    const targets = (await sealed(post)).map(({ envelope }) => openEnvelope(envelope).channels[0]?.target)
    expect(targets).toHaveLength(2)
    expect(targets[1]).toEqual(targets[0])
  })
})

describe('what cannot be answered', () => {
  it('is said in plain words, and keeps the post from being sent', async () => {
    const gone = 'https://bsky.app/profile/neighbour.example/post/3kgone'
    expect(await refusal({ text, extras: { target: gone } })).toContain(
      'What it answers: The network has no such post.',
    )
    expect(await refusal({ text, extras: { target: 'https://x.com/ana/status/12' } })).toContain(
      'This is a post on X, which cannot be answered from Bluesky. Leave it out for Bluesky.',
    )
    expect(await refusal({ ...answer, channels: [river.board.id] })).toMatch(
      /Noticeboard lets nobody answer other people’s posts from here/,
    )
    network.lookUpSays = { kind: 'retry', cause: 'It is being mended.' }
    expect(await refusal(answer)).toContain('could not be looked up just now. It is being mended. Try again')
    const until = app.clock.now().plus({ hours: 1 }).toISO()!
    network.lookUpSays = { kind: 'limited', cause: 'There is no credit left.', until, scope: 'channel' }
    expect(await refusal(answer)).toMatch(/could not be looked up just now\. There is no credit left\.$/)
    network.lookUpSays = { kind: 'unauthorized', cause: 'The permission is gone.' }
    expect(await refusal(answer)).toContain('What it answers: The permission is gone.')
    const { status } = await (
      await river.as('Ana')
    ).post(river.path('posts'), river.input({ text, extras: { target: 'ferry' } }))
    expect(status).toBe(422)
  })

  it('is whatever nobody has looked up, and what was found for another address', async () => {
    const { manager } = app.app.get(Transaction)
    const wanted = river.input(answer) as unknown as { content: Content; wish: Wish }
    const other = river.input({ text, extras: { target: `${address}2` } }) as unknown as typeof wanted
    const targets = await app.app.get(TargetsService).lookUp(river.id, wanted.content)
    const problems = async (draft: typeof wanted, known?: Targets) => {
      const found = await app.app.get(ExaminationService).examine(manager, { groupId: river.id, ...draft }, known)
      return found.channels.flatMap((each) => each.problems.map(({ message }) => message))
    }
    expect(await problems(wanted, targets)).toEqual([])
    const unknown = ['What it answers has not been looked up. Try again.']
    expect(await problems(wanted)).toEqual(unknown)
    expect(await problems(other, targets)).toEqual(unknown)
  })

  it('is left out on a channel that says so', async () => {
    const input = river.input({ ...answer, channels: [river.bluesky.id, river.board.id] })
    const channels = input.content.channels.map((each) =>
      each.channelId === river.board.id ? { ...each, target: '' } : each,
    )
    const { body } = await (
      await river.as('Ana')
    ).post<PostDetail>(river.path('posts'), { ...input, content: { ...input.content, channels } })
    const post = await river.send(body)
    const targets = openEnvelope((await sealed(post))[0]!.envelope).channels.map(({ network: on, target }) => [
      on,
      target?.address,
    ])
    expect(Object.fromEntries(targets)).toEqual({ bluesky: question.url, noticeboard: undefined })
  })
})

describe('a post that passes somebody’s on', () => {
  const passing = { text: '', extras: { target: address, targetUse: 'repost' } } as const
  const quoting = { ...passing, text: 'Well asked!' }

  it('may go without words, and says which it will be: a repost, or with words a quote', async () => {
    const mannerOf = async (wanted: Parameters<TestGroup['input']>[0]) => {
      const [found] = (await check(wanted)).channels
      return [found?.problems, found?.target?.manner]
    }
    expect(await mannerOf(passing)).toEqual([[], 'repost'])
    expect(await mannerOf(quoting)).toEqual([[], 'quote'])
    expect(await mannerOf({ ...passing, link: 'https://example.org' })).toEqual([[], 'quote'])
    expect(await mannerOf({ ...passing, extras: { target: address } })).toEqual([
      [expect.objectContaining({ message: expect.stringContaining('needs a text') })],
      'answer',
    ])
    expect(await refusal({ text: '', extras: { targetUse: 'repost' } })).toContain('needs a text')
  })

  it('is sealed with what it passes on, shown to the reviewer as foreign words, and public as a repost', async () => {
    const post = await river.sent(passing)
    const [{ envelope } = { envelope: '' }] = await sealed(post)
    expect(openEnvelope(envelope).channels[0]).toMatchObject({
      text: '',
      targetUse: 'repost',
      target: { remoteId: question.remoteId, text: question.text, version: 'bafy-one' },
    })
    const page = await river.open(post, 'Ben', await river.as('Ben'))
    expect(page.html).not.toContain('<script>alert')
    expect(sentences(page.html)).toContain('You would pass on, without words of our own, what')
    const [mail] = await river.mails('Ben', 'review-request', post)
    expect(mail!.text.replace(/\s+/g, ' ')).toContain('You would pass on, without words of our own, what')
    for (const words of ['@neighbour.example', question.text, question.url]) expect(mail!.text).toContain(words)
    const seen = await river.see(post)
    expect(seen.firstWords).toBe(`Passes on ${address}`)
    expect(seen.content).toMatchObject({ target: address, targetUse: 'repost' })
    expect(seen.revisions[0]!.content.channels[0]!.target).toMatchObject({ manner: 'repost', address: question.url })

    await river.decide(post, 'Ben', 'approve')
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
    expect(publicHere()).toEqual([expect.objectContaining({ text: '', repostOf: question.remoteId })])
    expect(publicHere()[0]).not.toHaveProperty('under')
  })

  it('is a quote with words of ours, with what hangs below them, and never a plain post', async () => {
    const thread = [{ text: 'We asked, too.', link: null, pictures: [] }]
    const post = await river.approved({ ...quoting, extras: { ...quoting.extras, thread } })
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
    expect(publicHere()).toMatchObject([
      { text: 'Well asked!', repostOf: question.remoteId },
      { text: 'We asked, too.', under: { kind: 'thread' } },
    ])
    expect(publicHere()[1]).not.toHaveProperty('repostOf')
  })

  it('is another version than the answer, and the reviewer sees the difference', async () => {
    const post = await river.approved({ ...answer, text: 'Well asked!' })
    await river.save(post, quoting)
    expect((await river.see(post)).editing).toBe(true)
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)
    await river.send(await river.see(post))
    await river.save(await river.see(post), passing)
    await river.send(await river.see(post))
    expect(new Set((await sealed(post)).map(({ hash }) => hash)).size).toBe(3)
    const page = await river.open(post, 'Ben', await river.as('Ben'))
    expect(sentences(page.html)).toMatch(/Somebody’s post: .*answers .*passes on, without words of our own/)
  })

  it('does not go out when what it passes on was changed or taken away since, nor while nobody can tell', async () => {
    const changed = await river.approved(passing)
    for (const each of [address, question.url]) network.theirs.set(each, { ...question, version: 'bafy-two' })
    await river.toSlot(changed)
    await runDue(app)
    expect(await river.publication(changed)).toMatchObject({
      state: 'failed',
      cause: expect.stringContaining('What it passes on says something else than when this was approved'),
    })
    const gone = await river.approved(passing)
    network.lookUpSays = { kind: 'retry', cause: 'The network is being mended.' }
    await river.toSlot(gone)
    await runDue(app)
    expect(await river.publication(gone)).toMatchObject({ state: 'planned' })
    network.lookUpSays = null
    network.theirs.clear()
    await app.letPass({ minutes: 3 })
    await runDue(app)
    expect(await river.publication(gone)).toMatchObject({
      state: 'failed',
      cause: expect.stringContaining('What it passes on is not there any more'),
    })
    expect(publicHere()).toEqual([])
  })

  it('is not said to have gone out when the account has passed it on since, by another hand', async () => {
    const post = await river.approved(passing)
    for (const each of [address, question.url]) network.theirs.set(each, { ...question, passedOn: true })
    await river.toSlot(post)
    await runDue(app)
    expect(await river.publication(post)).toMatchObject({
      state: 'failed',
      cause: expect.stringContaining('This account has passed that post on already.'),
    })
    expect(network.tried.filter((sent) => sent.account === river.bluesky.remoteAccountId)).toEqual([])
  })

  it('is sent again when its answer was lost, whatever the network says of what was passed on', async () => {
    const post = await river.approved(passing)
    await river.toSlot(post)
    network.next('request lost')
    await runDue(app)
    expect(await river.publication(post)).toMatchObject({ state: 'in_doubt' })
    // It may be from the first time.
    for (const each of [address, question.url]) network.theirs.set(each, { ...question, passedOn: true })
    await app.letPass({ minutes: 3 })
    await runDue(app)
    expect(await river.publication(post)).toMatchObject({ state: 'published' })
    expect(publicHere()).toHaveLength(1)
  })

  it('is undone, not taken down: nobody is told that somebody else’s post went', async () => {
    const post = await river.approved(passing)
    await river.toSlot(post)
    await runDue(app)
    const { id } = await river.publication(post)
    const undo = async () =>
      (await river.as('Eli')).post(river.path(`publications/${id}/retract`), { reason: 'It is not so.' })
    network.retractSays = { kind: 'by-hand', cause: 'Bluesky lets nobody in today.' }
    await undo()
    expect(await river.publication(post)).toMatchObject({
      state: 'published',
      isRepost: true,
      nextStep: expect.stringContaining('undo the repost at the network yourself'),
    })
    const [alarm] = await river.mails('Ana', 'publication-still-public', post)
    expect(alarm!.subject).toContain('a repost could not be undone')
    expect(alarm!.text.replace(/\s+/g, ' ')).toContain('The post that it passes on: ')
    expect(alarm!.text).not.toMatch(/taken down|delete it/)
    network.retractSays = null
    await undo()
    const [mail] = await river.mails('Ana', 'takedown', post)
    const said = mail!.text.replace(/\s+/g, ' ')
    expect(mail!.subject).toContain('somebody undoes a repost')
    expect(said).toContain('Eli asked to undo our repost of what <b>The neighbour</b> (@neighbour.example) wrote:')
    for (const words of [question.text, `Their own post stays where it is: ${question.url}`])
      expect(said).toContain(words)
    expect(said).not.toMatch(/taken down|Passes on/)
    expect(mail!.html).not.toContain('<script>')
    expect(await river.publication(post)).toMatchObject({ state: 'retracted', stateText: 'Undone', url: null })
    const seen = await river.see(post)
    expect(seen.stateText).toBe('Undone')
    // The newest first.
    expect(seen.history.map((event) => event.text).join(' ')).toMatch(
      /^The repost was undone\. .*The repost could not be undone: .*Eli asked to undo the repost: “It is not so\.”/,
    )

    const { manager } = app.app.get(Transaction)
    const [needed] = (await app.app.get(SummariesStore).needs(manager, river.id)).troubled
    expect(needed).toMatchObject({ state: 'retracted', repostOf: '<b>The neighbour</b> (@neighbour.example)' })
    await (await river.as('Dee')).post(river.path(`publications/${id}/acknowledge`))
    const { body: log } = await (await river.as('Dee')).get<LogPage>(river.path('log?about=publishing'))
    const stays = log.entries.filter(({ sentence }) => sentence.includes('(a repost; what it passed on stays)'))
    expect(stays.map(({ sentence }) => sentence.split(' (')[0])).toEqual([
      'Dee acknowledged that it was taken down',
      'It was taken down',
      'Eli asked to take it down',
      'It could not be taken down',
      'Eli asked to take it down',
    ])

    const quote = await river.approved(quoting)
    await river.toSlot(quote)
    await runDue(app)
    const { id: ours, isRepost } = await river.publication(quote)
    expect(isRepost).toBe(false)
    await (await river.as('Eli')).post(river.path(`publications/${ours}/retract`), { reason: 'It is not so.' })
    const [notice] = await river.mails('Ana', 'takedown', quote)
    expect(notice!.text).toContain('asked for this post to be taken down:')
    expect(await river.publication(quote)).toMatchObject({ stateText: 'Taken down' })
  })

  it('keeps what it passes on, and how, when only its time is changed', async () => {
    const post = await river.approved({ ...passing, wish: { kind: 'exact', at: '2026-11-23T12:30' } })
    const { id, slot } = await river.publication(post)
    const moved = await (
      await river.as('Ana')
    ).post(river.path(`publications/${id}/move`), { at: '2026-11-24T12:30', seen: slot, asksAgain: true })
    expect(moved.status).toBe(200)
    const [first, second] = (await sealed(post)).map(({ envelope }) => openEnvelope(envelope).channels[0])
    expect([second?.target, second?.targetUse]).toEqual([first?.target, 'repost'])
  })

  it('is refused in plain words with what cannot go along', async () => {
    const below = [{ text: 'More', link: null, pictures: [] }]
    expect(await refusal({ ...passing, extras: { ...passing.extras, thread: below } })).toContain(
      'Nothing can hang below a post that is passed on without words of your own.',
    )
    expect(await refusal({ ...passing, extras: { ...passing.extras, firstComment: 'See' } })).toContain('hang below')
    expect(await refusal({ ...passing, wish: { kind: 'evergreen' } })).toContain('goes out once, and not again')
    expect(await check({ ...quoting, wish: { kind: 'evergreen' } })).toMatchObject({ channels: [{ problems: [] }] })
    network.theirs.set(address, { ...question, passedOn: true })
    expect(await refusal(passing)).toContain('This account has passed that post on already.')
    const quote = await river.approved(quoting)
    const whyNotQuoted = 'Whoever wrote that post lets nobody quote it.'
    for (const each of [address, question.url]) network.theirs.set(each, { ...question, whyNotQuoted })
    expect(await refusal(quoting)).toContain(`${whyNotQuoted} Pass it on with nothing of your own`)
    await river.send(await river.write(passing))
    await river.toSlot(quote)
    await runDue(app)
    expect(await river.publication(quote)).toMatchObject({ state: 'failed', cause: whyNotQuoted })
    const { status } = await (
      await river.as('Ana')
    ).post(
      river.path('posts'),
      river.input({ ...passing, extras: { target: address, targetUse: 'steal' as 'repost' } }),
    )
    expect(status).toBe(422)
  })

  it('is not taken for the same words as a picture without any, which is always good', async () => {
    await river.sent(passing)
    const picture = await river.upload()
    const pictures = [{ mediaId: picture.id, alt: 'The ferry.' }]
    const slot = async () => {
      const [found] = (await check({ text: '', pictures, wish: { kind: 'evergreen' } })).channels
      expect(found?.problems).toEqual([])
      return found?.slot?.at ?? 'never'
    }
    expect(await slot()).toMatch(/^2026-1[12]/)
    await river.sent({ text: '', pictures })
    expect(await slot()).toMatch(/^2027/)
  })

  it('is refused where a network passes nothing on, found nothing, or was not asked', async () => {
    const gone = 'https://bsky.app/profile/neighbour.example/post/3kgone'
    const said = await refusal({ ...passing, extras: { ...passing.extras, target: gone } })
    expect(said).toContain('What it passes on: The network has no such post.')
    expect(said).not.toContain('needs a text')
    expect(await refusal({ ...passing, channels: [river.board.id] })).toContain(
      'Noticeboard lets nobody pass other people’s posts on from here. Leave it out for Noticeboard.',
    )
    const { manager } = app.app.get(Transaction)
    const wanted = river.input(passing) as unknown as { content: Content; wish: Wish }
    const forAnswer = river.input({ text, extras: { target: address } }) as unknown as typeof wanted
    // What was looked up to be answered is not taken for what is to be passed on.
    const targets = await app.app.get(TargetsService).lookUp(river.id, forAnswer.content)
    const found = await app.app.get(ExaminationService).examine(manager, { groupId: river.id, ...wanted }, targets)
    expect(found.channels[0]?.problems.map(({ message }) => message)).toEqual([
      'What it passes on has not been looked up. Try again.',
    ])
  })

  it('stands by itself, with words, where a channel leaves it out', async () => {
    const input = river.input({ ...passing, channels: [river.bluesky.id, river.board.id] })
    const on = (own: object) => ({
      ...input,
      content: {
        ...input.content,
        channels: input.content.channels.map((each) =>
          each.channelId === river.board.id ? { ...each, ...own } : each,
        ),
      },
    })
    const ana = await river.as('Ana')
    const wordless = await ana.post<PostDetail>(river.path('posts'), on({ target: '' }))
    const refused = await river.trySend(wordless.body)
    expect(refused.body['detail']).toMatch(/needs/)
    const { body } = await ana.post<PostDetail>(river.path('posts'), on({ target: '', text: 'The ferry sails.' }))
    const post = await river.send(body)
    const { channels } = openEnvelope((await sealed(post))[0]!.envelope)
    expect(Object.fromEntries(channels.map((each) => [each.network, [each.text, each.targetUse]]))).toEqual({
      bluesky: ['', 'repost'],
      noticeboard: ['The ferry sails.', undefined],
    })
  })
})
