import { TellingService } from '../../src/conversation/telling.service.js'
import type { ConversationView, SuggestionView } from '../../src/workspace/conversation.dto.js'
import type { TestApp } from '../support/app.js'
import { allTicks, startOver, startQuietApp, TestGroup } from '../support/group-fixture.js'
import type { Answer } from '../support/visitor.js'

let app: TestApp
let river: TestGroup

beforeAll(async () => {
  ;({ app } = await startQuietApp())
})
beforeEach(async () => {
  await startOver(app)
  river = await TestGroup.make(app, 'River')
})
afterAll(() => app?.close())

type Post = { id: string }

async function say(post: Post, name: string, text: string): Promise<Answer<ConversationView>> {
  return (await river.as(name)).post<ConversationView>(river.path(`posts/${post.id}/comments`), { text })
}

async function suggest<Body = ConversationView>(
  post: Post,
  name: string,
  words: string,
  more: object = { place: 'text' },
): Promise<Answer<Body>> {
  const given = { words, note: '', ...more }
  return (await river.as(name)).post<Body>(river.path(`posts/${post.id}/suggestions`), given)
}

/** Settles the newest suggestion. */
async function settle<Body = ConversationView>(
  post: Post,
  name: string,
  how: 'apply' | 'dismiss',
  note = '',
): Promise<Answer<Body>> {
  const { id } = (await suggestions(post)).at(-1)!
  return (await river.as(name)).post<Body>(river.path(`posts/${post.id}/suggestions/${id}/${how}`), { note })
}

async function conversation(post: Post, name = 'Ana'): Promise<ConversationView> {
  return (await (await river.as(name)).get<ConversationView>(river.path(`posts/${post.id}/conversation`))).body
}

async function suggestions(post: Post, name = 'Ana'): Promise<SuggestionView[]> {
  return (await conversation(post, name)).remarks.flatMap((each) => each.suggestion ?? [])
}

const told = (name: string, post: Post) => river.mails(name, 'conversation', post)

describe('comments on a post', () => {
  it('are made by anybody in the group, in order, and change nothing about the approval', async () => {
    const post = await river.approved()
    expect((await say(post, 'Cleo', 'Is the bridge open?')).status).toBe(201)
    expect((await say(post, 'Dee', 'It is.\r\nI walked over it.')).status).toBe(201)
    const { remarks } = await conversation(post, 'Cleo')
    expect(remarks.map(({ comment }) => [comment?.name, comment?.text, comment?.version, comment?.mayRemove])).toEqual([
      ['Cleo', 'Is the bridge open?', 1, true],
      ['Dee', 'It is.\nI walked over it.', 1, false],
    ])
    expect(await river.see(post)).toMatchObject({ state: 'approved', editing: false })
    expect(await river.audit('commented')).toHaveLength(2)
    expect(JSON.stringify(await river.audit('commented'))).not.toContain('bridge')
  })

  it('are refused when they say nothing or too much, and to those who are not or no longer in the group', async () => {
    const post = await river.sent()
    expect((await say(post, 'Ben', ' \n ')).status).toBe(422)
    expect((await say(post, 'Ben', 'x'.repeat(2001))).status).toBe(422)
    await river.suspend('Ben')
    expect((await say(post, 'Ben', 'Hello')).status).toBe(403)
    const lake = await TestGroup.make(app, 'Lake', [{ name: 'Zoe', roles: ['editor'] }])
    const zoe = await lake.as('Zoe')
    expect((await zoe.post(river.path(`posts/${post.id}/comments`), { text: 'Hello' })).status).toBe(404)
    expect((await zoe.post(lake.path(`posts/${post.id}/comments`), { text: 'Hello' })).status).toBe(404)
    expect((await zoe.get(lake.path(`posts/${post.id}/conversation`))).status).toBe(404)
  })

  it('are taken back by their author alone: the words go, that they were there stays', async () => {
    const post = await river.sent()
    const { body } = await say(post, 'Ben', 'Anna lives at number 4.')
    const path = river.path(`posts/${post.id}/comments/${body.remarks[0]!.comment!.id}`)
    expect((await (await river.as('Ana')).delete(path)).status).toBe(403)
    expect((await (await river.as('Ben')).delete(path)).status).toBe(200)
    expect((await (await river.as('Ben')).delete(path)).status).toBe(200)
    expect((await conversation(post)).remarks[0]!.comment).toMatchObject({ name: 'Ben', text: '', removed: true })
    expect(await app.query('select text from comments where post_id = $1', [post.id])).toEqual([{ text: '' }])
    expect(await river.audit('comment-removed')).toHaveLength(1)
  })

  it('cannot be changed or deleted by anybody who can write rows', async () => {
    const post = await river.sent()
    await say(post, 'Ben', 'As I said.')
    await suggest(post, 'Ben', 'Other words.')
    for (const change of [
      `update comments set text = 'No, this' where post_id = $1`,
      `update comments set removed_at = clock() where post_id = $1`,
      `update comments set told_at = null where post_id = $1`,
      `update comments set member_id = (select author_id from posts where id = $1) where post_id = $1`,
      'delete from comments where post_id = $1',
      `update suggestions set words = 'Mine' where post_id = $1`,
      `update suggestions set state = 'applied' where post_id = $1`,
      'delete from suggestions where post_id = $1',
    ])
      expect([change, await app.query(change, [post.id]).catch(() => 'refused')]).toEqual([change, 'refused'])
    const settled = `update suggestions set state = $2, settled_at = clock(), settled_by = member_id where post_id = $1`
    await app.query(settled, [post.id, 'dismissed'])
    await expect(app.query(settled, [post.id, 'applied'])).rejects.toThrow('not changed')
  })
})

