import type { PostDetail } from '../../src/workspace/post-views.dto.js'
import type { TestApp } from '../support/app.js'
import {
  allTicks,
  forgetLimits,
  sentences,
  startOver,
  startQuietApp,
  TestGroup,
  runDue,
  setClock,
} from '../support/group-fixture.js'
import { changePolicy } from '../support/policy.js'

let app: TestApp
let river: TestGroup
/** All that the application wrote into its log. */
const logged: string[] = []

beforeAll(async () => {
  ;({ app } = await startQuietApp())
  const write = (...words: unknown[]) => void logged.push(JSON.stringify(words))
  app.app.useLogger({ log: write, error: write, warn: write, debug: write, verbose: write, fatal: write })
})
beforeEach(async () => {
  await startOver(app)
  river = await TestGroup.make(app, 'River')
})
afterAll(() => app?.close())

async function verdicts(post: { id: string }) {
  return app.query<{ kind: string; via: string; note: string | null; name: string; number: number }>(
    `select v.kind, v.via, v.note, p.name, r.number from verdicts v join people p on p.id = v.person_id
     join revisions r on r.id = v.revision_id where v.post_id = $1 order by v.seq`,
    [post.id],
  )
}

/** Every address in a text that leads to this server. */
function pathsIn(text: string): string[] {
  return [...text.matchAll(/https?:\/\/[^\s"'<>)]+/g)]
    .filter(([address]) => address.startsWith(app.origin))
    .map(([address]) => address.slice(app.origin.length))
}

describe('a review link', () => {
  it('changes nothing when it is opened, by whomever and however often', async () => {
    const picture = await river.upload()
    const post = await river.sent({ pictures: [{ mediaId: picture.id, alt: 'The river.' }] })
    const [mail] = await river.mails('Ben', 'review-request', post)
    const links = new Set([...pathsIn(mail!.text), ...pathsIn(mail!.html)])
    expect(links.size).toBeGreaterThan(0)
    const page = await river.open(post, 'Ben')
    const pictures = [...page.html.matchAll(/(?:src|href)="(\/review\/[^"]+)"/g)].map((match) =>
      match[1]!.replaceAll('&amp;', '&'),
    )
    expect(pictures.length).toBeGreaterThanOrEqual(2)

    const visitors = [page.visitor, await river.as('Ben'), await river.as('Ana')]
    const before = await app.everything()
    for (const method of ['GET', 'HEAD', 'GET', 'HEAD']) {
      for (const visitor of [app.visitor(), ...visitors]) {
        for (const path of [...links, page.path, `${page.path}/code`, ...pictures]) await visitor.ask(method, path)
      }
    }
    expect(await app.everything()).toEqual(before)
    expect((await river.see(post)).asked).toEqual([
      expect.objectContaining({ name: 'Ben', answer: null }),
      expect.objectContaining({ name: 'Cleo', answer: null }),
    ])
  })

  it('leads to an address without the secret, which is kept for this page alone and told to nobody', async () => {
    const post = await river.sent()
    const path = await river.link(post, 'Ben')
    const visitor = app.visitor()
    expect((await visitor.get(path)).headers.get('location')).toBe(`${path}?kept=1`)
    const opened = await visitor.get(`${path}?kept=1`)
    expect(opened.status).toBe(303)
    expect(opened.headers.get('location')).toMatch(/^\/review\/[0-9a-f-]{36}$/)
    const cookie = opened.headers.getSetCookie().find((line) => line.startsWith('seconder_review_'))
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Lax/i)
    expect(cookie).toContain(`Path=${opened.headers.get('location')}`)
    const page = await visitor.get<string>(opened.headers.get('location')!)
    for (const { headers } of [opened, page]) {
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cache-control')).toBe('no-store')
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    }
    expect(page.body).not.toContain(path.slice('/r/'.length))
  })

  it('shows exactly what will be public, to whom it was sent, in fifty kilobytes with pictures, and no script', async () => {
    const pictures = await Promise.all([900, 901, 902, 903].map((size) => river.upload('Ana', size)))
    const post = await river.sent({
      text: 'Fish & chips <b>for all</b>: https://example.org/fish',
      pictures: pictures.map(({ id }, index) => ({ mediaId: id, alt: `Picture number ${index + 1}.` })),
      channels: [river.bluesky.id, river.board.id],
    })
    const page = await river.open(post, 'Ben')
    const said = sentences(page.html)
    expect(said).toContain('Ana asks you, Ben, to look at version 1')
    expect(page.html).toContain('Fish &amp; chips &lt;b&gt;for all&lt;/b&gt;')
    for (const publication of post.publications)
      expect(said).toContain(`When: ${publication.slotText}, ${publication.windowName}`)
    for (let index = 1; index <= 4; index += 1) expect(said).toContain(`Description: Picture number ${index}.`)
    expect(page.html).not.toMatch(/<script|<iframe|javascript:|\son\w+=|src="https?:/i)
    const sources = [...page.html.matchAll(/<img[^>]*src="([^"]+)"/g)].map((match) => match[1]!)
    expect(sources).toHaveLength(8)
    let bytes = Buffer.byteLength(page.html)
    for (const source of new Set(sources)) {
      expect(source).toMatch(/^\/review\//)
      const response = await fetch(`${app.origin}${source}`, { headers: { Cookie: page.visitor.cookieHeader } })
      expect(response.status).toBe(200)
      bytes += (await response.arrayBuffer()).byteLength
    }
    expect(bytes).toBeLessThan(50_000)
    const stranger = await app.visitor().get(sources[0]!)
    expect(stranger.status).toBe(404)
  })

  it('is in a mail with all that will be public, and loads nothing from anywhere', async () => {
    const post = await river.sent({ text: 'The ferry is back.', link: 'https://example.org/ferry' })
    const [mail, more] = await river.mails('Ben', 'review-request', post)
    expect(more).toBeUndefined()
    for (const part of [mail!.text, mail!.html]) {
      expect(part).toContain('The ferry is back.')
      expect(part).toContain('https://example.org/ferry')
      expect(part).toContain(post.publications[0]!.slotText)
    }
    expect(mail!.html).not.toMatch(/<img|<script|url\(/i)
  })
})

describe('who it is', () => {
  it('is proved by a code from the reviewer’s own inbox, and on this device from then on by nothing more', async () => {
    const post = await river.sent()
    const page = await river.open(post, 'Ben')
    const asked = await river.press(page, 'approve', { note: 'Lovely.' })
    expect(asked.status).toBe(200)
    expect(sentences(asked.body)).toContain('A mail with a six-digit code is on its way to b…@example.org')
    expect(asked.body).not.toContain('ben@example.org')
    expect(await verdicts(post)).toEqual([])
    expect((await river.type(page, 'approve', await river.code('Ben'), { note: 'Lovely.' })).status).toBe(303)
    expect(await verdicts(post)).toEqual([{ kind: 'approve', via: 'code', note: 'Lovely.', name: 'Ben', number: 1 }])
    expect(sentences((await river.page(page.visitor, page.path)).html)).toContain('Thank you: you approved version 1')
    expect(await river.mails('Ben', 'review-receipt', post)).toHaveLength(1)
    expect(await river.mails('Ana', 'review-receipt', post)).toHaveLength(1)

    const next = await river.sent({ text: 'The next one.' })
    const again = await river.open(next, 'Ben', page.visitor)
    expect((await river.press(again, 'approve')).status).toBe(303)
    expect(await verdicts(next)).toEqual([expect.objectContaining({ kind: 'approve', via: 'device' })])

    const cleos = await river.open(next, 'Cleo', page.visitor)
    expect((await river.press(cleos, 'approve')).status).toBe(200)
    expect(await verdicts(next)).toHaveLength(1)
  })

  it('is known for ninety days on a device, and then asked again', async () => {
    const page = await river.open(await river.sent(), 'Ben')
    await river.press(page, 'approve')
    await river.type(page, 'approve', await river.code('Ben'))
    await app.letPass({ days: 91 })
    const later = await river.sent({ text: 'Spring.' })
    expect((await river.press(await river.open(later, 'Ben', page.visitor), 'approve')).status).toBe(200)
    expect(await verdicts(later)).toEqual([])
  })

  it('is not guessed: five wrong codes end the link for everybody but the reviewer who signs in', async () => {
    const post = await river.sent()
    const page = await river.open(post, 'Ben')
    await river.press(page, 'approve')
    const right = await river.code('Ben')
    const wrong = right === '000000' ? '111111' : '000000'
    for (const left of ['4 tries left', '3 tries left', '2 tries left', 'One try left']) {
      const answer = await river.type(page, 'approve', wrong)
      expect(answer.status).toBe(200)
      expect(sentences(answer.body)).toContain(left)
    }
    expect((await river.type(page, 'approve', wrong)).status).toBe(410)
    expect((await river.type(page, 'approve', right)).status).toBe(410)
    expect((await river.press(page, 'approve')).status).toBe(410)
    const ended = await river.page(page.visitor, page.path)
    expect(ended.status).toBe(410)
    expect(sentences(ended.html)).toContain('Too many wrong codes were typed')
    expect(await verdicts(post)).toEqual([])
    expect(await river.audit('link-locked')).toHaveLength(1)
    expect(await river.mails('Ben', 'review-code')).toHaveLength(1)

    await river.decide(post, 'Ben', 'approve')
    expect(await verdicts(post)).toEqual([expect.objectContaining({ name: 'Ben', via: 'session' })])
  })

  it('is not guessed with new codes either: tries count over all of them', async () => {
    const page = await river.open(await river.sent(), 'Ben')
    await river.press(page, 'approve')
    for (let round = 0; round < 5; round += 1) {
      await river.press(page, 'approve')
      const right = await river.code('Ben')
      await river.type(page, 'approve', right === '000000' ? '111111' : '000000')
    }
    expect((await river.type(page, 'approve', await river.code('Ben'))).status).toBe(410)
  })

  it('is not proved by a code that is too old, was replaced, or belongs to another link', async () => {
    const post = await river.sent()
    const other = await river.sent({ text: 'Another.' })
    const page = await river.open(post, 'Ben')
    await river.press(page, 'approve')
    const old = await river.code('Ben')
    await app.letPass({ minutes: 16 })
    expect((await river.type(page, 'approve', old)).status).toBe(200)
    await river.press(page, 'approve')
    const elsewhere = await river.open(other, 'Ben')
    await river.press(elsewhere, 'approve')
    const foreign = await river.code('Ben')
    expect((await river.type(page, 'approve', foreign)).status).toBe(200)
    expect(await verdicts(post)).toEqual([])
  })

  it('is somebody else: the author with the reviewer’s link is refused, told why, and written down', async () => {
    const post = await river.sent()
    const bens = await river.open(post, 'Ben')
    const page = await river.open(post, 'Ben', await river.as('Ana'))
    expect(page.status).toBe(410)
    expect(sentences(page.html)).toContain('You are signed in as Ana; this review was sent to Ben.')
    expect(await river.audit('link-refused')).toEqual([])
    const refused = await river.press({ ...page, csrf: bens.csrf, hash: bens.hash }, 'approve')
    expect(refused.status).toBe(403)
    expect(await verdicts(post)).toEqual([])
    expect(await river.audit('link-refused')).toEqual([
      expect.objectContaining({ member: river.memberId('Ben'), person: river.members['Ana']!.personId }),
    ])
    expect(await river.mails('Ben', 'review-code')).toEqual([])
    expect((await river.see(post)).state).toBe('in_review')
  })

  it('is never the one who wrote it, even asked by mistake', async () => {
    const post = await river.sent()
    const answer = await river.command<Record<string, unknown>>(post, 'review', 'Ana')
    if (answer.status === 200) {
      const page = await river.page(await river.as('Ana'), String(answer.body['url']))
      expect((await river.press(page, 'approve')).status).toBe(409)
    }
    expect(await verdicts(post)).toEqual([])
    expect((await river.see(post)).mayReview).toBe(false)
  })
})

describe('an answer', () => {
  it('to approve needs every tick; what was filled in stays', async () => {
    const post = await river.sent()
    const page = await river.open(post, 'Ben')
    for (const ticks of [[], ['kind'], allTicks.slice(1)]) {
      const answer = await river.press(page, 'approve', { ticks, note: 'Nearly <there>.' })
      expect(answer.status).toBe(422)
      expect(sentences(answer.body)).toContain('Before you approve, please tick:')
      expect(answer.body).toContain('Nearly &lt;there&gt;.')
      expect([...answer.body.matchAll(/value="(kind|right|agreed)"\s*checked/g)].map((match) => match[1])).toEqual(
        ticks,
      )
    }
    expect(await river.mails('Ben', 'review-code')).toEqual([])
    expect(await verdicts(post)).toEqual([])
  })

  it('to ask for changes needs a reason, and sends the post back to its author', async () => {
    const post = await river.sent()
    const page = await river.open(post, 'Ben', await river.as('Ben'))
    const empty = await river.press(page, 'changes', { note: '  ' })
    expect(empty.status).toBe(422)
    expect(sentences(empty.body)).toContain('Please write in the note what should change')
    expect((await river.press(page, 'changes', { note: 'The date is wrong.' })).status).toBe(303)
    const seen = await river.see(post)
    expect(seen).toMatchObject({
      state: 'changes_requested',
      verdicts: [expect.objectContaining({ kind: 'changes', note: 'The date is wrong.' })],
    })
    expect((await river.queue('Ana')).waitingForYou.map((card) => card.id)).toEqual([post.id])
    expect((await river.mails('Ana', 'review-receipt', post))[0]!.text).toContain('The date is wrong.')
    expect((await river.trySend(seen)).body['detail']).toContain('A reviewer asked for changes.')

    const second = await river.send((await river.save(seen, { text: 'The river walk starts at eleven.' })).body)
    const again = await river.open(second, 'Ben')
    expect(sentences(again.html)).toContain('What changed since version 1')
    expect(again.html).toMatch(/<ins>.*eleven/)
    expect(again.html).toMatch(/<del>.*ten/)
  })

  it('counts once, whoever presses twenty-five times at the same moment', async () => {
    const post = await river.sent()
    const page = await river.open(post, 'Ben', await river.as('Ben'))
    const answers = await Promise.all(Array.from({ length: 25 }, () => river.press(page, 'approve')))
    expect(answers.filter((answer) => answer.status === 303)).toHaveLength(1)
    expect(answers.filter((answer) => answer.status === 409)).toHaveLength(24)
    expect(await verdicts(post)).toHaveLength(1)
    expect(await river.audit('verdict-given')).toHaveLength(1)
    expect(await river.mails('Ana', 'review-receipt', post)).toHaveLength(1)

    const cleo = await river.open(post, 'Cleo')
    await river.press(cleo, 'changes', { note: 'No.' })
    await forgetLimits(app)
    const code = await river.code('Cleo')
    const typed = await Promise.all(
      Array.from({ length: 15 }, () => river.type(cleo, 'changes', code, { note: 'No.' })),
    )
    expect(typed.map((answer) => answer.status).filter((status) => status !== 303 && status !== 409)).toEqual([])
    expect(await verdicts(post)).toHaveLength(2)
  })

  it('counts for what was on the screen, and for nothing that replaced it', async () => {
    const post = await river.sent()
    const page = await river.open(post, 'Ben', await river.as('Ben'))
    const edited = (await river.save(post, { text: 'Other words.' })).body
    const early = await river.press(page, 'approve')
    expect(early.status).toBe(410)
    expect(sentences(early.body)).toContain('The author is changing this post')
    await river.send(edited)
    const late = await river.press(page, 'approve')
    expect(late.status).toBe(410)
    expect(sentences(late.body)).toContain('A newer version has replaced this one')
    const fresh = await river.open(post, 'Ben', await river.as('Ben'))
    expect(fresh.path).not.toBe(page.path)
    const smuggled = await river.press(fresh, 'approve', { hash: page.hash })
    expect(smuggled.status).toBe(409)
    expect(await verdicts(post)).toEqual([])
  })

  it('and an edit at the same moment: whichever comes first, the new version has no approval', async () => {
    for (let round = 0; round < 4; round += 1) {
      const post = await river.sent({ text: `Round ${round}.` })
      const page = await river.open(post, 'Ben', await river.as('Ben'))
      await Promise.all([
        river.press(page, 'approve'),
        river.save(post, { text: `Round ${round}, changed.` }).then((saved) => river.send(saved.body)),
      ])
      const seen = await river.see(post)
      expect(seen).toMatchObject({ state: 'in_review', editing: false })
      for (const given of await verdicts(post)) expect(given.number).toBe(1)
    }
  })

  it('is refused when the form was not made for this visitor, on this site', async () => {
    const post = await river.sent()
    const other = await river.sent({ text: 'Another.' })
    const bens = await river.as('Ben')
    const page = await river.open(post, 'Ben', bens)
    const another = await river.open(other, 'Ben', bens)
    const cleos = await river.open(post, 'Cleo', await river.as('Cleo'))
    for (const csrf of ['', 'x'.repeat(43), another.csrf, cleos.csrf]) {
      expect((await river.press(page, 'approve', { csrf })).status).toBe(403)
    }
    const form = new URLSearchParams({ csrf: page.csrf, hash: page.hash, decision: 'approve', note: '' })
    for (const tick of allTicks) form.append('tick', tick)
    for (const headers of [
      { Origin: 'https://elsewhere.example' },
      { 'Sec-Fetch-Site': 'cross-site', Origin: app.origin },
    ]) {
      expect((await bens.send('POST', page.path, form, headers as Record<string, string>)).status).toBe(403)
    }
    expect((await app.visitor().send('POST', page.path, form, { Origin: app.origin })).status).toBe(404)
    expect(await verdicts(post)).toEqual([])
  })

  it('of one is not enough where the group wants two', async () => {
    await changePolicy(app, river.id, { approvals: 2 })
    const post = await river.sent()
    await river.decide(post, 'Ben', 'approve')
    expect(await river.see(post)).toMatchObject({
      state: 'in_review',
      needs: 'Needs one more approval, from anyone but Ana.',
      stateText: 'Waiting for Cleo',
    })
    await river.decide(post, 'Cleo', 'approve')
    expect((await river.see(post)).state).toBe('approved')
  })
})

describe('a stop', () => {
  it('by the one who approved holds the post until somebody who did not work on it approves it afresh', async () => {
    const post = await river.sent()
    const bens = app.visitor()
    const page = await river.open(post, 'Ben', bens)
    await river.press(page, 'approve')
    await river.type(page, 'approve', await river.code('Ben'))
    const decided = await river.page(bens, page.path)
    expect((await river.press(decided, 'stop')).status).toBe(303)
    expect(await river.see(post)).toMatchObject({
      held: true,
      stateText: 'On hold',
      may: { release: expect.stringContaining('afresh') },
    })
    await river.toSlot(post)
    expect(await runDue(app)).toBe(0)
    expect((await river.queue('Cleo')).waitingForYou.map((card) => card.id)).toEqual([post.id])

    const [card] = (await river.queue('Cleo')).waitingForYou
    const cleos = await river.page(await river.as('Cleo'), card!.reviewUrl!)
    expect(sentences(cleos.html)).toContain('On hold.')
    expect((await river.press(cleos, 'approve')).status).toBe(303)
    expect(await river.see(post)).toMatchObject({ held: false, state: 'approved' })
    expect(await runDue(app)).toBe(0)
    // approved too late for its slot, it has got another
    await river.toSlot(post)
    expect(await runDue(app)).toBe(1)
  })

  it('needs no reason, and no approval before it', async () => {
    const post = await river.sent()
    await river.decide(post, 'Cleo', 'stop')
    expect(await river.see(post)).toMatchObject({ held: true, state: 'in_review' })
    await river.decide(post, 'Ben', 'approve')
    expect(await river.see(post)).toMatchObject({ held: false, state: 'approved' })
  })

  it('comes too late once the post is out, and says what to do instead', async () => {
    const post = await river.approved()
    const bens = await river.open(post, 'Ben', await river.as('Ben'))
    const cleos = await river.open(post, 'Cleo')
    await river.toSlot(post)
    await runDue(app)
    const late = await river.press(bens, 'stop')
    expect(late.status).toBe(409)
    expect(sentences(late.body)).toContain('This post has gone out already')
    for (const visitor of [cleos.visitor, await river.as('Cleo')]) {
      const page = await river.page(visitor, cleos.path)
      expect(page.status).toBe(410)
      expect(sentences(page.html)).toContain('This post has gone out')
    }
    expect(await river.see(post)).toMatchObject({ state: 'done', held: false })
  })
})

describe('somebody else', () => {
  it('is asked when a reviewer passes it on, with a link of their own, and nobody is when nobody is left', async () => {
    river = await TestGroup.make(app, 'Lake', [
      { name: 'Finn', roles: ['reviewer'] },
      { name: 'Gus', roles: ['reviewer'] },
    ])
    const post = await river.sent()
    expect(post.asked.map((each) => each.name)).toEqual(['Ben', 'Cleo', 'Finn'])
    await river.decide(post, 'Ben', 'hand_over')
    expect((await river.see(post)).asked.map((each) => each.name)).toEqual(['Cleo', 'Finn', 'Gus'])
    const passed = await river.open(post, 'Ben')
    expect(passed.status).toBe(410)
    expect(sentences(passed.html)).toContain('You passed this on')
    await river.decide(post, 'Gus', 'approve')
    expect((await river.see(post)).state).toBe('approved')

    const other = await river.sent({ text: 'Another.' })
    const asked = other.asked.map((each) => each.name)
    for (const name of asked) await river.decide(other, name, 'hand_over')
    const [last] = (await river.see(other)).asked
    const page = await river.open(other, last!.name, await river.as(last!.name))
    const answer = await river.press(page, 'hand_over')
    expect(answer.status).toBe(409)
    expect(sentences(answer.body)).toContain('There is nobody else who could check this post')
  })

  it('who was not asked reviews from the workspace', async () => {
    river = await TestGroup.make(app, 'Lake', [
      { name: 'Finn', roles: ['reviewer'] },
      { name: 'Gus', roles: ['reviewer'] },
    ])
    const post = await river.sent()
    const [card] = (await river.queue('Gus')).waitingForYou
    expect(card).toMatchObject({ id: post.id, mayReview: true, reviewUrl: null })
    const { status, body } = await river.command<{ url: string }>(post, 'review', 'Gus')
    expect(status).toBe(200)
    expect((await river.command<{ url: string }>(post, 'review', 'Gus')).body).toEqual(body)
    expect((await river.press(await river.page(await river.as('Gus'), body.url), 'approve')).status).toBe(303)
    expect(await verdicts(post)).toEqual([expect.objectContaining({ name: 'Gus', via: 'session' })])
    expect((await river.command(post, 'review', 'Dee')).status).toBe(403)
  })
})

describe('a link that has ended explains itself', () => {
  async function explained(post: PostDetail, path: string): Promise<string> {
    const visitor = app.visitor()
    await visitor.get(path)
    const page = await river.open(post, 'Ben').catch(() => null)
    return page ? sentences(page.html) : ''
  }

  it('when it was used: who decided what', async () => {
    const post = await river.approved()
    const page = await river.open(post, 'Ben')
    expect(page.status).toBe(200)
    expect(sentences(page.html)).toContain('Thank you: you approved version 1')
    expect((await river.press(page, 'approve')).status).toBe(410)
    const signedIn = await river.open(post, 'Ben', await river.as('Ben'))
    const again = await river.press(signedIn, 'approve')
    expect(again.status).toBe(409)
    expect(sentences(again.body)).toContain('You have answered this already.')
    expect(await verdicts(post)).toHaveLength(1)
  })

  it('when its time is over, and then counts on no device, while a signed-in reviewer can still answer', async () => {
    const first = await river.open(await river.sent(), 'Ben')
    await river.press(first, 'approve')
    await river.type(first, 'approve', await river.code('Ben'))
    const post = await river.sent({
      text: 'Another.',
      wish: { kind: 'exact', at: '2026-11-23T12:01' },
      channels: [river.board.id],
    })
    const page = await river.open(post, 'Ben', first.visitor)
    expect(page.status).toBe(200)
    await setClock(app, '2026-11-23T11:52:00Z')
    const over = await river.press(page, 'approve')
    expect(over.status).toBe(410)
    expect(sentences(over.body)).toContain(
      'It had to be answered by Monday 23 November, 11:51 (Europe/London). The post did not go out without an answer.',
    )
    expect(await explained(post, page.path)).toContain('The time for this answer is over')
    expect(await verdicts(post)).toEqual([])
    await river.decide(post, 'Ben', 'approve')
    expect(await verdicts(post)).toHaveLength(1)
  })

  it('when it was replaced: what was said about the version before, and that there is a newer mail', async () => {
    const post = await river.sent()
    const page = await river.open(post, 'Ben')
    await river.decide(post, 'Cleo', 'changes', 'Eleven, not ten.')
    await river.send((await river.save(await river.see(post), { text: 'At eleven.' })).body)
    const old = await river.page(page.visitor, page.path)
    expect(old.status).toBe(410)
    expect(sentences(old.html)).toContain('A newer version has replaced this one')
    expect(sentences(old.html)).toMatch(/Cleo asked for changes to version 1 on Monday 23 November/)
  })

  it('when the change over it was discarded it works again', async () => {
    const post = await river.sent()
    const page = await river.open(post, 'Ben', await river.as('Ben'))
    await river.save(post, { text: 'Other words.' })
    expect(sentences((await river.page(page.visitor, page.path)).html)).toContain(
      'If it is discarded, this link works again.',
    )
    await river.command(post, 'discard-edit')
    expect((await river.press(page, 'approve')).status).toBe(303)
  })

  it('when the post was cancelled, the reviewer was suspended, or it never was a link', async () => {
    const post = await river.sent()
    await river.command(post, 'cancel')
    expect(sentences((await river.open(post, 'Ben')).html)).toContain('This post was cancelled')

    const picture = await river.upload()
    const other = await river.sent({ text: 'Another.', pictures: [{ mediaId: picture.id, alt: 'The river.' }] })
    const page = await river.open(other, 'Ben')
    const [source] = /\/review\/[^"]+\/pictures\/[0-9a-f]+/.exec(page.html) ?? []
    expect((await page.visitor.get(source!)).status).toBe(200)
    await river.suspend('Ben')
    const ended = await river.page(page.visitor, page.path)
    expect(ended.status).toBe(410)
    expect(sentences(ended.html)).toContain('your place in the group changed')
    expect((await page.visitor.get(source!)).status).toBe(404)
    expect((await river.press(page, 'approve')).status).toBe(410)
    expect(await verdicts(other)).toEqual([])

    for (const path of [
      `/r/${'x'.repeat(43)}`,
      '/r/short',
      '/review/00000000-0000-7000-8000-000000000000',
      '/review/nonsense',
    ]) {
      const unknown = await app.visitor().get<string>(path)
      expect(unknown.status).toBe(404)
      expect(sentences(unknown.body)).toContain('This link does not lead to a review')
    }
  })
})

describe('the log of a whole run', () => {
  it('holds no secret of any link, device or code, whatever broke', async () => {
    const post = await river.sent()
    const path = await river.link(post, 'Ben')
    const page = await river.open(post, 'Ben')
    await river.press(page, 'approve')
    await app.query('alter table review_devices rename to away')
    const broken = await river.type(page, 'approve', await river.code('Ben'))
    expect(broken.status).toBe(500)
    await app.query('alter table away rename to review_devices')
    expect(logged.some((line) => line.includes('A request failed'))).toBe(true)

    const links = await app.query<{ recipient: string }>(`select recipient from mails where kind = 'review-request'`)
    expect(links.length).toBeGreaterThan(20)
    const log = logged.join('\n')
    expect(log).not.toMatch(/\/r\/[\w-]{43}/)
    expect(log).not.toContain(path.slice('/r/'.length))
    expect(log).not.toContain(await river.code('Ben'))
    const secrets = page.visitor.cookieHeader.split('; ').map((cookie) => cookie.split('=')[1]!)
    // One only shows that the browser keeps cookies.
    for (const secret of secrets.filter((each) => each !== '1')) expect(log).not.toContain(secret)
    expect(log).not.toContain('ben@example.org')
  })
})
