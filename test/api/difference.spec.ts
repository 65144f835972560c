import type { DifferenceView } from '../../src/workspace/difference.dto.js'
import type { PostDetail } from '../../src/workspace/post-views.dto.js'
import type { TestApp } from '../support/app.js'
import { sentences, startOver, startQuietApp, TestGroup } from '../support/group-fixture.js'

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

async function compare(post: { id: string }, from: number, to: number, name = 'Ana') {
  return (await river.as(name)).get<DifferenceView>(river.path(`posts/${post.id}/difference?from=${from}&to=${to}`))
}

/** Saved and sent again. */
async function resent(post: { id: string }, wanted: Parameters<TestGroup['write']>[0]): Promise<PostDetail> {
  const { status, body } = await river.save(await river.see(post), wanted ?? {})
  if (status !== 200) throw new Error(`not saved: ${JSON.stringify(body)}`)
  return river.send(body)
}

const words = (text: readonly { kind: string; text: string }[], kind: string) =>
  text
    .filter((each) => each.kind === 'same' || each.kind === kind)
    .map((each) => each.text)
    .join('')

describe('the difference of two versions in the workspace', () => {
  it('tells text, pictures, descriptions, channels and time, for any two versions in either direction', async () => {
    const [first, second, third] = [await river.upload(), await river.upload(), await river.upload()]
    const before = {
      text: 'Stall on Saturday.',
      pictures: [
        { mediaId: first.id, alt: 'A red bus' },
        { mediaId: second.id, alt: 'The stall' },
      ],
    }
    const post = await river.sent(before)
    await resent(post, { ...before, text: 'Stall on Sunday.' })
    await resent(post, {
      text: 'Stall on Monday.',
      channels: [river.bluesky.id, river.board.id],
      pictures: [
        { mediaId: second.id, alt: 'The stall' },
        { mediaId: first.id, alt: 'A blue bus' },
        { mediaId: third.id, alt: 'Rain' },
      ],
      wish: { kind: 'exact', at: '2026-11-24T17:20' },
    })

    const { status, body } = await compare(post, 1, 3)
    expect(status).toBe(200)
    expect(body).toMatchObject({ from: 1, to: 3, same: false })
    const bluesky = body.channels.find((each) => each.channelId === river.bluesky.id)!
    expect(bluesky).toMatchObject({ kind: 'changed', link: null })
    expect(words(bluesky.text, 'removed')).toBe('Stall on Saturday.')
    expect(words(bluesky.text, 'added')).toBe('Stall on Monday.')
    expect(bluesky.pictures.map((each) => [each.kind, each.before?.place ?? 0, each.after?.place ?? 0])).toEqual([
      ['same', 2, 1],
      ['same', 1, 2],
      ['added', 0, 3],
    ])
    expect(bluesky.pictures.filter((each) => each.moved)).toHaveLength(1)
    expect(words(bluesky.pictures[1]!.alt!, 'removed')).toBe('A red bus')
    expect(body.channels.find((each) => each.channelId === river.board.id)).toMatchObject({ kind: 'added' })
    expect(body.timing).toMatchObject({ after: 'Tuesday 24 November, 17:20 (Europe/London)' })

    const back = (await compare(post, 3, 1)).body
    expect(back.channels.find((each) => each.channelId === river.board.id)).toMatchObject({ kind: 'removed' })
    const gone = back.channels[0]!.pictures.find((each) => each.kind === 'removed')!
    const picture = await (await river.as('Ben')).get(gone.before!.url)
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
    expect((await compare(post, 1, 2)).body.channels[0]!.pictures.map((each) => each.kind)).toEqual(['same', 'same'])
    expect((await compare(post, 2, 2)).body.same).toBe(true)
  })

  it('says which versions there are when asked for another, and tells nothing to other groups', async () => {
    const post = await river.sent()
    expect(await compare(post, 1, 2)).toMatchObject({
      status: 404,
      body: { detail: 'This post has no version 2. Choose one from 1 to 1.' },
    })
    expect((await compare(post, 0, 1)).status).toBe(422)
    const lake = await TestGroup.make(app, 'Lake')
    const path = lake.path(`posts/${post.id}/difference?from=1&to=1`)
    expect((await (await river.as('Ana')).get(path)).status).toBe(404)
  })
})

describe('what changed since a reviewer last looked', () => {
  it('is counted from their last verdict, else from the version that they were last asked about', async () => {
    const post = await river.sent({ text: 'Words of version one.' })
    await river.decide(post, 'Ben', 'changes', 'Say when.')
    await resent(post, { text: 'Words of version two.' })
    await resent(post, { text: 'Words of version three.' })

    const ben = await river.open(post, 'Ben')
    expect(sentences(ben.html)).toContain('What changed since version 1 , the last one that you answered')
    expect(sentences(ben.html)).toContain('[removed: one. ] [added: three. ]')
    const cleo = await river.open(post, 'Cleo')
    expect(sentences(cleo.html)).toContain('What changed since version 2 , the last one that you were asked about')
    expect(sentences(cleo.html)).toContain('[removed: two. ] [added: three. ]')
    const { text } = (await river.mails('Ben', 'review-request', post)).at(-1)!
    expect(text).toContain('What changed since version 1')
    expect(text).toContain('“one.” is now “three.”')

    const chosen = await river.page(ben.visitor, `${ben.path}?since=2`)
    expect(sentences(chosen.html)).toContain('[removed: two. ] [added: three. ]')
    expect(chosen.html).toContain('the one that you chose')
    expect((await ben.visitor.get(`${ben.path}?since=nonsense`)).status).toBe(200)
  })

  it('fits in 50 KB with the pictures of both versions, and a link that was replaced shows none of them', async () => {
    const uploads: { id: string }[] = []
    for (let count = 0; count < 8; count += 1) uploads.push(await river.upload('Ana', 400))
    const pictures = (from: number) =>
      uploads.slice(from, from + 4).map(({ id }, index) => ({ mediaId: id, alt: `Noise number ${index}` }))
    const text = `${'Come and see. '.repeat(18)}`.trim()
    const channels = [river.bluesky.id, river.board.id]
    const post = await river.sent({ text, channels, pictures: pictures(0) })
    const old = await river.open(post, 'Ben')
    await resent(post, { text: text.replaceAll('see', 'look'), channels, pictures: pictures(4) })
    const page = await river.open(post, 'Ben')
    const addresses = new Set(
      [...page.html.matchAll(/src="(\/review\/[^"]+)"/g)].map((match) => match[1]!.replaceAll('&amp;', '&')),
    )
    expect(addresses.size).toBe(8)
    let size = Buffer.byteLength(page.html)
    for (const address of addresses) {
      const { status, headers } = await page.visitor.ask('HEAD', address)
      expect([status, headers.get('content-type')]).toEqual([200, 'image/webp'])
      size += Number(headers.get('content-length'))
    }
    expect(size).toBeLessThan(50_000)
    const replaced = [...addresses].map((address) => address.replace(page.path, old.path))
    const answers = await Promise.all(replaced.map((address) => old.visitor.ask('HEAD', address)))
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(8)
  })
})