describe('mails about what is said', () => {
  it('go to the author and those in the conversation, but not to who said it', async () => {
    const post = await river.sent()
    await say(post, 'Ben', 'Which bridge?')
    expect((await told('Ana', post)).map(({ subject }) => subject)).toEqual(['River: Ben wrote about a post'])
    expect((await told('Ana', post))[0]!.text).toContain('Ben wrote on version 1:\n\n> Which bridge?')
    expect(await told('Ben', post)).toEqual([])
    expect(await told('Cleo', post)).toEqual([])
    await app.letPass({ minutes: 11 })
    await say(post, 'Ana', 'The old one.')
    expect(await told('Ben', post)).toHaveLength(1)
    expect(await told('Ana', post)).toHaveLength(1)
  })

  it('come once in ten minutes, and leave nothing out', async () => {
    const post = await river.sent()
    const telling = app.app.get(TellingService)
    for (const text of ['One.', 'Two.', 'Three.']) await say(post, 'Ben', text)
    await telling.tellDue()
    expect(await told('Ana', post)).toHaveLength(1)
    await app.letPass({ minutes: 9 })
    await telling.tellDue()
    expect(await told('Ana', post)).toHaveLength(1)
    await app.letPass({ minutes: 2 })
    await Promise.all([telling.tellDue(), telling.tellDue(), telling.tellDue()])
    const mails = await told('Ana', post)
    expect(mails).toHaveLength(2)
    expect(mails[1]!.text).toMatch(/> Two\.[^]*> Three\./)
    expect(mails[1]!.text).not.toContain('> One.')
    await app.letPass({ minutes: 11 })
    await telling.tellDue()
    expect(await told('Ana', post)).toHaveLength(2)
  })

  it('stop by a link that changes nothing when it is only opened, and come again when wanted', async () => {
    const post = await river.sent()
    await say(post, 'Ben', 'Which bridge?')
    const address = /https?:\/\/\S+\/unsubscribe\/post\/[\w-]+/.exec((await told('Ana', post))[0]!.text)![0]
    const { pathname } = new URL(address)
    const visitor = app.visitor()
    const before = await app.everything()
    expect((await visitor.get<string>(pathname)).body).toContain('Stop mails about what is said')
    expect((await visitor.ask('HEAD', pathname)).status).toBe(200)
    expect(await app.everything()).toEqual(before)
    expect((await visitor.get(`${pathname.slice(0, -3)}AAA`)).status).toBe(404)
    expect((await visitor.submit(pathname)).status).toBe(200)
    expect((await conversation(post)).muted).toBe(true)
    await app.letPass({ minutes: 11 })
    await say(post, 'Ben', 'Hello?')
    expect(await told('Ana', post)).toHaveLength(1)

    const ana = await river.as('Ana')
    expect((await ana.post(river.path(`posts/${post.id}/conversation/mute`), { muted: false })).status).toBe(200)
    await app.letPass({ minutes: 11 })
    await say(post, 'Ben', 'Still there?')
    expect(await told('Ana', post)).toHaveLength(2)
  })
})

describe('suggested words', () => {
  it('become the author’s edit with one click, and whoever suggested them may still approve', async () => {
    const post = await river.sent({ text: 'The walk starts at ten.' })
    expect((await suggest(post, 'Ben', 'The walk starts at eleven.\r\n', { place: 'text', version: 1 })).status).toBe(
      201,
    )
    expect((await told('Ana', post))[0]!.text).toContain('* “ten.” is now “eleven.”')
    const [suggestion] = await suggestions(post)
    expect(suggestion).toMatchObject({ name: 'Ben', version: 1, state: 'open', mayApply: true, whyNot: null })
    expect(suggestion!.difference).toEqual([
      { kind: 'same', text: 'The walk starts at ' },
      { kind: 'removed', text: 'ten.' },
      { kind: 'added', text: 'eleven.' },
    ])
    expect((await suggestions(post, 'Ben'))[0]).toMatchObject({ mayApply: false, mayDismiss: true, own: true })

    expect((await settle(post, 'Ana', 'apply')).status).toBe(200)
    const changed = await river.see(post)
    expect(changed).toMatchObject({
      editing: true,
      author: { name: 'Ana' },
      content: { text: 'The walk starts at eleven.' },
    })
    expect(changed.history[0]!.text).toBe('Ana applied the words that Ben suggested for the text.')
    const contributors = await app.query<{ name: string }>(
      `select distinct p.name from contributors c join people p on p.id = c.person_id where c.post_id = $1`,
      [post.id],
    )
    expect(contributors).toEqual([{ name: 'Ana' }])
    expect(await river.audit('suggestion-applied')).toMatchObject([
      { member: river.memberId('Ana'), suggestedBy: river.memberId('Ben') },
    ])

    await river.send(changed)
    const page = await river.open(post, 'Ben', await river.as('Ben'))
    expect((await river.press(page, 'approve', { ticks: allTicks })).status).toBe(303)
    expect((await river.see(post)).state).toBe('approved')
  })

  it('make whoever applies them a contributor, also when they were their own', async () => {
    const post = await river.sent({ text: 'The walk starts at ten.' })
    await suggest(post, 'Eli', 'The walk starts at noon.')
    expect((await settle(post, 'Eli', 'apply')).status).toBe(200)
    const names = await app.query<{ name: string }>(
      `select distinct p.name from contributors c join people p on p.id = c.person_id where c.post_id = $1 order by 1`,
      [post.id],
    )
    expect(names).toEqual([{ name: 'Ana' }, { name: 'Eli' }])
    expect((await river.see(post)).author.name).toBe('Ana')
  })

  it('are for one channel or one description too, and leave the rest alone', async () => {
    const picture = await river.upload()
    const wanted = {
      text: 'The walk starts at ten.',
      channels: [river.bluesky.id, river.board.id],
      pictures: [{ mediaId: picture.id, alt: 'A bus' }],
    }
    const post = await river.sent(wanted)
    await suggest(post, 'Ben', 'A red bus on the bridge', { place: 'alt', mediaId: picture.id })
    expect((await suggestions(post)).at(-1)!.label).toBe('the description of picture 1')
    expect((await settle(post, 'Ana', 'apply')).status).toBe(200)
    await suggest(post, 'Cleo', 'We start at ten. Bring boots.', { place: 'channel', channelId: river.board.id })
    expect((await settle(post, 'Ana', 'apply')).status).toBe(200)
    const { content } = await river.see(post)
    expect(content).toMatchObject({ text: wanted.text, pictures: [{ alt: 'A red bus on the bridge' }] })
    expect(content.channels.find((each) => each.channelId === river.board.id)!.text).toBe(
      'We start at ten. Bring boots.',
    )
    expect(content.channels.find((each) => each.channelId === river.bluesky.id)!.text).toBeNull()
  })

  it('are not applied once the text is another: the reason comes with both texts, and nothing changes', async () => {
    const post = await river.sent({ text: 'The walk starts at ten.' })
    await suggest(post, 'Ben', 'The walk starts at eleven.')
    await river.save(await river.see(post), { text: 'The walk starts at noon.' })
    expect((await suggestions(post))[0]).toMatchObject({
      mayApply: false,
      now: 'The walk starts at noon.',
      words: 'The walk starts at eleven.',
    })
    expect(await settle<Record<string, unknown>>(post, 'Ana', 'apply')).toMatchObject({
      status: 409,
      body: {
        code: 'words-changed',
        detail: expect.stringContaining('have been changed since the suggestion was made') as string,
        before: 'The walk starts at ten.',
        now: 'The walk starts at noon.',
        suggested: 'The walk starts at eleven.',
      },
    })
    expect((await river.see(post)).content.text).toBe('The walk starts at noon.')
    expect((await suggestions(post))[0]!.state).toBe('open')
  })

  it('are settled once, however many press at the same time', async () => {
    const post = await river.sent({ text: 'The walk starts at ten.' })
    await suggest(post, 'Ben', 'The walk starts at eleven.')
    await suggestions(post)
    const answers = await Promise.all(
      [0, 1, 2, 3, 4].map((index) =>
        settle(post, index % 2 === 0 ? 'Ana' : 'Eli', index < 3 ? 'apply' : 'dismiss', 'No.'),
      ),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(4)
  })

  it('are dismissed with a reason, which their author is mailed; one’s own are just taken back', async () => {
    const post = await river.sent({ text: 'The walk starts at ten.' })
    await suggest(post, 'Ben', 'The walk starts at eleven.')
    expect((await settle(post, 'Cleo', 'dismiss', 'No.')).status).toBe(403)
    expect((await settle(post, 'Ana', 'dismiss')).status).toBe(422)
    await app.letPass({ minutes: 11 })
    expect((await settle(post, 'Ana', 'dismiss', 'The bus comes at half past nine.')).status).toBe(200)
    expect((await suggestions(post))[0]).toMatchObject({
      state: 'dismissed',
      settledBy: 'Ana',
      answers: [{ name: 'Ana', text: 'The bus comes at half past nine.' }],
    })
    expect((await told('Ben', post))[0]!.text).toContain('> The bus comes at half past nine.')
    await suggest(post, 'Ben', 'We walk at ten.')
    expect((await settle(post, 'Ben', 'dismiss')).status).toBe(200)
    expect((await suggestions(post)).map(({ state }) => state)).toEqual(['dismissed', 'dismissed'])
  })

  it('are refused when they change nothing, name no place of the post, or it can no longer be changed', async () => {
    const post = await river.sent({ text: 'The walk starts at ten.' })
    expect((await suggest(post, 'Ben', ' The walk starts at ten. ')).status).toBe(422)
    expect((await suggest(post, 'Ben', 'x', { place: 'channel', channelId: river.board.id })).status).toBe(409)
    expect((await suggest(post, 'Ben', 'x', { place: 'text', version: 7 })).status).toBe(404)
    expect((await suggest(post, 'Ben', 'x', { place: 'alt' })).status).toBe(422)
    await river.command(post, 'cancel')
    expect((await suggest(post, 'Ben', 'x')).status).toBe(409)
    expect((await conversation(post)).whyNotSuggest).toContain('was cancelled')
  })

  it('need a role to be applied: reviewers suggest, editors apply', async () => {
    const post = await river.sent({ text: 'The walk starts at ten.' })
    await suggest(post, 'Ben', 'The walk starts at eleven.')
    expect((await settle(post, 'Ben', 'apply')).status).toBe(403)
    expect((await settle(post, 'Cleo', 'apply')).status).toBe(403)
    expect((await river.see(post)).content.text).toBe('The walk starts at ten.')
  })
})

describe('what a reviewer says on the review page', () => {
  const linkTo = (page: { path: string }) => `${page.path}?said=comment`

  it('can be a note without a verdict, which decides nothing', async () => {
    const post = await river.sent()
    const page = await river.open(post, 'Ben', await river.as('Ben'))
    const answer = await river.press(page, 'comment', { note: 'Which bridge?' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, linkTo(page)])
    expect((await page.visitor.get<string>(linkTo(page))).body).toContain('Your note was sent.')
    expect((await conversation(post)).remarks[0]!.comment).toMatchObject({ name: 'Ben', text: 'Which bridge?' })
    expect(await app.query('select 1 from verdicts where post_id = $1', [post.id])).toEqual([])
    expect(await told('Ana', post)).toHaveLength(1)
    const cleo = await river.open(post, 'Cleo')
    expect(cleo.html).toContain('Which bridge?')
    expect((await river.press(page, 'approve')).status).toBe(303)
    expect((await river.see(post)).state).toBe('approved')
  })

  it('needs the same proof of who it is as a verdict', async () => {
    const post = await river.sent()
    const page = await river.open(post, 'Ben')
    const asked = await river.press(page, 'comment', { note: 'As if I were Ben.' })
    expect(asked.body).toContain('One last thing: is it you?')
    expect((await conversation(post)).remarks).toEqual([])
    const forwarded = { ...(await river.open(post, 'Ben', await river.as('Ana'))), csrf: page.csrf, hash: page.hash }
    expect((await river.press(forwarded, 'comment', { note: 'As if I were Ben.' })).status).toBe(403)
    const typed = await river.type(page, 'comment', await river.code('Ben'), { note: 'It is me.' })
    expect([typed.status, typed.headers.get('location')]).toEqual([303, linkTo(page)])
    expect((await conversation(post)).remarks.map(({ comment }) => comment?.text)).toEqual(['It is me.'])
    expect((await river.press(page, 'comment', { note: ' ' })).status).toBe(422)
  })

  it('can be other words, without any script, for what is shared, a channel’s own and a description', async () => {
    const picture = await river.upload()
    const post = await river.sent({
      text: 'The walk starts\nat ten.',
      pictures: [{ mediaId: picture.id, alt: 'A bus' }],
    })
    const page = await river.open(post, 'Ben')
    const { body, status } = await river.press(page, 'words')
    expect(status).toBe(200)
    expect(Buffer.byteLength(body)).toBeLessThan(26_000)
    expect(body).toContain('\nThe walk starts\nat ten.</textarea>')
    const fields = { csrf: page.csrf, hash: page.hash, decision: 'suggest', note: 'Clearer.' }
    const given = { ...fields, place: `alt:${picture.id}`, words: 'A red bus' }
    const asked = await page.visitor.submit(page.path, given)
    expect(asked.body).toContain('suggest other words')
    const code = await river.code('Ben')
    expect((await page.visitor.submit(`${page.path}/code`, { ...given, code })).status).toBe(303)
    const unchanged = { ...fields, place: 'text', words: 'The walk starts\r\nat ten.' }
    const again = await page.visitor.submit(page.path, unchanged)
    expect(again.status).toBe(422)
    expect(again.body).toContain('Change something first')
    expect(again.body).toContain('Send these words to Ana')
    expect(await suggestions(post)).toMatchObject([
      {
        name: 'Ben',
        label: 'the description of picture 1',
        before: 'A bus',
        words: 'A red bus',
        note: 'Clearer.',
        version: 1,
      },
    ])
    expect((await page.visitor.submit(page.path, { ...unchanged, place: 'nowhere', words: 'x' })).status).toBe(422)
  })

  it('leads to nothing once the link has ended, and asking for the page to suggest on changes nothing', async () => {
    const post = await river.sent()
    const page = await river.open(post, 'Ben', await river.as('Ben'))
    const before = await app.everything()
    expect((await river.press(page, 'words')).status).toBe(200)
    expect((await river.press({ ...page, path: `${page.path}/code` }, 'words')).status).toBe(200)
    expect((await river.press({ ...page, visitor: await river.as('Ana') }, 'words')).status).toBe(404)
    const after = await app.everything()
    for (const table of ['posts', 'verdicts', 'comments', 'suggestions', 'mails'])
      expect([table, after[table]]).toEqual([table, before[table]])
    await river.command(post, 'cancel')
    expect((await river.press(page, 'words')).status).toBe(410)
    const late = await page.visitor.submit(page.path, {
      csrf: page.csrf,
      hash: page.hash,
      decision: 'suggest',
      place: 'text',
      words: 'Other words.',
    })
    expect(late.status).toBe(410)
  })
})
